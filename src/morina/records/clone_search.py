"""The question for impossible journeys: of one plate, or of all that passed in a period."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from morina.plates import Plate
from morina.records.clones import (
    FAULT_WITHIN,
    Cameras,
    CloneRules,
    Fault,
    ImpossibleJourney,
    Judgement,
    TooFast,
    faults,
    judged,
)
from morina.records.figures import Period
from morina.records.kinds import RefusedQuestionError
from morina.records.mistaken import AROUND, LOOKED_BACK, Around, MisreadTest, Nearby, Often, arounds
from morina.records.patterns import plain_text
from morina.records.questions import NO_COUNTRY, Answer, Coverage, Looks, Scope, Stop
from morina.records.running import Running, StoppedError
from morina.records.ways import EARTH_KM, km_between
from morina.records.wording import scope_in_words
from morina.sense.cameras import CameraRegistry

MOST_IN_PART = 20_000
"""Journeys looked at in one part of the period; more means a map of cameras that is wrong."""

AT_ONCE = 1000
"""Journeys for which other plates are looked up together."""

TOO_MANY = (
    f"{MOST_IN_PART} journeys or more were too fast on a day: of that day only the last are "
    "judged; look at the places of the cameras first"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindImpossible:
    """Impossible journeys that begin and end in the scope; of all plates where none is given."""

    scope: Scope
    plate: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        if self.plate:
            object.__setattr__(self, "plate", plain_text(self.plate))
        if self.scope.hours is not None or self.scope.looks != Looks():
            raise RefusedQuestionError(
                "scope", "hours and looks say nothing of a journey", "leave them out"
            )
        if self.after:
            cursor_of(self.after)

    @property
    def plates(self) -> tuple[str, ...]:
        """See kinds.Question."""
        return (self.plate,) if self.plate else ()

    def words(self) -> str:
        """See kinds.Question."""
        whose = f"of plate {self.plate}" if self.plate else "of all plates"
        return f"impossible journeys {whose}; {scope_in_words(self.scope)}"


class Moved(Protocol):
    """What knows which plates moved between cameras, and what else was about."""

    async def too_fast(
        self, asked: "Part", cameras: Cameras, rules: CloneRules, running: Running
    ) -> Sequence[TooFast]:
        """Journeys too fast between consecutive sure passages of one text and country, newest
        first by when they end, MOST_IN_PART at most."""

    async def near(
        self, texts: Collection[str], period: Period, running: Running
    ) -> Sequence[Nearby]:
        """Passages of these texts and of those like them."""

    async def often(
        self, texts: Collection[str], cameras: Collection[str], period: Period, running: Running
    ) -> Sequence[Often]:
        """On how many days texts like these passed these cameras."""


@dataclass(frozen=True, slots=True)
class Part:
    """Passages within ``period`` are looked at; of one plate where one is named."""

    period: Period
    plate: str = ""


@dataclass(slots=True)
class _Found:
    """What has been found, and down to where all of the period was looked at."""

    journeys: list[ImpossibleJourney]
    reached: datetime
    stopped: Stop | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CloneSearch:
    """Finds impossible journeys and says what each is likely to be."""

    moved: Moved
    registry: CameraRegistry
    rules: CloneRules

    async def answer(self, asked: FindImpossible, running: Running) -> Answer[ImpossibleJourney]:
        """The journeys that ended last first."""
        scope = asked.scope
        cameras = {
            camera.camera_id: camera
            for camera in await self.registry.cameras()
            if scope.cameras is None or camera.camera_id in scope.cameras
        }
        found = _Found([], scope.period.ends_at)
        for period in _parts(asked):
            if why := running.must_stop:
                found.stopped = why
                break
            try:
                await self._look(asked, period, cameras, found, running)
            except StoppedError as stopped:
                found.stopped = stopped.why
                break
            long = scope.period.ends_at - scope.period.begins_at
            running.share = (scope.period.ends_at - found.reached) / long
            if len(found.journeys) > running.limits.rows:
                break
        return _answer(asked, found, running.limits.rows)

    async def _look(
        self,
        asked: FindImpossible,
        period: Period,
        cameras: Cameras,
        found: _Found,
        running: Running,
    ) -> None:
        """Judge the journeys that end in ``period``, newest first."""
        wide = Period(
            period.begins_at - FAULT_WITHIN - reach(cameras, self.rules),
            period.ends_at + FAULT_WITHIN,
        )
        all_of_it = await self.moved.too_fast(Part(wide, asked.plate), cameras, self.rules, running)
        if len(all_of_it) >= MOST_IN_PART:
            found.notes = (TOO_MANY,)
        mine = sorted(
            (one for one in all_of_it if _asked_for(one, asked, period)), key=_key, reverse=True
        )
        if asked.plate:
            wrong = await self._faults_about(mine, cameras, running)
        else:
            wrong = faults(all_of_it)
            mine = _one_a_fault(mine, wrong)
        if asked.after:
            mine = [one for one in mine if _key(one) < cursor_of(asked.after)]
        test = MisreadTest(cameras, self.rules)
        for first in range(0, len(mine), AT_ONCE):
            block = mine[first : first + AT_ONCE]
            around = await self._around(block, wrong, running)
            found.journeys += [
                judged(one, wrong.get(one), test(one, around.get(one.plate.text, Around())))
                for one in block
            ]
            found.reached = block[-1].second.at
            if len(found.journeys) > running.limits.rows:
                return
        found.reached = period.begins_at

    async def _faults_about(
        self, mine: Sequence[TooFast], cameras: Cameras, running: Running
    ) -> dict[TooFast, Fault]:
        """Of one plate's journeys, those among many of other plates."""
        wrong: dict[TooFast, Fault] = {}
        for one in mine[: running.limits.rows]:
            about = Period(
                one.second.at - FAULT_WITHIN - reach(cameras, self.rules),
                one.second.at + FAULT_WITHIN,
            )
            others = await self.moved.too_fast(Part(about), cameras, self.rules, running)
            wrong |= {its: why for its, why in faults(others).items() if its == one}
        return wrong

    async def _around(
        self, these: Sequence[TooFast], wrong: Mapping[TooFast, Fault], running: Running
    ) -> dict[str, Around]:
        """By text, what was seen of it and of those like it while and where it was read."""
        unsure = [one for one in these if one not in wrong and not one.clock_wrong]
        near: list[Nearby] = []
        often: list[Often] = []
        for day in sorted({one.second.at.date() for one in unsure}):
            on_day = [one for one in unsure if one.second.at.date() == day]
            texts = {one.plate.text for one in on_day}
            times = [passage.at for one in on_day for passage in (one.first, one.second)]
            begins_at, ends_at = min(times) - AROUND, max(times) + AROUND
            near += await self.moved.near(texts, Period(begins_at, ends_at), running)
            at = {camera for one in on_day for camera in one.cameras}
            back = Period(ends_at - AROUND - LOOKED_BACK, ends_at)
            often += await self.moved.often(texts, at, back, running)
        seen = Around(tuple(dict.fromkeys(near)), tuple(often))
        return arounds({one.plate.text for one in unsure}, seen)


