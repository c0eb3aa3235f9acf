"""The same questions through the product's own code."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from keeping.questions import CONVOY_SITES, CONVOY_WITHIN, PAGE, Asked
from keeping.traffic import LAST_DAY, Traffic, cameras

from morina.plates import Plate
from morina.records.adapters.clickhouse import ClickHouseReads
from morina.records.adapters.clickhouse_asking import ClickHouseRows
from morina.records.adapters.clickhouse_both_places import ClickHouseAreas
from morina.records.adapters.clickhouse_convoy import ClickHousePassing
from morina.records.adapters.clickhouse_finding import PassageFinder
from morina.records.both_places import Area, BothPlaces, both_places
from morina.records.convoy import Convoy, travelled_with
from morina.records.convoy_meetings import Rule
from morina.records.figures import Period
from morina.records.finding import FindPassages
from morina.records.questions import Limits, Scope
from morina.records.running import Running
from morina.records.texts import AnyText, Exact, LookAlikes, Near, TextQuestion, Wildcard
from morina.sense import Read
from morina.sense.ids import timed_id

TABLES = ("reads", "passed", "texts")
TEXTS: Mapping[str, type[TextQuestion]] = {
    "exact": Exact, "look-alikes": LookAlikes, "wildcard": Wildcard, "edit distance 1": Near,
}  # fmt: skip


class Ours:
    """Morina's records in a folder, as a node keeps them."""

    name = "Morina"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.client: Client = clickhouse_connect.get_client(interface="chdb", path=str(folder))
        self.reads = ClickHouseReads.at("", folder, lambda _camera: 365)
        self._rows = ClickHouseRows.at("", folder)
        self._finder = PassageFinder(self._rows)
        self._passing = ClickHousePassing(self._rows)
        self._areas = ClickHouseAreas(self._rows)
        self._cameras = cameras()

    async def close(self) -> None:
        """Let go of the engine."""
        await self._rows.close()
        await self.reads.close()
        self.client.close()

    def fill(self, traffic: Traffic) -> tuple[float, float]:
        """Seconds to put the traffic in, and to merge it."""
        began = time.monotonic()
        other: Client = clickhouse_connect.get_client(interface="chdb", path=str(self._folder))
        traffic.fill((self.client, other))
        other.close()
        filled = time.monotonic()
        self.client.command("OPTIMIZE TABLE morina.texts FINAL")
        return filled - began, time.monotonic() - filled

    def bytes_kept(self) -> int:
        """On disk, of all tables."""
        sql = (
            "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'morina' "
            f"AND table IN {TABLES}"
        )
        return int(self.client.query(sql).result_rows[0][0])

    async def answer(self, asked: Asked) -> int:
        """How many findings."""
        running = Running(limits=Limits(seconds=60, rows=PAGE))
        scope = Scope(period=Period(asked.begins_at, asked.ends_at))
        if asked.name == "convoy":
            rule = Rule(within_s=CONVOY_WITHIN, sites=CONVOY_SITES)
            convoy = Convoy(plate=asked.text, scope=scope, rule=rule, chance_too=True)
            return len((await travelled_with(self._passing, self._cameras, convoy, running)).found)
        if asked.name == "two areas, one day":
            areas = (Area("here", frozenset(asked.cameras), scope.period),
                     Area("there", frozenset(asked.others), scope.period))  # fmt: skip
            return len((await both_places(self._areas, BothPlaces(areas=areas), running)).found)
        if asked.name == "area and one hour":
            scope = Scope(period=scope.period, cameras=frozenset(asked.cameras))
            question = FindPassages(scope=scope, text=AnyText())
        else:
            text = TEXTS[asked.name](asked.pattern or asked.text)  # type: ignore[call-arg]
            question = FindPassages(scope=scope, text=text)
        return len((await self._finder.passages(question, running)).found)


def made(count: int, plates: Sequence[str]) -> list[Read]:
    """Reads as the recogniser makes them, ten a second, to be kept."""
    began = datetime(LAST_DAY.year - 1, 1, 1, tzinfo=UTC)
    reads = []
    for number in range(count):
        captured = began + timedelta(milliseconds=100 * number)
        plate = plates[number % len(plates)]
        reads.append(
            Read(
                read_id=timed_id(captured, NAMESPACE_URL, str(number)),
                camera_id=f"camera-{number % 200:03d}",
                captured_at=captured,
                received_at=captured + timedelta(milliseconds=300),
                plate=Plate(plate, "AL"),
                confidence=0.97,
                character_confidences=(0.99,) * len(plate),
                country_probability=0.98,
                frames=4,
            )
        )
    return reads
