"""How somebody gets in: by password and a second factor, by passkey, by an OpenID provider.

Every way ends in a session with a new id, so that an id known before signing in opens nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from morina.accountability.factors import Factors, OwnFactors, SecondFactor
from morina.accountability.identity import SignInRefusedError, User, Users
from morina.accountability.own_sessions import Arrival, OwnSessions, Stage, Way, Whence
from morina.accountability.passkeys import Answer, Place, answered

_UNKNOWN_PASSKEY = "this passkey is not known here; sign in otherwise and add it to your account"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The ways in of one node; each gives the id of a new session or raises SignInRefusedError,
    whose message is safe to show."""

    users: Users
    sessions: OwnSessions
    factors: Factors
    second: SecondFactor = SecondFactor.OPTIONAL

    async def by_password(self, name: str, password: str, whence: Whence, now: datetime) -> str:
        """A whole session, or half of one where a second factor is to come (Stage)."""
        user = await self.users.sign_in(name, password, now, whence)
        stage = _after_password(await self.factors.of(user.name), self.second)
        if stage is not Stage.SECOND:
            stage = await self._first(user.name, stage)
        return await self.sessions.begin(Arrival(user.name, Way.PASSWORD, stage), whence, now)

    async def by_code(self, half_id: str, code: str, whence: Whence, now: datetime) -> str:
        """After the password: a one-time or recovery code."""
        half = await self.sessions.of(half_id, now, used=False)
        if half is None or half.stage is not Stage.SECOND:
            raise SignInRefusedError("that took too long; begin again with your password")
        way = await self.factors.take_code(half.name, code, whence, now)
        await self.sessions.end(half_id)
        stage = Stage.ENROL if self.second is SecondFactor.PASSKEY else Stage.FULL
        stage = await self._first(half.name, stage)
        return await self.sessions.begin(Arrival(half.name, way, stage), whence, now)

    async def by_passkey(self, answer: Answer, place: Place, whence: Whence, now: datetime) -> str:
        """By a passkey alone: it proves possession, and knowledge or a body (user verification)."""
        passkey = await self.factors.passkey(answer.credential_id)
        user = await self.users.user(passkey.name) if passkey else None
        if passkey is None or user is None:
            raise SignInRefusedError(_UNKNOWN_PASSKEY)
        count = answered(answer, place, passkey)
        used = replace(passkey, sign_count=count)
        await self.factors.used_passkey(used, answer.challenge, now)
        return await self.sessions.begin(Arrival(user.name, Way.PASSKEY), whence, now)

    async def by_provider(self, user: User, whence: Whence, now: datetime) -> str:
        """Whom the OpenID provider names; what it asks them for is the provider's matter."""
        return await self.sessions.begin(Arrival(user.name, Way.OIDC), whence, now)

    async def _first(self, name: str, stage: Stage) -> Stage:
        """``stage``, or changing the first password before it."""
        return Stage.CHANGE if await self.users.has_first_password(name) else stage


def _after_password(owned: OwnFactors, second: SecondFactor) -> Stage:
    if owned.has_any:
        return Stage.SECOND
    return Stage.FULL if owned.suffice(second) else Stage.ENROL