def _one_a_fault(these: Sequence[TooFast], wrong: Mapping[TooFast, Fault]) -> list[TooFast]:
    """Of the journeys between two cameras of which one is wrong, the newest only."""
    told: set[frozenset[str]] = set()
    kept = []
    for one in these:
        if one in wrong:
            if one.cameras in told:
                continue
            told.add(one.cameras)
        kept.append(one)
    return kept


def reach(cameras: Cameras, rules: CloneRules) -> timedelta:
    """No impossible journey takes longer: the widest way at the slowest speed allowed."""
    if not cameras:
        return timedelta()
    slowest = min([rules.most_kmh, *(one.most_kmh for one in rules.corridors)])
    some = next(iter(cameras.values()))
    farthest = max(km_between(some, one) for one in cameras.values())
    widest = min(2 * farthest, 3.1416 * EARTH_KM)
    return timedelta(hours=widest / slowest)


def _parts(asked: FindImpossible) -> Iterator[Period]:
    """Days, newest first; of one plate all at once."""
    period = asked.scope.period
    ends_at = period.ends_at
    while ends_at > period.begins_at:
        begins_at = period.begins_at
        if not asked.plate:
            midnight = (ends_at - timedelta(microseconds=1)).astimezone(UTC)
            midnight = midnight.replace(hour=0, minute=0, second=0, microsecond=0)
            begins_at = max(begins_at, midnight)
        if not asked.after or begins_at <= cursor_of(asked.after)[0]:
            yield Period(begins_at, ends_at)
        ends_at = begins_at


def _asked_for(one: TooFast, asked: FindImpossible, part: Period) -> bool:
    begins_at = asked.scope.period.begins_at
    inside = part.begins_at <= one.second.at < part.ends_at and one.first.at >= begins_at
    return inside and _issued(one.plate, asked.scope.country)


def _issued(plate: Plate, country: str) -> bool:
    if country == NO_COUNTRY:
        return plate.country is None
    return not country or plate.country == country


def _key(one: TooFast | ImpossibleJourney) -> tuple[datetime, str]:
    return one.second.at, f"{one.plate.text}.{one.plate.country or ''}"


def cursor_of(after: str) -> tuple[datetime, str]:
    """Where an answer ended; RefusedQuestionError where ``after`` is none of ours."""
    at, _, rest = after.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return moment.astimezone(UTC), rest
    except ValueError:
        raise RefusedQuestionError(
            "after", "is no place an answer ended", "send `more` as it was told"
        ) from None


def _answer(asked: FindImpossible, found: _Found, rows: int) -> Answer[ImpossibleJourney]:
    period = asked.scope.period
    shown, reached, more, stopped = found.journeys, found.reached, "", found.stopped
    if len(shown) > rows:
        shown, stopped, reached = shown[:rows], Stop.ROWS, shown[rows - 1].second.at
    if stopped is not None:
        last = _key(shown[-1]) if shown else (reached, "")
        rest = last[1] if last[0] == reached else ""
        more = f"{reached.isoformat()}~{rest}"
    covered = Period(reached, period.ends_at) if reached < period.ends_at else None
    notes = found.notes
    if not asked.plate and any(one.judgement is Judgement.FAULT for one in shown):
        notes = (*notes, "of two cameras with a clock or place fault, one journey a day is shown")
    coverage = Coverage(asked=period, covered=covered, stopped=stopped)
    return Answer(found=tuple(shown), coverage=coverage, more=more, notes=notes)
