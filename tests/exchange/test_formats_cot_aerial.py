"""Places to go to as Cursor on Target: by form, passed on by a TAK server, in the trail."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from defusedxml.ElementTree import fromstring
from psycopg_pool import AsyncConnectionPool

from flown import DISTRESS, PURPOSE, fly, moving
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.trail import Act, Sought
from morina.engines import EngineError
from morina.exchange.adapters.cot_client import CotClient
from morina.exchange.adapters.cot_tasks import CotPatrolTelling, CotRescueTelling
from morina.exchange.formats import cot_aerial
from morina.sense.aerial import AerialTask, Named, PlacedBy, TaskKind, TaskState, TaskStep
from morina.sense.aerial.adapters.postgres_reviews import PostgresReviews
from morina.sense.aerial.adapters.postgres_tasks import PostgresTasks
from morina.settings import Settings
from morina.settings.exchange import Exchange
from morina.wiring.exchange.outward import cot_of
from running import START_WITHIN_S
from tak import Receiver, map_user, plain, tak_server

SEEN = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
MADE = SEEN + timedelta(minutes=5)
NOW = MADE + timedelta(seconds=3)
TASK = AerialTask(
    task_id=UUID("1a2b3c4d-0000-4000-8000-000000000001"), kind=TaskKind.RESCUE,
    state=TaskState.OPEN, sortie_id=UUID(int=5), track_id=UUID(int=6), latitude=42.1234567,
    longitude=20.4, ce90_m=21.46, height_m=1240.5, said="waves <both> arms\n", officer="ana",
    made_at=MADE, case_number="C-2026-117", named=Named.IN_TROUBLE, seen_at=SEEN,
)  # fmt: skip


@pytest.mark.parametrize(
    ("placed", "told"),
    [
        (PlacedBy.COMPUTED, "within 21 m nine times in ten"),
        (PlacedBy.SAID, "place given by a person, about 21 m"),
        (PlacedBy.AIRCRAFT, "where the aircraft was, not what it saw"),
    ],
)
def test_a_place_that_is_not_computed_is_said_to_be_that(placed: PlacedBy, told: str) -> None:
    made = fromstring(cot_aerial.event(replace(TASK, placed=placed), NOW))
    assert told in made.find("detail/remarks").text


def test_an_event_says_what_where_how_sure_and_until_when() -> None:
    made = fromstring(cot_aerial.event(replace(TASK, le90_m=4.9346), NOW))
    assert made.attrib == {
        "version": "2.0", "uid": f"morina.aerial.{TASK.task_id}", "type": "a-u-G", "how": "m-f",
        "time": "2026-03-01T06:35:03.000Z", "start": "2026-03-01T06:30:00.000Z",
        "stale": "2026-03-02T06:35:03.000Z",
    }  # fmt: skip
    assert made.find("point").attrib == {
        "lat": "42.123457", "lon": "20.400000", "hae": "1240.5", "ce": "10.0", "le": "3.0",
    }  # fmt: skip
    assert made.find("detail/contact").get("callsign") == "RESCUE 1a2b"
    assert made.findtext("detail/remarks") == (
        "somebody in trouble; waves <both> arms; within 21 m nine times in ten; "
        "seen 2026-03-01T06:30:00.000Z; task open"
    )


def test_who_goes_there_is_told_neither_flight_nor_track_nor_case_nor_officer() -> None:
    said = cot_aerial.event(TASK, NOW).decode()
    hidden = (str(TASK.sortie_id), str(TASK.track_id), "C-2026-117", "ana;")
    assert not [one for one in hidden if one in said]


def test_what_is_not_known_is_said_so() -> None:
    made = fromstring(cot_aerial.event(replace(TASK, height_m=None, seen_at=None), NOW))
    point = made.find("point").attrib
    assert point["hae"] == point["le"] == "9999999.0"
    assert "seen at a time not known" in made.findtext("detail/remarks")


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.CANCELLED])
def test_an_ended_task_goes_off_the_map(state: TaskState) -> None:
    made = fromstring(cot_aerial.event(replace(TASK, state=state), NOW))
    assert made.get("stale") == made.get("time")


def test_a_vehicle_is_one_and_words_are_there_for_all() -> None:
    made = fromstring(cot_aerial.event(replace(TASK, named=Named.VEHICLE), NOW))
    assert made.get("type") == "a-u-G-E-V"
    for named in Named:
        assert cot_aerial.event(replace(TASK, named=named), NOW)


def told_of(receiver: Receiver) -> list[str]:
    return [fromstring(one).findtext("detail/remarks").rpartition("; ")[2] for one in receiver.got]


async def test_each_step_is_told_once_and_entered(pool: AsyncConnectionPool, dsn: str) -> None:
    trail, now, receiver = PostgresTrail(), datetime.now(UTC), Receiver()
    reviews, tasks = PostgresReviews(pool, trail), PostgresTasks(pool, trail)
    sortie_id = uuid4()
    track = moving(sortie_id)
    fly(dsn, track, sortie_id=sortie_id)
    telling = CotRescueTelling(pool, tasks, (receiver, trail, "the map"))
    await telling.begin()
    await reviews.name(sortie_id, track.track_id, Named.GROUP_ON_FOOT, PURPOSE)
    assert await telling.tell(now) == 0, "a review alone sends nobody"
    await reviews.name(sortie_id, track.track_id, Named.IN_TROUBLE, DISTRESS, "waves")
    receiver.failing = True
    assert await telling.tell(now) == 0
    receiver.failing = False
    assert await telling.tell(now) == 1
    [task] = await tasks.tasks(frozenset(TaskKind), frozenset(TaskState))
    await tasks.step(task.task_id, TaskStep.TAKE, "ben", now)
    assert await telling.tell(now) == 1
    await tasks.step(task.task_id, TaskStep.FINISH, "ben", now, "brought down")
    assert await telling.tell(now) == 1
    assert await telling.tell(now) == 0
    assert told_of(receiver) == ["task open", "task taken", "task done"]
    assert {fromstring(one).get("uid") for one in receiver.got} == {f"morina.aerial.{task.task_id}"}
    told = await PostgresTrailReader(pool).read(Sought(act=Act.DISCLOSURE))
    mine = [one.deed for one in told if one.deed.what.step == "told as cursor on target"]
    assert [one.with_whom for one in mine] == ["the map"] * 3


async def test_patrols_are_told_nothing_of_people_in_trouble_nor_rescue_of_patrols(
    pool: AsyncConnectionPool, dsn: str
) -> None:
    trail, now, sortie_id = PostgresTrail(), datetime.now(UTC), uuid4()
    reviews, tasks = PostgresReviews(pool, trail), PostgresTasks(pool, trail)
    vehicle, person = moving(sortie_id), moving(sortie_id)
    fly(dsn, vehicle, person, sortie_id=sortie_id)
    receivers = Receiver(), Receiver()
    telling = [
        one(pool, tasks, (receiver, trail, "the map"))
        for one, receiver in zip((CotRescueTelling, CotPatrolTelling), receivers, strict=True)
    ]
    for one in telling:
        await one.begin()
    await reviews.name(sortie_id, vehicle.track_id, Named.VEHICLE, PURPOSE)
    await tasks.hand_over(TaskKind.PATROL, sortie_id, vehicle.track_id, PURPOSE, "a lorry")
    await reviews.name(sortie_id, person.track_id, Named.IN_TROUBLE, DISTRESS, "waves")
    assert [await one.tell(now) for one in telling] == [1, 1]
    [rescue], [patrol] = (receiver.got for receiver in receivers)
    assert b"somebody in trouble; waves" in rescue and b"RESCUE " in rescue
    assert b"vehicle; a lorry" in patrol and b"waves" not in patrol


@pytest.mark.parametrize("same", ["cot_url", "cot_patrols_url"])
async def test_the_address_of_rescues_is_nobody_elses(
    pool: AsyncConnectionPool, tmp_path: Path, same: str
) -> None:
    urls = {"cot_rescues_url": "tcp://tak:8087", same: "tcp://tak:8087"}

    def told() -> int:
        settings = Settings(home=tmp_path, exchange=Exchange.model_validate(urls))
        return len(cot_of(settings, pool, PostgresTrail()))

    with pytest.raises(EngineError, match="an address of their own"):
        told()
    urls[same] = "tcp://tak:8088"
    assert told() == 2
    urls[same] = "file://tak"
    with pytest.raises(EngineError, match=f"exchange.{same}: write tcp"):
        told()


async def test_an_old_task_is_not_told(pool: AsyncConnectionPool, dsn: str) -> None:
    trail, receiver = PostgresTrail(), Receiver()
    reviews, tasks = PostgresReviews(pool, trail), PostgresTasks(pool, trail)
    sortie_id = uuid4()
    track = moving(sortie_id)
    fly(dsn, track, sortie_id=sortie_id)
    telling = CotRescueTelling(pool, tasks, (receiver, trail, "the map"))
    await telling.begin()
    await reviews.name(sortie_id, track.track_id, Named.IN_TROUBLE, DISTRESS)
    assert await telling.tell(datetime.now(UTC) + timedelta(days=2)) == 0
    assert receiver.got == []


@pytest.fixture
def taky(tmp_path: Path) -> Iterator[int]:
    """A TAK server: its port."""
    with tak_server(tmp_path) as port:
        yield port


async def test_a_tak_server_passes_a_rescue_on_to_whoever_looks(taky: int) -> None:
    now = datetime.now(UTC)
    task = replace(TASK, made_at=now, seen_at=now)
    client = CotClient(f"tcp://127.0.0.1:{taky}", None, None)
    async with map_user(taky) as reader:
        heard = b""
        async with asyncio.timeout(START_WITHIN_S):
            while b"morina.aerial" not in heard or not heard.rstrip().endswith(b"</event>"):
                await client.send(cot_aerial.event(task, now))
                try:
                    async with asyncio.timeout(1):
                        heard += await reader.read(65536)
                except TimeoutError:
                    continue
        await client.close()
    events = fromstring(b"<all>" + plain(heard) + b"</all>")
    one = next(e for e in events if "morina.aerial" in e.get("uid"))
    assert one.find("point").get("lat")[:6] == "42.123"
    assert float(one.find("point").get("ce")) == pytest.approx(10.0)
    assert "somebody in trouble" in one.findtext("detail/remarks")
