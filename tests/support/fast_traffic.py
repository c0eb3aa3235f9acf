"""Impossible journeys and trips in an engine: a slow reference, planted truths, random traffic."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import acos, cos, radians, sin
from random import Random
from uuid import UUID

from clickhouse_connect.driver.client import Client

from morina.plates import Plate
from morina.records.adapters.clickhouse_asking import ClickHouseRows
from morina.records.adapters.clickhouse_clones import ClickHouseMoved
from morina.records.adapters.clickhouse_journeys import ClickHouseTravelled
from morina.records.clone_search import CloneSearch, FindImpossible, Part
from morina.records.clones import CloneRules, Corridor, Judgement
from morina.records.figures import Period
from morina.records.journey_search import LEARNING, JourneySearch
from morina.records.journeys import FindJourneys
from morina.records.questions import Limits, Scope, Stop
from morina.records.roads import LONGEST_S
from morina.records.running import Running
from morina.sense.cameras import Camera
from road_traffic import CAMERAS

DAY = datetime(2026, 3, 2, tzinfo=UTC)
NOON = DAY + timedelta(hours=12)
WHOLE_DAY = Period(DAY, DAY + timedelta(days=1))
KNOWN = {camera.camera_id: camera for camera in CAMERAS}


@dataclass(frozen=True)
class Row:
    """One row of reads. ``number`` tells reads apart; a correction has that of its read."""

    number: int
    camera_id: str
    at: datetime
    plate: str
    country: str = "AL"
    thousandths: int = 980
    clock_wrong: bool = False
    corrected_s: int = 0
    colour: str = ""

    @property
    def read_id(self) -> UUID:
        ms = round(self.at.timestamp() * 1000)
        return UUID(int=(ms << 80) | self.number)


class Registry:
    """Cameras that stand where they are said to."""

    def __init__(self, cameras: Sequence[Camera] = CAMERAS) -> None:
        self._cameras = list(cameras)

    async def cameras(self) -> list[Camera]:
        return self._cameras


def put(client: Client, rows: Sequence[Row]) -> None:
    names = (
        "id_high", "id_low", "camera_id", "captured_at", "keep_days", "plate", "country",
        "thousandths", "clock_wrong", "corrected_at", "colour",
    )  # fmt: skip
    values = [
        (0, row.number, row.camera_id, row.at, 90, row.plate, row.country, row.thousandths,
         row.clock_wrong, datetime.fromtimestamp(row.corrected_s, UTC), row.colour)
        for row in rows
    ]  # fmt: skip
    client.insert("morina.reads", values, column_names=names)


def empty(client: Client) -> None:
    for table in ("reads", "passed", "texts"):
        client.command(f"TRUNCATE TABLE morina.{table}")


def running(rows: int = 10_000) -> Running:
    return Running(limits=Limits(seconds=600, rows=rows))


def search(rows: ClickHouseRows, rules: CloneRules | None = None) -> CloneSearch:
    return CloneSearch(ClickHouseMoved(rows), Registry(), rules or CloneRules())  # type: ignore[arg-type]  # cameras only


def whole(plate: str = "", period: Period = WHOLE_DAY) -> FindImpossible:
    return FindImpossible(scope=Scope(period=period), plate=plate)


# --- the slow reference ---------------------------------------------------------------


def _km(one: Camera, other: Camera) -> float:
    """By the spherical law of cosines."""
    a, b = radians(one.latitude), radians(other.latitude)
    along = cos(radians(one.longitude - other.longitude))
    return 6371.0088 * acos(min(1.0, sin(a) * sin(b) + cos(a) * cos(b) * along))


def plainly(rows: Sequence[Row], rules: CloneRules) -> set[tuple[str, str, UUID, UUID]]:
    """Journeys too fast, read by read."""
    stands: dict[UUID, Row] = {}
    for row in rows:
        if row.read_id not in stands or stands[row.read_id].corrected_s < row.corrected_s:
            stands[row.read_id] = row
    by_plate: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in stands.values():
        sure = row.corrected_s or row.thousandths >= rules.least_confidence * 1000
        if row.plate and sure:
            by_plate[row.plate, row.country].append(row)
    found = set()
    for (text, country), these in by_plate.items():
        these.sort(key=lambda row: (row.at, row.camera_id, row.number))
        for first, second in pairwise(these):
            one, other = KNOWN[first.camera_id], KNOWN[second.camera_id]
            km, seconds = _km(one, other), (second.at - first.at).total_seconds()
            most = rules.most_kmh
            for corridor in rules.corridors:
                if sorted((corridor.one, corridor.other)) == sorted((one.site, other.site)):
                    most = corridor.most_kmh
            if km > 2 * rules.place_error_km and (
                km * 3600 > most * (seconds + rules.clock_error_s)
            ):
                found.add((text, country, first.read_id, second.read_id))
    return found


def _random(dice: Random, many: int) -> list[Row]:
    rows = []
    for number in range(1, many + 1):
        row = Row(
            number=number,
            camera_id=dice.choice(CAMERAS[:12]).camera_id,
            at=NOON + timedelta(milliseconds=dice.randrange(4 * 3600 * 1000)),
            plate=dice.choice(["", "AA1", "AA7", "BB22", "ČČ1"]),
            country=dice.choice(["", "AL", "XK"]),
            thousandths=dice.choice([880, 899, 900, 950, 1000]),
        )
        rows.append(row)
        if dice.random() < 0.1:
            rows.append(row)
        for again in range(dice.choice([0, 0, 0, 0, 1, 2])):
            rows.append(replace(row, plate=dice.choice(["AA1", "BB22"]), corrected_s=again + 9))
    return rows


async def as_plainly(client: Client, rows: ClickHouseRows) -> None:
    """The engine finds what the slow reference finds."""
    among = 0
    corridors = (Corridor("0-0", "0-5", 20.0), Corridor("1-0", "0-0", 900.0))
    for seed in range(8):
        dice = Random(seed)
        rules = CloneRules(
            most_kmh=dice.choice([60.0, 180.0]), clock_error_s=dice.choice([1.0, 30.0]),
            place_error_km=dice.choice([0.25, 3.0]), corridors=corridors[: dice.randrange(3)],
        )  # fmt: skip
        empty(client)
        made = _random(dice, 300)
        put(client, made)
        expected = plainly(made, rules)
        moved = ClickHouseMoved(rows)
        found = await moved.too_fast(Part(WHOLE_DAY), KNOWN, rules, running())
        assert expected == {
            (one.plate.text, one.plate.country or "", one.first.read_id, one.second.read_id)
            for one in found
        }, seed
        assert len(found) == len(expected)
        ends = [one.second.at for one in found]
        assert ends == sorted(ends, reverse=True)
        alone = await moved.too_fast(Part(WHOLE_DAY, "AA1"), KNOWN, rules, running())
        assert [one for one in found if one.plate.text == "AA1"] == list(alone)
        among += len(found)
    assert among > 200


# --- planted truths -------------------------------------------------------------------


def passes(number: int, plate: str, *seen: tuple[str, float], **fields: object) -> list[Row]:
    """Passages of a plate: camera and minutes after noon each."""
    return [
        replace(Row(number * 100 + at, camera, NOON + timedelta(minutes=minute), plate), **fields)  # type: ignore[arg-type]  # the names are checked
        for at, (camera, minute) in enumerate(seen)
    ]


PLANTED = [
    # two vehicles bear one plate
    *passes(1, "AA111AA", ("road0-0", 0), ("road0-1", 3), ("road4-6", 5), ("road4-7", 8)),
    # a vehicle of one road was once read as one of another
    *passes(2, "BB222BB", ("road0-0", 0), ("road0-1", 3), ("road4-4", 5.5), ("road0-3", 9)),
    *passes(3, "BB222B8", ("road4-2", 0), ("road4-3", 2.7), ("road4-5", 8)),
    # a clock that is behind: eight vehicles need no time from one camera to the next
    *(row for n in range(8)
      for row in passes(10 + n, f"CC33{n}C", ("road2-2", n), ("road2-3", n + 0.02))),
    # a ferry
    *passes(30, "DD444D", ("road3-0", 0), ("road4-0", 6)),
    # a clock known to be wrong
    *passes(31, "EE555E", ("road1-0", 0), ("road1-7", 1), clock_wrong=True),
    # not sure enough, and possible
    *passes(32, "FF666F", ("road1-0", 0), ("road1-7", 1), thousandths=899),
    *passes(33, "GG777G", ("road1-0", 0), ("road1-7", 17)),
    # the same text of two countries
    *passes(34, "HH888H", ("road1-0", 0), country="XK"), *passes(35, "HH888H", ("road1-7", 0)),
]  # fmt: skip


async def planted(client: Client, rows: ClickHouseRows) -> None:
    """Each is told as what it is."""
    put(client, PLANTED)
    ferry = CloneRules(corridors=(Corridor("3-0", "4-0", 400.0),))
    answer = await search(rows, ferry).answer(whole(), running())
    told = {one.plate.text: one for one in answer.found}
    assert {text: one.judgement for text, one in told.items() if text[0] != "C"} == {
        "AA111AA": Judgement.CLONE,
        "BB222BB": Judgement.MISREAD,
        "EE555E": Judgement.FAULT,
    }
    clone, misread = told["AA111AA"], told["BB222BB"]
    assert (clone.first.camera_id, clone.second.camera_id) == ("road0-1", "road4-6")
    assert (clone.gap_s, round(clone.distance_km)) == (120, 135)
    assert "may be innocent" in clone.why
    assert (misread.misread_of, misread.misread_at) == ("BB222B8", "road4-4")
    assert "Likely a misread of BB222B8 at camera road4-4" in misread.why
    [clock] = [one for one in answer.found if one.plate.text[0] == "C"]
    assert clock.judgement is Judgement.FAULT and "8 plates" in clock.why
    assert any("clock or place fault" in note for note in answer.notes)
    assert answer.coverage.covered == WHOLE_DAY and answer.coverage.stopped is None

    no_ferry = await search(rows).answer(whole("DD444D"), running())
    assert [one.judgement for one in no_ferry.found] == [Judgement.CLONE]
    slow = CloneRules(corridors=(Corridor("4-0", "3-0", 400.0), Corridor("1-0", "1-7", 60.0)))
    asked = await search(rows, slow).answer(whole("GG777G"), running())
    assert [one.judgement for one in asked.found] == [Judgement.CLONE]
    for text in ("AA111AA", "BB222BB", "CC333C", "EE555E", "FF666F"):
        alone = await search(rows, ferry).answer(whole(text), running())
        of_all = [one for one in answer.found if one.plate.text == text]
        judgements = {one.judgement for one in alone.found}
        assert judgements == {one.judgement for one in of_all} or text == "CC333C"
        if text == "CC333C":
            assert judgements == {Judgement.FAULT}

    # the vehicle it was taken for passed other cameras than those asked about
    there = frozenset(row.camera_id for row in PLANTED if row.plate == "BB222BB")
    scoped = FindImpossible(scope=Scope(period=WHOLE_DAY, cameras=there), plate="BB222BB")
    of_these = await search(rows, ferry).answer(scoped, running())
    assert list(of_these.found) == [one for one in answer.found if one.plate.text == "BB222BB"]

    pages, after = [], ""
    while True:
        asked_for = replace(whole(), after=after)
        page = await search(rows, ferry).answer(asked_for, running(rows=1))
        pages += page.found
        if not (after := page.more):
            break
        assert page.coverage.stopped is Stop.ROWS
    assert pages == list(answer.found)


# --- random plausible traffic ---------------------------------------------------------

VEHICLES, MISREAD = 5000, 0.03
TWO_DAYS = Period(DAY, DAY + timedelta(days=2))


def _text(number: int) -> str:
    return f"TR{number:05d}"


def _misread(dice: Random, text: str) -> str:
    at = dice.randrange(2, 7)
    return text[:at] + dice.choice("0123456789") + text[at + 1 :]


def plausible(dice: Random, dense: bool = True) -> list[Row]:
    """A day on the five roads at 70 to 110 km/h, misreads as sure as other readings.

    Dense: a text a digit apart is another vehicle's as often as not; else one in twenty is.
    """
    rows: list[Row] = []
    for number in dice.sample(range(2 * VEHICLES), VEHICLES):
        road, first, last = dice.randrange(5), dice.randrange(4), dice.randrange(4, 8)
        at = DAY + timedelta(seconds=dice.randrange(4 * 3600, 18 * 3600))
        for way in ((1, first, last), (-1, last, first)):
            kmh = dice.uniform(70, 110)
            for site in range(way[1], way[2] + way[0], way[0]):
                text = _text(number if dense else number * 9)
                text = _misread(dice, text) if dice.random() < MISREAD else text
                sure = dice.randrange(850, 1000)
                rows.append(Row(len(rows) + 1, f"road{road}-{site}", at, text, thousandths=sure))
                at += timedelta(seconds=4.03 / kmh * 3600)
            at += timedelta(minutes=dice.randrange(20, 300))
    return rows


async def false_alarms(client: Client, rows: ClickHouseRows) -> None:
    """How many innocent vehicles are called suspected clones, and how many clones are found."""
    for dense, least in ((True, 0.6), (False, 0.85)):
        dice = Random(11)
        made = plausible(dice, dense)
        empty(client)
        put(client, made)
        answer = await search(rows).answer(whole(period=TWO_DAYS), running())
        told = Counter(str(one.judgement) for one in answer.found)
        print(
            f"{VEHICLES} vehicles, {'dense' if dense else 'sparse'} texts, {len(made)} reads, "
            f"{MISREAD:.0%} misread: {len(answer.found)} journeys too fast, of them {dict(told)}"
        )
        assert not dense or len(answer.found) > 20
        assert told[Judgement.CLONE] <= VEHICLES / 1000
        assert told[Judgement.FAULT] == 0

        cloned = _cloned(dice, made)
        put(client, cloned)
        plates = {row.plate for row in cloned}
        answer = await search(rows).answer(whole(period=TWO_DAYS), running())
        clones = [one for one in answer.found if one.judgement is Judgement.CLONE]
        found = {one.plate.text for one in clones} & plates
        print(f"{len(found)} of {len(plates)} planted clones were called suspected clones")
        assert len(found) >= least * len(plates)


def _cloned(dice: Random, made: Sequence[Row]) -> list[Row]:
    """Of sixty passages, the same plate on another road a minute and a half later."""
    rows = []
    for number in range(60):
        of = dice.choice(made)
        road, at = (int(of.camera_id[4]) + 2) % 5, of.at + timedelta(seconds=90)
        rows += [
            Row(10**6 + number * 10 + site, f"road{road}-{site}",
                at + timedelta(seconds=150 * site), of.plate, thousandths=970)
            for site in range(3)
        ]  # fmt: skip
    return rows


# --- journeys -------------------------------------------------------------------------


async def learned(client: Client, rows: ClickHouseRows) -> None:
    """The graph is what a slow count finds, and trips are cut where they should be."""
    dice = Random(5)
    made = plausible(dice)
    put(client, made)
    today = DAY.date() + timedelta(days=2)
    travelled = ClickHouseTravelled(rows, lambda: today)
    journeys = JourneySearch(travelled, Registry())  # type: ignore[arg-type]  # cameras only
    asked = FindJourneys(scope=Scope(period=WHOLE_DAY), plate=made[0].plate)
    early = await journeys.answer(asked, running())
    assert early.notes == (LEARNING,) and early.found
    await travelled.learn(rows, running())
    roads = await travelled.roads(running())
    assert (await journeys.answer(asked, running())).notes == ()

    by_plate: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in made:
        by_plate[row.plate].append((int(row.at.timestamp()), row.camera_id))
    took: dict[tuple[str, str], list[int]] = defaultdict(list)
    passed: Counter[str] = Counter()
    for seen in by_plate.values():
        seen.sort()
        for at, (second, camera) in enumerate(seen):
            following = seen[at + 1] if at + 1 < len(seen) else (10**12, "")
            if following[1] == camera and following[0] - second <= LONGEST_S:
                continue
            if second >= (DAY + timedelta(days=1)).timestamp():
                continue
            passed[camera] += 1
            if following[0] - second <= LONGEST_S:
                took[camera, following[1]].append(following[0] - second)
    kept = {pair: sorted(times) for pair, times in took.items() if len(times) >= 20}
    assert kept.keys() == roads.links.keys() and len(kept) > 60
    for pair, times in kept.items():
        link = roads.links[pair]
        assert (link.travels, link.usual_s) == (len(times), times[len(times) // 2]), pair
        assert link.slow_s == times[int(len(times) * 0.9)]
    assert roads.passed == passed
    assert await travelled.roads(running()) == roads

    put(client, passes(9000, "JJ999J", ("road0-0", 0), ("road0-1", 3), ("road0-2", 6),
                       ("road0-2", 200), ("road0-1", 203), ("road4-0", 700)))  # fmt: skip
    eight = NOON + timedelta(minutes=8)
    put(client, [Row(1, "road0-3", eight, "JJ999X"),
                 Row(1, "road0-3", eight, "JJ999J", corrected_s=9)])  # fmt: skip
    asked = FindJourneys(scope=Scope(period=WHOLE_DAY), plate="jj 999 j")
    answer = await journeys.answer(asked, running())
    assert [[one.camera_id for one in trip.passages] for trip in answer.found] == [
        ["road4-0"], ["road0-2", "road0-1"], ["road0-0", "road0-1", "road0-2", "road0-3"],
    ]  # fmt: skip
    out, back = answer.found[2], answer.found[1]
    assert out.plate == Plate("JJ999J", "AL") and out.took_s == 480
    assert out.legs[0].usual == roads.link("road0-0", "road0-1") is not None
    assert out.heading is not None and back.heading is not None
    assert round(out.heading) == 90 and round(back.heading) == 270
    other = await journeys.answer(replace(asked, scope=Scope(period=WHOLE_DAY, country="XK")),
                                  running())  # fmt: skip
    assert other.found == ()
    assert (await journeys.answer(replace(asked, plate="JJ999X"), running())).found == ()
    # a day that grew much is learned anew, the others are not
    put(client, plausible(Random(6)))
    await travelled.learn(rows, running())
    assert sum((await travelled.roads(running())).passed.values()) > sum(passed.values())
