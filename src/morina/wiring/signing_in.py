"""The ways in of a node, as its settings say."""

from datetime import timedelta

from psycopg_pool import AsyncConnectionPool

from morina.accountability import Users
from morina.accountability.adapters.postgres_factors import PostgresFactors
from morina.accountability.adapters.postgres_sessions import PostgresSessions
from morina.accountability.adapters.postgres_tokens import PostgresTokens
from morina.accountability.factors import SecondFactor
from morina.accountability.own_sessions import SessionRules
from morina.accountability.sealing import SealError, Sealing
from morina.accountability.signing_in import SigningIn
from morina.desk.services import Doors
from morina.engines import EngineError, Home
from morina.settings import Settings
from morina.wiring.provider import provider_of


def doors_of(settings: Settings, home: Home, pool: AsyncConnectionPool, users: Users) -> Doors:
    """Sessions, factors and the OpenID provider; EngineError where a key or secret is missing."""
    sealing = sealing_of(home)
    idle = settings.sessions.idle_minutes
    rules = SessionRules(timedelta(minutes=idle) if idle else None)
    signing = SigningIn(
        users,
        PostgresSessions(pool, rules),
        PostgresFactors(pool, sealing),
        SecondFactor(settings.sign_in.second_factor),
    )
    return Doors(
        signing=signing,
        sealing=sealing,
        address=settings.sign_in.address,
        token_days=settings.sign_in.token_days,
        provider=provider_of(settings),
        tokens=PostgresTokens(pool),
    )


def sealing_of(home: Home) -> Sealing:
    """What seals secrets in this node's database."""
    try:
        return Sealing.of(home.secret("sealing"))
    except SealError as error:
        raise EngineError(str(error)) from None
