"""A node under load, what it acknowledged and when, and what a restored one has of it."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg_pool import AsyncConnectionPool

from invented import hotlist, listing, read
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.purpose import Asked, Purpose, PurposeCode
from morina.alerts import AlertRules, State, Step
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.records.adapters.obstore import ObstoreImages
from morina.sense import Capture, Evidence
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras.adapters.postgres_pending import PostgresPending
from morina.sense.cameras.arrivals import Arrival
from morina.watch.adapters.postgres import PostgresHotlists
from running import RunningNode

DAY = timedelta(days=1)
WANTED = [f"Q{letter}{number:02}FGT" for letter in "XYZ" for number in range(100)]
OLD = "QW11FGT"
"""Read more than 90 days ago: kept in a backup, and due when that is restored."""

Found = Mapping[str, set[str]]


@dataclass
class Load:
    """Everything a node was given, each with the time after it was acknowledged."""

    node: RunningNode
    acknowledged: list[tuple[datetime, str, str]] = field(default_factory=list)
    failed: BaseException | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def before(self, mark: datetime) -> dict[str, set[str]]:
        """What was acknowledged before, by kind."""
        found: dict[str, set[str]] = {}
        for at, kind, name in self.acknowledged:
            if at < mark:
                found.setdefault(kind, set()).add(name)
        return found

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Load for as long as the context lasts."""
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()
        assert self.failed is None, self.failed

    def wait_for(self, kind: str, count: int) -> None:
        """Until so many things more of a kind were acknowledged."""
        wanted = self._count(kind) + count
        while self._count(kind) < wanted and self.failed is None:
            self._stop.wait(0.05)

    def _count(self, kind: str) -> int:
        return sum(one == kind for _, one, _ in list(self.acknowledged))

    def _run(self) -> None:
        try:
            asyncio.run(self._load())
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            self.failed = error

    async def _load(self) -> None:
        where = self.node.addresses
        stream = await NatsHandOver.connect(where["nats"])
        pool = AsyncConnectionPool(where["postgres"], open=False, min_size=1)
        async with stream.client, pool:
            lists = PostgresHotlists(pool, PostgresTrail())
            made = await lists.create(hotlist("Drill"))
            number = 0
            while not self._stop.is_set():
                await self._pass(stream, number)
                if number % 5 == 0:
                    await self._decide(pool, number)
                    new = listing(WANTED[number // 5 % len(WANTED)], valid_from=now() - DAY,
                                  valid_to=now() + DAY)  # fmt: skip
                    await lists.add(made.hotlist_id, new, "an.officer")
                    self._told("listing", new.listing_id)
                number += 1
                await asyncio.sleep(0.01)

    async def _pass(self, stream: NatsHandOver, number: int) -> None:
        """A vehicle: its pictures, its read, and beside it a capture nobody reads here."""
        images = ObstoreImages.at("", self.node.home / "images")
        overview = await images.put(f"overview {number}".encode())
        patch = await images.put(f"patch {number}".encode())
        seen = Evidence(overview, patch, (1, 2, 30, 12), ((1, 2), (30, 2), (30, 12), (1, 12)))
        text = WANTED[number // 10 % len(WANTED)] if number % 3 else OLD
        at = now() - 95 * DAY if text == OLD else now()
        one = read(text, captured_at=at, received_at=now(), evidence=seen)
        await stream.publish_reads([one])
        if text != OLD:
            self._told("read", one.read_id)
            self._told("picture", overview)
            self._told("picture", patch)
        capture = _capture(overview)
        await stream.hand_over(capture)
        self._told("capture", capture.capture_id)

    async def _decide(self, pool: AsyncConnectionPool, number: int) -> None:
        """What people and cameras do: a question, a step of an alert, a push that waits."""
        asked = Asked(at=now(), purpose=_purpose(number), question=f"where was {number}")
        self._told("consultation", await PostgresConsultations(pool).begin(asked))
        alerts = PostgresAlerts(pool, AlertRules(), PostgresTrail())
        for alert in await alerts.alerts(states=[State.RAISED], limit=1):
            await alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "officer", now())
            self._told("acknowledged", alert.alert_id)
        arrival = Arrival(
            key=f"k{number}", capture=_capture("a" * 64), final=False, due_at=now() + 30 * DAY,
            touched_at=now(),
        )  # fmt: skip
        await PostgresPending(pool).put(arrival)
        self._told("arrival", arrival.key)

    def _told(self, kind: str, name: object) -> None:
        self.acknowledged.append((now(), kind, str(name)))


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def has(node: RunningNode, captures: int) -> dict[str, set[str]]:
    """What a running node's database and streams have, once every read that waits is kept."""
    return asyncio.run(_has(node, captures))


async def _has(node: RunningNode, captures: int) -> dict[str, set[str]]:
    stream = await NatsHandOver.connect(node.addresses["nats"])
    jetstream = stream.client.jetstream(timeout=60)
    while (await jetstream.stream_info("MORINA_READS")).state.messages:
        await asyncio.sleep(0.1)
    found = in_database(node.addresses["postgres"])
    found["capture"] = set()
    waiting = (await jetstream.stream_info("MORINA_CAPTURES")).state.messages
    assert waiting >= captures, f"{waiting} captures wait, not {captures}"
    async for batch in stream.captures():
        found["capture"] |= {str(one.capture_id) for one in batch.items}
        if len(found["capture"]) == waiting:
            break
    await stream.close()
    return found


def in_database(dsn: str) -> dict[str, set[str]]:
    """What the database has, by kind; the trail as its numbers and hashes."""
    asked = {
        "listing": "SELECT listing_id FROM listing",
        "consultation": "SELECT number FROM consultation",
        "acknowledged": "SELECT alert_id FROM alert_act WHERE kind = 'acknowledge'",
        "arrival": "SELECT key FROM arrival WHERE due_at IS NOT NULL",
        "alerted": "SELECT read_id FROM alert_hit",
        "account": "SELECT name FROM account",
        "trail": "SELECT number || ' ' || hash FROM trail",
    }
    with psycopg.connect(dsn) as connection:
        return {
            kind: {str(row[0]) for row in connection.execute(text)} for kind, text in asked.items()
        }


def in_records(home: Path) -> dict[str, set[str]]:
    """The ids of the reads a stopped node keeps, and the texts it knows."""
    code = """
import clickhouse_connect, json, sys
client = clickhouse_connect.get_client(interface="chdb", path=sys.argv[1])
def column(text):
    return [str(row[0]) for row in client.query(text).result_rows]
print(json.dumps({
    "read": column("SELECT DISTINCT read_id FROM morina.reads"),
    "plate": column("SELECT DISTINCT plate FROM morina.reads"),
    "text": column("SELECT DISTINCT plate FROM morina.texts"),
    "passed": column("SELECT DISTINCT plate FROM morina.passed"),
}))
"""
    command = [sys.executable, "-c", code, str(home / "clickhouse")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: set(found) for name, found in json.loads(done.stdout).items()}


def _capture(image: str) -> Capture:
    return Capture(
        capture_id=uuid4(), camera_id="bridge-north", captured_at=now(), received_at=now(),
        image=image,
    )  # fmt: skip


def _purpose(number: int) -> Purpose:
    return Purpose(
        officer="an.officer", code=PurposeCode.STOLEN_VEHICLE, case_number=f"C-{number}",
        legal_basis="Invented Act, section 1", justification="stolen on Monday evening",
    )  # fmt: skip
