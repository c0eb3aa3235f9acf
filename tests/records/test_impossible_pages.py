"""Impossible journeys of one plate over many days: other plates are looked at once a day, and what
was judged before time was over is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

from morina.plates import Plate
from morina.records.clone_search import CloneSearch, FindImpossible, Part
from morina.records.clones import (
    Cameras,
    CloneRules,
    ImpossibleJourney,
    Judgement,
    Passage,
    TooFast,
    too_fast,
)
from morina.records.figures import Period
from morina.records.mistaken import Nearby, Often
from morina.records.questions import Limits, Scope, Stop
from morina.records.running import Running, StoppedError
from morina.sense.cameras import Camera, CameraRegistry

DAY = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 30
MONTH = Period(DAY, DAY + timedelta(days=DAYS))
PLATE = Plate("AB123CD", "AL")
CAMERAS = [
    Camera(camera_id=one, name="", site=one, latitude=0.0, longitude=east)
    for one, east in (("a", 0.0), ("b", 1.0))
]


class Registry:
    async def cameras(self) -> list[Camera]:
        return CAMERAS


def journey(at: datetime, text: str = PLATE.text) -> TooFast:
    first, second = (
        Passage(
            read_id=UUID(int=n), camera_id=camera, at=at + timedelta(minutes=n), confidence=0.97
        )
        for n, camera in enumerate("ab")
    )
    known = {one.camera_id: one for one in CAMERAS}
    found = too_fast(Plate(text, "AL"), first, second, known, CloneRules())
    assert found is not None
    return found


MINE = [
    journey(DAY + timedelta(days=day, hours=hour))
    for day in reversed(range(DAYS))
    for hour in (18, 6)
]
CLOCK = [journey(DAY + timedelta(days=3, hours=6, minutes=n), f"CC{n}") for n in range(8)]


@dataclass
class Seen:
    """Knows these journeys; once so many days of all plates were looked at no time is left."""

    scans: int = 1000
    days: set[Period] = field(default_factory=set)

    async def too_fast(
        self, asked: Part, _cameras: Cameras, _rules: CloneRules, _running: Running
    ) -> Sequence[TooFast]:
        if not asked.plate:
            self.days.add(asked.period)
            if len(self.days) > self.scans:
                raise StoppedError(Stop.TIME)
        within = asked.period
        return [
            one
            for one in (MINE if asked.plate else [*MINE, *CLOCK])
            if within.begins_at <= one.first.at and one.second.at < within.ends_at
        ]

    async def near(self, *_: object) -> Sequence[Nearby]:
        return []

    async def often(self, *_: object) -> Sequence[Often]:
        return []


ASKED = FindImpossible(scope=Scope(period=MONTH), plate=PLATE.text)


def search(seen: Seen) -> CloneSearch:
    return CloneSearch(seen, cast(CameraRegistry, Registry()), CloneRules())


def running(rows: int = 1000) -> Running:
    return Running(limits=Limits(rows=rows))


async def test_other_plates_are_looked_at_once_a_day() -> None:
    seen = Seen()
    answer = await search(seen).answer(ASKED, running())
    assert [one.second.at for one in answer.found] == [one.second.at for one in MINE]
    assert len(seen.days) == DAYS
    assert (answer.coverage.covered, answer.coverage.stopped, answer.more) == (MONTH, None, "")


async def test_journeys_among_many_others_are_a_fault_of_that_day_only() -> None:
    answer = await search(Seen()).answer(ASKED, running())
    [fault] = [one for one in answer.found if one.judgement is Judgement.FAULT]
    assert fault.first.at == DAY + timedelta(days=3, hours=6)


async def test_what_was_judged_before_time_was_over_is_told_and_the_rest_follows() -> None:
    found: list[ImpossibleJourney] = []
    asked, answers = ASKED, 0
    while True:
        answer = await search(Seen(scans=7)).answer(asked, running())
        answers += 1
        found += answer.found
        if not answer.more:
            break
        assert (answer.coverage.stopped, len(answer.found)) == (Stop.TIME, 14)
        assert answer.coverage.covered is not None
        assert answer.coverage.covered.begins_at == found[-1].second.at
        asked = replace(asked, after=answer.more)
    assert [one.second.at for one in found] == [one.second.at for one in MINE]
    assert answers == 5


async def test_pages_of_one_plate_go_on_where_the_one_before_ended() -> None:
    seen, asked = Seen(), ASKED
    found: list[ImpossibleJourney] = []
    while True:
        answer = await search(seen).answer(asked, running(rows=7))
        found += answer.found
        if not answer.more:
            break
        asked = replace(asked, after=answer.more)
    assert [one.second.at for one in found] == [one.second.at for one in MINE]
    assert len(seen.days) == DAYS
