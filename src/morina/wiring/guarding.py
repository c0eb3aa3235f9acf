"""What stands before and behind every question: purposes, second persons, alarms of misuse."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from morina.accountability import Users
from morina.accountability.adapters.postgres_approvals import PostgresApprovals
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_oversight import PostgresOversight, PostgresWatched
from morina.accountability.approvals import FourEyes
from morina.accountability.clearing import Clearing, PurposeRules, RolesOf
from morina.accountability.justifying import WordRules
from morina.accountability.misuse import MisuseRules, Shift
from morina.accountability.overseeing import LOOKS_BACK, Overseer
from morina.accountability.policy import Role
from morina.accountability.purpose import PurposeCode
from morina.accountability.tiers import TIERS, Tier
from morina.accountability.watched import Marks
from morina.alerts.adapters.postgres_raised import PostgresRaised
from morina.engines import EngineError, Home
from morina.settings import Purpose, PurposeTier, Settings
from morina.wiring.cases import cases_of
from morina.wiring.ending import ended

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
AT_START = timedelta(hours=24)
OUTAGES = (psycopg.Error, PoolTimeout, OSError)

_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Guard:
    """What clears questions, whom a second person is asked through, and what oversees."""

    clearing: Clearing
    four_eyes: FourEyes
    overseer: Overseer


def guard_of(settings: Settings, home: Home, pool: AsyncConnectionPool, users: Users) -> Guard:
    """Of the node in ``home``; EngineError where a setting names what is not there."""
    roles_of, marks = _roles_of(users), Marks(home.secret("watched"))
    overseer = Overseer(
        oversight=PostgresOversight(pool, marks), watched=PostgresWatched(pool), marks=marks,
        roles_of=roles_of, rules=_misuse(settings), sample_share=settings.oversight.sample,
    )  # fmt: skip
    clearing = Clearing(
        rules=purpose_rules(settings.purpose), before=PostgresConsultations(pool),
        roles_of=roles_of, told=overseer.told, cases=cases_of(settings.purpose),
    )  # fmt: skip
    approvals = PostgresApprovals(pool, settings.purpose.approval_hours)
    return Guard(clearing, FourEyes(approvals, roles_of), overseer)


@asynccontextmanager
async def overseen(overseer: Overseer, raised: PostgresRaised) -> AsyncIterator[None]:
    """Look for misuse once a minute while the context lasts."""
    looking = asyncio.create_task(_look_for_ever(overseer, raised))
    try:
        yield
    finally:
        await ended([looking])


def purpose_rules(purpose: Purpose) -> PurposeRules:
    """The settings as rules; EngineError names a role or code that is none."""
    barred = [_one_of(PurposeCode, code, "purpose.barred") for code in purpose.barred]
    words = WordRules(
        least_words=purpose.least_words, compared=purpose.compared, alike=purpose.alike
    )
    return PurposeRules(
        case_format=purpose.case_format, barred=frozenset(barred), words=words,
        tiers=tuple(map(_tier, purpose.tiers)) or TIERS,
    )  # fmt: skip


async def _look_for_ever(overseer: Overseer, raised: PostgresRaised) -> None:
    since = datetime.now(UTC) - AT_START
    while True:
        now = datetime.now(UTC)
        try:
            await overseer.look(now, since)
            await alerts_looked_at(overseer, raised, since)
            since = now - LOOKS_BACK
        except OUTAGES as outage:
            log.warning("misuse is not looked for (%s)", str(outage)[:200])
        await asyncio.sleep(LOOK_EVERY_S)


async def alerts_looked_at(overseer: Overseer, raised: PostgresRaised, since: datetime) -> None:
    """Raise a notice of each alert raised since then on a sensitive plate."""
    if not await overseer.watches():
        return
    async for one in raised.since(since):
        await overseer.alerted(str(one.alert_id), one.plates, one.raised_at)


def _roles_of(users: Users) -> RolesOf:
    async def roles_of(name: str) -> frozenset[Role]:
        user = await users.user(name)
        return user.roles if user else frozenset()

    return roles_of


def _tier(one: PurposeTier) -> Tier:
    where = f"purpose.tiers {one.name}"
    return Tier(
        name=one.name, up_to_days=one.up_to_days, patterns=one.patterns,
        second_person=one.second_person, needs_place=one.needs_place, most_rows=one.most_rows,
        roles=frozenset(_one_of(Role, role, where) for role in one.roles),
        codes=frozenset(_one_of(PurposeCode, code, where) for code in one.codes),
    )  # fmt: skip


def _one_of(kind: type[_E], value: str, where: str) -> _E:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise EngineError(f"{where}: {value!r} is none of {known}; mend the settings") from None


def _misuse(settings: Settings) -> MisuseRules:
    rules = settings.oversight
    return MisuseRules(
        same_plate=rules.same_plate, same_days=rules.same_days, often=rules.often,
        volume_k=rules.volume_k, volume_least=rules.volume_least, peers=rules.peers,
        shifts={name: Shift.of(hours) for name, hours in rules.shifts.items()},
        zone=ZoneInfo(settings.health.time_zone),
    )  # fmt: skip
