"""The question for impossible journeys: of one plate, or of all that passed in a period."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Protocol

from morina.plates import Plate
from morina.records.clone_judging import Judging, SeenAlike, one_a_fault, reach
from morina.records.clones import (
    FAULT_WITHIN,
    Cameras,
    CloneRules,
    Fault,
    ImpossibleJourney,
    Judgement,
    TooFast,
    faults,
)
from morina.records.figures import Period
from morina.records.kinds import RefusedQuestionError
from morina.records.pages import instant_of
from morina.records.patterns import plain_text
from morina.records.questions import NO_COUNTRY, Answer, Coverage, Looks, Scope, Stop
from morina.records.running import Running, StoppedError
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
            object.__setattr__(self, "plate", plain_text(self.plate, "plate"))
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


class Moved(SeenAlike, Protocol):
    """What knows which plates moved between cameras, and what else was about."""

    async def too_fast(
        self, asked: "Part", cameras: Cameras, rules: CloneRules, running: Running
    ) -> Sequence[TooFast]:
        """Journeys too fast between consecutive sure passages of one text and country, newest
        first by when they end, MOST_IN_PART at most."""


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
        known = {camera.camera_id: camera for camera in await self.registry.cameras()}
        within = {
            one: camera
            for one, camera in known.items()
            if scope.cameras is None or one in scope.cameras
        }
        looked = _Looked(asked, within, Judging(self.moved, known, self.rules))
        found = _Found([], scope.period.ends_at)
        for period in _parts(asked):
            if why := running.must_stop:
                found.stopped = why
                break
            try:
                await self._look(looked, period, found, running)
            except StoppedError as stopped:
                found.stopped = stopped.why
                break
            long = scope.period.ends_at - scope.period.begins_at
            running.share = (scope.period.ends_at - found.reached) / long
            if len(found.journeys) > running.limits.rows:
                break
        return _answer(asked, found, running.limits.rows)

    async def _look(
        self, looked: "_Looked", period: Period, found: _Found, running: Running
    ) -> None:
        """Judge the journeys that end in ``period``, newest first."""
        asked = looked.asked
        all_of_it = await self._too_fast(looked, period, asked.plate, running)
        if len(all_of_it) >= MOST_IN_PART:
            found.notes = (TOO_MANY,)
        mine = sorted(
            (one for one in all_of_it if _asked_for(one, asked, period)), key=_key, reverse=True
        )
        if asked.plate:
            await self._judge_days(looked, _rest(mine, asked.after), found, running)
        else:
            wrong = faults(all_of_it)
            rest = _rest(one_a_fault(mine, wrong), asked.after)
            await _judge(looked.judging, rest, wrong, found, running)
        if len(found.journeys) <= running.limits.rows:
            found.reached = period.begins_at

    async def _judge_days(
        self, looked: "_Looked", mine: Sequence[TooFast], found: _Found, running: Running
    ) -> None:
        """Judge one plate's journeys day by day: all plates are looked at once a day."""
        for day, group in groupby(mine, lambda one: one.second.at.date()):
            on_day = list(group)
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            about = Period(midnight, midnight + timedelta(days=1))
            wrong = await self._faults_among(looked, on_day, about, running)
            await _judge(looked.judging, on_day, wrong, found, running)
            if len(found.journeys) > running.limits.rows:
                return

    async def _faults_among(
        self, looked: "_Looked", these: Sequence[TooFast], about: Period, running: Running
    ) -> dict[TooFast, Fault]:
        """Which of these stand among many. First only passages of their own cameras are joined,
        which is soon done and misses none; all of them where that tells a fault."""
        there = {one: looked.cameras[one] for journey in these for one in journey.cameras}
        near = await self._too_fast(replace(looked, cameras=there), about, "", running)
        if faults(near).keys().isdisjoint(these):
            return {}
        return faults(await self._too_fast(looked, about, "", running))

    async def _too_fast(
        self, looked: "_Looked", period: Period, plate: str, running: Running
    ) -> Sequence[TooFast]:
        """Journeys that end in the period, and those around them that tell a fault."""
        cameras = looked.cameras
        wide = Period(
            period.begins_at - FAULT_WITHIN - reach(cameras, self.rules),
            period.ends_at + FAULT_WITHIN,
        )
        return await self.moved.too_fast(Part(wide, plate), cameras, self.rules, running)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is asked, the cameras in its scope, and what judges a journey."""

    asked: FindImpossible
    cameras: Cameras
    judging: Judging


async def _judge(
    judging: Judging,
    these: Sequence[TooFast],
    wrong: Mapping[TooFast, Fault],
    found: _Found,
    running: Running,
) -> None:
    """Judge them, newest first, until there are more than are shown."""
    for first in range(0, len(these), AT_ONCE):
        block = these[first : first + AT_ONCE]
        found.journeys += await judging.judged(block, wrong, running)
        found.reached = block[-1].second.at
        if len(found.journeys) > running.limits.rows:
            return


def _rest(these: Sequence[TooFast], after: str) -> Sequence[TooFast]:
    """Those that follow where an answer ended."""
    return [one for one in these if _key(one) < cursor_of(after)] if after else these


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
    return instant_of(at), rest


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
