"""Questions to the records: every kind that can be asked, and what answers it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.clearing import Clearance
from morina.desk.services import Search
from morina.plates import Plate
from morina.records import Period
from morina.records.adapters.clickhouse_asking import ClickHouseRows
from morina.records.adapters.clickhouse_both_places import ClickHouseAreas
from morina.records.adapters.clickhouse_clones import ClickHouseMoved
from morina.records.adapters.clickhouse_convoy import ClickHousePassing
from morina.records.adapters.clickhouse_coverage import ClickHouseCounted
from morina.records.adapters.clickhouse_finding import PassageFinder
from morina.records.adapters.clickhouse_habits import ClickHouseHabits
from morina.records.adapters.clickhouse_journeys import ClickHouseTravelled
from morina.records.adapters.clickhouse_texts import TextFinder
from morina.records.asking import Asking, Rules
from morina.records.both_places import BothPlaces, InAll, both_places
from morina.records.checkup import Checkup
from morina.records.clone_search import CloneSearch, FindImpossible
from morina.records.clones import CloneRules, Corridor, ImpossibleJourney
from morina.records.convoy import Convoy, travelled_with
from morina.records.convoy_companion import Companion
from morina.records.coverage import Coverages, Kept, Usuals, kept_of
from morina.records.finding import FindPassages, FindTexts, Found, FoundText
from morina.records.habits import FindHabits, Habits
from morina.records.journey_search import JourneySearch
from morina.records.journeys import FindJourneys, Travelled, Trip
from morina.records.kinds import AnyKind, Kind
from morina.records.placing import PlacedCameras
from morina.records.questions import Answer, Limits, Scope
from morina.records.running import Rows, Running, StoppedError
from morina.records.texts import LookAlikes
from morina.sense.cameras import CameraRegistry
from morina.settings import Settings
from morina.wiring.ending import ended
from morina.wiring.registry import cameras_of
from morina.wiring.repeating import every
from morina.wiring.retention import retention_of

log = logging.getLogger(__name__)

LEARN_EVERY_S = 600.0
LEARNED_WITHIN = Limits(seconds=LEARN_EVERY_S)


def kinds_of(
    rows: Rows, cameras: CameraRegistry, settings: Settings, travelled: Travelled
) -> tuple[AnyKind, ...]:
    """Every kind of question, a line each; docs/records.md has a section for each."""
    passing, areas = ClickHousePassing(rows), ClickHouseAreas(rows)
    clones = CloneSearch(ClickHouseMoved(rows), cameras, _clone_rules(settings))
    journeys = JourneySearch(travelled, cameras)
    zone = ZoneInfo(settings.health.time_zone)

    async def convoy(asked: Convoy, running: Running) -> Answer[Companion]:
        asked = replace(asked, rule=replace(asked.rule, zone=zone))
        return await travelled_with(passing, await cameras.cameras(), asked, running)

    return (
        Kind("passages", FindPassages, Found, PassageFinder(rows).passages),
        Kind("texts", FindTexts, FoundText, TextFinder(rows).texts),
        Kind("habits", FindHabits, Habits, ClickHouseHabits(rows).habits),
        Kind("convoy", Convoy, Companion, convoy, pattern=True),
        Kind("both-places", BothPlaces, InAll, partial(both_places, areas), pattern=True),
        Kind("impossible", FindImpossible, ImpossibleJourney, clones.answer),
        Kind("journeys", FindJourneys, Trip, journeys.answer),
    )


@asynccontextmanager
async def search_of(
    settings: Settings,
    folder: Path,
    pool: AsyncConnectionPool,
    checkup: Checkup,
    clearance: Clearance,
) -> AsyncIterator[Search]:
    """What asks the records kept in ``folder``, whose tables must be there."""
    at_once = settings.search.at_once
    rows = ClickHouseRows.at(settings.engines.clickhouse_dsn, folder, at_once)
    cameras, policies = cameras_of(settings, pool), retention_of(settings)
    zone = ZoneInfo(settings.health.time_zone)

    async def kept() -> Sequence[Kept]:
        return kept_of(await cameras.cameras(), policies)

    counted = Coverages(ClickHouseCounted(rows), lambda: _usuals(checkup, zone), kept)
    travelled = ClickHouseTravelled(rows)
    beside = ClickHouseRows.at(settings.engines.clickhouse_dsn, folder, 1)
    learning = asyncio.create_task(_learning(travelled, beside))
    kinds = kinds_of(rows, cameras, settings, travelled)
    placing = PlacedCameras(cameras, policies)
    rules = replace(_rules(settings), clearance=clearance)
    asking = Asking(kinds, PostgresConsultations(pool), counted, rules, placing)
    try:
        yield Search(
            asking=asking,
            of_listing=_of_listing,
            entry_days_back=min(settings.search.entry_days_back, settings.search.days_back),
            roads=travelled.roads,
        )
    finally:
        await asking.close()
        await ended([learning])
        await rows.close()
        await beside.close()


async def _learning(travelled: ClickHouseTravelled, rows: Rows) -> None:
    """For ever: learn which cameras follow which, where no officer waits for it."""

    async def learn() -> None:
        try:
            await travelled.learn(rows, Running(limits=LEARNED_WITHIN))
        except StoppedError:
            log.warning("which cameras follow which is not learned whole yet; it goes on")

    await every(LEARN_EVERY_S, learn, "which cameras follow which could not be learned")


def _of_listing(plate: Plate, period: Period) -> FindPassages:
    """Its text and look-alikes, whatever country was read: as the hotlist itself is matched."""
    return FindPassages(scope=Scope(period=period), text=LookAlikes(plate.text))


def _clone_rules(settings: Settings) -> CloneRules:
    clones = settings.clones
    return CloneRules(
        most_kmh=clones.most_kmh,
        clock_error_s=clones.clock_error_s,
        place_error_km=clones.place_error_m / 1000,
        least_confidence=clones.least_confidence,
        corridors=tuple(Corridor(*one.sites, one.most_kmh) for one in clones.corridors),
    )


def _usuals(checkup: Checkup, zone: ZoneInfo) -> Usuals:
    known = {name: one.usual for name, one in checkup.latest.items()}
    return Usuals({name: usual for name, usual in known.items() if usual is not None}, zone)


def _rules(settings: Settings) -> Rules:
    search = settings.search
    return Rules(
        limits=Limits(seconds=search.seconds, rows=search.rows),
        at_once=search.at_once,
        open_each=search.open_each,
        days_back=search.days_back,
        kept_s=float(search.kept_s),
    )
