"""What `morina user` does about ways in: tokens, and factors that were lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from morina.accountability import Action
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_factors import PostgresFactors
from morina.accountability.identity import Scopes
from morina.engines import Home
from morina.settings import Settings
from morina.wiring.operating import node_database
from morina.wiring.refused import RefusedError
from morina.wiring.signing_in import sealing_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A token as it was asked for; None for the longest life, and for all its owner may."""

    label: str
    days: int | None = None
    may: Sequence[str] | None = None


async def issue_token(settings: Settings, name: str, asked: Asked) -> None:
    """Print a new API token."""
    most = settings.sign_in.token_days
    days = most if asked.days is None else asked.days
    if days > most:
        raise RefusedError(f"--days: at most {most} (setting sign_in.token_days)")
    scopes, until = _scopes(asked.may), datetime.now(UTC) + timedelta(days=days)
    async with node_database(settings) as pool:
        users = PostgresUsers(pool)
        if await users.user(name) is None:
            raise RefusedError(f"no account {name}; morina user add makes one")
        try:
            token = await users.issue_token(name, asked.label, until, scopes)
        except ValueError as error:
            raise RefusedError(str(error)) from None
    print(token)


async def reset(settings: Settings, name: str) -> None:
    """Take away every second factor of an account."""
    async with node_database(settings) as pool:
        if await PostgresUsers(pool).user(name) is None:
            raise RefusedError(f"no account {name}; morina user list shows those there are")
        await PostgresFactors(pool, sealing_of(Home(settings.home))).reset(name)
    print(f"{name}: the password alone signs in until a factor is added; the sessions have ended")


def _scopes(may: Sequence[str] | None) -> Scopes:
    if not may:
        return None
    try:
        return frozenset(Action(one) for one in may)
    except ValueError:
        known = ", ".join(sorted(Action))
        raise RefusedError(f"--may: {', '.join(may)}: write acts of these: {known}") from None
