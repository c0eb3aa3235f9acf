"""What tests of convoys and of both places do in a process with a chDB."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import isclose
from zoneinfo import ZoneInfo

import numpy as np
from clickhouse_connect.driver.client import Client
from hypothesis import given, settings
from hypothesis import strategies as st

import road_traffic
from morina.records.adapters.clickhouse_asking import ClickHouseRows
from morina.records.adapters.clickhouse_both_places import ClickHouseAreas
from morina.records.adapters.clickhouse_convoy import ClickHousePassing
from morina.records.both_places import Area, BothPlaces, InAll, both_places
from morina.records.convoy import Companion, Convoy, travelled_with
from morina.records.convoy_meetings import Passed, Rule, Window
from morina.records.figures import Period
from morina.records.questions import Answer, Limits, Scope
from morina.records.running import Running
from morina.sense.cameras.camera import Camera
from plain_both import in_all
from plain_convoy import Plainly
from road_traffic import CAMERAS, DAYS, PERIOD, SITES, Country, insert, passages

BEGINS = datetime(2026, 10, 20, tzinfo=UTC)
TEN_DAYS = Period(BEGINS, BEGINS + timedelta(days=10))
TEXTS = ("AB12CDE", "AB12CD3", "A812CDE", "XY99ZZZ", "OO11III", "0011III", "KL55MNP", "")
STOOD = tuple(
    Camera(camera_id=name, name="", site="", latitude=41 + north, longitude=20.0)
    for name, north in zip(
        ("a", "a2", "b", "c", "d", "e"), (0.0, 0.001, 0.008, 0.03, 0.06, 0.3), strict=True
    )
)  # fmt: skip
A_FEW = settings(max_examples=12, deadline=None, database=None)


def patient(rows: int = 1000) -> Running:
    """A question that no busy machine ends."""
    return Running(limits=Limits(seconds=600, rows=rows))


def drawn(seed: int, trips: int = 60) -> list[Passed]:
    """Vehicles that pass some cameras, often near each other, some read twice."""
    dice, rows = random.Random(seed), []
    starts = [dice.randrange(10 * 86_400) for _ in range(8)]
    for _ in range(trips):
        at, text = dice.choice(starts) + dice.randrange(200), dice.choice(TEXTS)
        at = at % 86_400 + dice.randrange(10) * 86_400 if dice.random() < 0.3 else at
        for camera in dice.sample(STOOD, dice.randrange(2, 6)):
            second = int(BEGINS.timestamp()) + min(at, 863_999)
            rows += [Passed(camera.camera_id, second, text)] * dice.choice((1, 1, 2))
            at += dice.randrange(40, 400)
    return rows


async def convoys_as_plainly(client: Client, rows: ClickHouseRows) -> None:
    """The same meetings, journeys and scores as the slow reference, on random passages."""
    compared = 0

    async def check(seed: int, within_s: int, apart_km: float) -> int:
        passed = drawn(seed)
        _only(client, passed)
        rule = Rule(within_s=within_s, apart_km=apart_km, sites=2, zone=ZoneInfo("Europe/Tirane"))
        scope = Scope(period=TEN_DAYS)
        asked = Convoy(plate="AB12CDE", scope=scope, rule=rule, chance_too=True)
        plainly = Plainly(passed, STOOD, asked)
        answer = await travelled_with(ClickHousePassing(rows), STOOD, asked, patient())
        met = plainly.met()
        found = {one.plate: one for one in answer.found}
        assert set(found) == {p for p, n in met.items() if plainly.places(n) >= rule.sites}
        for plate, one in found.items():
            assert len(one.met) == len(met[plate])
            assert one.places == plainly.places(met[plate])
            assert one.journeys == len(plainly.by_journey(met[plate]))
            if one.journeys >= 2:
                assert isclose(one.chance.corrected, plainly.corrected(plate), rel_tol=1e-6)
        return sum(one.journeys >= 2 for one in found.values())

    for seed in range(14):
        compared += await check(seed, (30, 120, 600)[seed % 3], (0.05, 1.0, 4.0)[seed % 3])
    assert compared > 10, compared


def _only(client: Client, passed: list[Passed]) -> None:
    """Nothing but these in the tables."""
    for table in ("reads", "passed", "texts"):
        client.command(f"TRUNCATE TABLE morina.{table}")
    if passed:
        insert(client, [tuple(one) for one in passed])


async def false_alarms(client: Client, rows: ClickHouseRows) -> None:
    """A hundred vehicles, twenty of each kind, none of which travels with another."""
    traffic = Country().rows()
    insert(client, traffic)
    dice, by_kind = np.random.default_rng(3), defaultdict(list)
    for plate, many in sorted(Counter(row[2] for row in traffic).items()):
        if many >= 8:
            by_kind[plate[0]].append(plate)
    alarms, near, passing = [], 0, ClickHousePassing(rows)
    for plate in (p for kind in by_kind.values() for p in dice.permutation(kind)[:20].tolist()):
        answer = await _convoys(passing, plate)
        alarms += [(plate, one.plate, one.words) for one in answer.found if one.convoy]
        near += sum(one.journeys >= 2 for one in answer.found)
    print(f"{len(alarms)} convoys told of 100 that have none; {near} met at 3 places on 2 journeys")
    assert near > 300, near
    assert len(alarms) <= 1, alarms


async def planted(client: Client, rows: ClickHouseRows) -> None:
    """Real convoys on three journeys among thousands; one trip and one habit are none."""
    dice = np.random.default_rng(11)
    traffic = Country(visitors=20_000, commuters=500).rows()
    for number in range(10):
        for day in dice.choice(DAYS, 3, replace=False):
            start = day * 86_400 + dice.uniform(6, 23) * 3600
            trip = (int(dice.integers(5)), 0, int(dice.integers(4, SITES)))
            for kind, later in (("A", 0.0), ("B", dice.uniform(5, 60))):
                one = (road_traffic.plate(kind, number), *trip, start + later, 1.0)
                traffic += passages(one, dice)
    traffic += _one_trip(dice) + _one_habit(dice)
    insert(client, traffic)
    passing, told = ClickHousePassing(rows), 0
    for number in range(10):
        answer = await _convoys(passing, road_traffic.plate("A", number))
        convoys = {one.plate for one in answer.found if one.convoy}
        assert convoys <= {road_traffic.plate("B", number)}, convoys
        told += len(convoys)
    print(f"{told} of 10 convoys found among {len({row[2] for row in traffic})} vehicles")
    assert told >= 8
    neighbour = _of(await _convoys(passing, "NB00AAA"), "NB00BBB")
    assert neighbour.places >= 7
    assert "one journey shared" in neighbour.words
    assert not neighbour.convoy
    commuter = _of(await _convoys(passing, "CM00AAA"), "CM00BBB")
    assert commuter.journeys >= 10
    assert commuter.chance.corrected > 1
    assert not commuter.convoy


def _one_trip(dice: np.random.Generator) -> list[tuple[str, int, str]]:
    """Motorway neighbours over all eight sites of one trip; the target is about on other days."""
    found = []
    for plate, later in (("NB00AAA", 0), ("NB00BBB", 20)):
        found += passages((plate, 1, 0, SITES - 1, 9 * 86_400 + 40_000 + later, 1.0), dice)
    for day in (3, 12, 20):
        found += passages(("NB00AAA", 2, 0, 5, day * 86_400 + 50_000, 1.0), dice)
    return found


def _one_habit(dice: np.random.Generator) -> list[tuple[str, int, str]]:
    """Two strangers who leave for work at half past seven, each working day."""
    found = []
    for day in (day for day in range(DAYS) if day % 7 < 5):
        for plate in ("CM00AAA", "CM00BBB"):
            start = day * 86_400 + 27_000 + dice.normal(0, 90)
            found += passages((plate, 3, 1, 6, start, 1.0), dice)
    return found


async def limits(client: Client, rows: ClickHouseRows) -> None:
    """The target misread is told apart; what is not looked at is said; pages join."""
    day, found = 86_400, []
    for number in range(5):
        at = int(BEGINS.timestamp()) + number * 2 * day + number * 7000
        for later, camera in enumerate(("a", "c", "d", "e")):
            second = at + later * 900
            for text, after in (("AB12CDE", 0), ("A812CDE", 1), ("XY99ZZZ", 30), ("QQ11QQQ", 50)):
                found.append((camera, second + after, text))
    for spread in range(5000):
        found.append(("acde"[spread % 4], int(BEGINS.timestamp()) + spread * 172, f"F{spread}"))
    insert(client, found)
    passing, scope = ClickHousePassing(rows), Scope(period=TEN_DAYS)
    asked = Convoy(plate="ab 12 cde", scope=scope)
    answer = await travelled_with(passing, STOOD, asked, patient())
    told = {one.plate: (one.convoy, one.perhaps_itself) for one in answer.found}
    assert told == {"XY99ZZZ": (True, False), "QQ11QQQ": (True, False), "A812CDE": (False, True)}
    assert answer.coverage.covered == TEN_DAYS
    assert [one.later_s for one in _of(answer, "XY99ZZZ").met] == [30] * 20
    one = patient(2)
    first = await travelled_with(passing, STOOD, asked, one)
    rest = await travelled_with(
        passing, STOOD, Convoy(plate="AB12CDE", scope=scope, after=first.more), one
    )
    assert first.found + rest.found == answer.found
    assert (first.more, rest.more) == ("2", "")
    unknown = await travelled_with(passing, STOOD[:-1], asked, patient())
    assert "5 passages at cameras whose place is not known were left out" in unknown.notes
    here = Scope(period=TEN_DAYS, cameras=frozenset({"a", "c"}))
    few = await travelled_with(passing, STOOD, Convoy(plate="AB12CDE", scope=here), patient())
    assert few.found == ()


async def many_passages(client: Client, rows: ClickHouseRows) -> None:
    """Of a vehicle seen very often the newest 200 passages are looked at, and this is said."""
    begins = int(BEGINS.timestamp())
    insert(
        client,
        [("abcde"[n % 5].replace("b", "c"), begins + n * 2000, "AB12CDE") for n in range(430)],
    )
    asked = Convoy(plate="AB12CDE", scope=Scope(period=TEN_DAYS))
    answer = await travelled_with(ClickHousePassing(rows), STOOD, asked, patient())
    oldest = datetime.fromtimestamp(begins + 230 * 2000, UTC)
    assert answer.coverage.covered == Period(oldest, TEN_DAYS.ends_at)
    assert answer.coverage.stopped == "rows"
    assert any("newest 200" in note for note in answer.notes)
    stopped = await travelled_with(_Impatient(rows), STOOD, asked, patient())
    assert stopped.coverage.covered is not None
    newest = datetime.fromtimestamp(begins + 380 * 2000, UTC)
    assert stopped.coverage.covered.begins_at == newest
    assert stopped.coverage.stopped == "cancelled"


async def long_flow(client: Client, rows: ClickHouseRows) -> None:
    """Of three months the flow is counted on every third day, and is nearly that of all."""
    begins, n = int(BEGINS.timestamp()), 92 * 48
    insert(client, [("ac"[n % 2], begins + n * 1800, f"F{n}") for n in range(n)])
    period = Period(BEGINS, BEGINS + timedelta(days=92))
    flows = await ClickHousePassing(rows).flows(["a", "c", "e"], period, patient())
    assert set(flows) == {"a", "c"}
    assert {one.passages for one in flows.values()} == {31 * 24 * 3}
    assert flows["a"].first == begins
    assert flows["a"].last > begins + 90 * 86_400


class _Impatient(ClickHousePassing):
    """The officer cancels once the first windows are looked at."""

    async def through(self, windows: Sequence[Window], running: Running) -> Sequence[Passed]:
        found = await super().through(windows, running)
        running.cancel()
        return found


async def _convoys(passing: ClickHousePassing, plate: str) -> Answer[Companion]:
    asked = Convoy(plate=plate, scope=Scope(period=PERIOD), chance_too=True)
    return await travelled_with(passing, CAMERAS, asked, patient())


def _of(answer: Answer[Companion], plate: str) -> Companion:
    return next(one for one in answer.found if one.plate == plate)


HOURS = st.integers(0, 239)
AREAS = st.tuples(st.sets(st.sampled_from([c.camera_id for c in STOOD]), min_size=1), HOURS, HOURS)


async def both_as_plainly(client: Client, rows: ClickHouseRows) -> None:
    """The same vehicles and stays as the slow reference, on random passages and areas."""
    cases: list[tuple[int, BothPlaces]] = []

    @A_FEW
    @given(
        st.integers(0, 5), st.lists(AREAS, min_size=2, max_size=3), st.booleans(),
        st.sampled_from([0, 60, 3600, 200_000]), st.booleans(),
    )  # fmt: skip
    def draw(
        seed: int, areas: list[tuple[set[str], int, int]], order: bool, apart: int, fold: bool
    ) -> None:
        several = tuple(_area(str(n), *one) for n, one in enumerate(areas))
        asked = BothPlaces(
            areas=several, in_order=order, apart=timedelta(seconds=apart), look_alikes=fold
        )
        cases.append((seed, asked))

    draw()
    everywhere = frozenset("abcde") | {"a2"}
    for seed in range(6):
        half = [
            Area("", everywhere, Period(BEGINS + timedelta(days=d), BEGINS + timedelta(days=d + 5)))
            for d in (0, 5)
        ]
        for order, apart, fold in (
            (False, 0, False),
            (True, 40_000, False),
            (False, 400_000, True),
        ):
            asked = BothPlaces(
                areas=(half[0], half[1], Area("", frozenset("ac"), TEN_DAYS))[: 2 + seed % 2],
                in_order=order, apart=timedelta(seconds=apart), look_alikes=fold,
            )  # fmt: skip
            cases.append((seed, asked))
    found = 0
    for seed in range(6):
        passed = drawn(seed, 25)
        _only(client, passed)
        for asked in (asked for its, asked in cases if its == seed):
            found += await _same(rows, passed, asked)
    assert found > 20, found


def _area(name: str, cameras: set[str], one: int, other: int) -> Area:
    first, last = sorted((one, other))
    begins = BEGINS + timedelta(hours=first)
    return Area(name, frozenset(cameras), Period(begins, BEGINS + timedelta(hours=last + 1)))


async def _same(rows: ClickHouseRows, passed: list[Passed], asked: BothPlaces) -> int:
    answer = await both_places(ClickHouseAreas(rows), asked, patient())
    expected = in_all(passed, asked)
    assert {one.key: _stays(one) for one in answer.found} == expected
    assert [one.key for one in answer.found] == sorted(expected)
    assert answer.notes[0] == f"{len(expected)} vehicles in all"
    return len(expected)


def _stays(one: InAll) -> list[tuple[int, int, int]]:
    return [
        (int(stay.first_at.timestamp()), int(stay.last_at.timestamp()), stay.passages)
        for stay in one.stays
    ]


async def both_in_pages(client: Client, rows: ClickHouseRows) -> None:
    """Pages join to the whole, by text; the number in all is told on each, also on an empty one."""
    begins = int(BEGINS.timestamp())
    insert(client, [(camera, begins + n, f"P{n:03d}") for n in range(25) for camera in "ac"])
    areas = tuple(Area(name, frozenset({name}), TEN_DAYS) for name in "ac")
    keys, after = [], ""
    for _ in range(3):
        asked = BothPlaces(areas=areas, after=after)
        answer = await both_places(ClickHouseAreas(rows), asked, patient(10))
        assert answer.notes[0] == "25 vehicles in all"
        keys += [one.key for one in answer.found]
        after = answer.more
    assert keys == [f"P{n:03d}" for n in range(25)]
    assert after == ""
    beyond = await both_places(ClickHouseAreas(rows), BothPlaces(areas=areas, after="Z"), patient())
    assert (beyond.found, beyond.notes[0]) == ((), "25 vehicles in all")
    late = Running(limits=Limits(seconds=0.0))
    stopped = await both_places(ClickHouseAreas(rows), BothPlaces(areas=areas), late)
    assert (stopped.coverage.covered, stopped.coverage.stopped) == (None, "time")
