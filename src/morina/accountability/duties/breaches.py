"""Breaches of personal data and their clock: Directive (EU) 2016/680, articles 30 and 31."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from morina.accountability.duties.matters import (
    Concern,
    Matter,
    Opened,
    RefusedMatterError,
    Step,
    texts,
)

FIELDS = ("what", "whose", "data", "how_many", "consequences", "measures")
"""Article 30(3): nature, categories and numbers of persons and records, consequences, measures."""

STEPS: Mapping[str, tuple[str, ...]] = {
    "add": ("what",),
    "report": ("to_whom",),
    "no_report": ("reason",),
    "tell_persons": ("how",),
    "no_telling": ("reason",),
    "close": ("summary",),
}
"""Kind of step to the fields it needs."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Until when a breach must be reported, and whether it is. ``left_s`` is below 0 when late."""

    ends_at: datetime
    left_s: float
    reported_at: datetime | None
    settled: bool

    @property
    def is_late(self) -> bool:
        """Whether the time passed before it was reported or found not to need it."""
        return self.left_s < 0


def opened(said: Mapping[str, str], noticed_at: datetime, by: str, now: datetime) -> Opened:
    """A breach as it is first recorded; RefusedMatterError."""
    if noticed_at > now:
        raise RefusedMatterError("noticed_at", "lies ahead", "give when it was noticed")
    kept = texts(said, ("what", "whose"))
    return Opened(concern=Concern.BREACH, began_at=noticed_at, by=by, said=_known(kept, FIELDS))


def clock(breach: Matter, hours: int, now: datetime) -> Clock:
    """Not later than ``hours`` after somebody became aware of it (article 30(1): 72)."""
    ends = breach.began_at + timedelta(hours=hours)
    reported, decided = breach.newest("report"), breach.newest("no_report")
    stopped = min((one.at for one in (reported, decided) if one), default=now)
    left = (ends - stopped).total_seconds()
    return Clock(ends, left, reported.at if reported else None, bool(reported or decided))


def step(breach: Matter, kind: str, said: Mapping[str, str], of: tuple[str, datetime, int]) -> Step:
    """A step taken by ``of`` (who, when, hours of the clock); RefusedMatterError.

    A late report needs the reasons for the delay (article 30(1)); a breach is closed once it is
    reported, or somebody said why not, and once it is decided whether persons are told (31).
    """
    by, now, hours = of
    if breach.is_closed or kind not in STEPS:
        fault = "the breach is closed" if breach.is_closed else f"{kind[:40]!r} is no step"
        raise RefusedMatterError("step", fault, f"use one of {', '.join(STEPS)} of an open one")
    kept = texts(said, STEPS[kind])
    if kind == "report" and clock(breach, hours, now).is_late and "late_reason" not in kept:
        mend = "give the reasons for the delay; the report must carry them"
        raise RefusedMatterError("late_reason", f"{hours} hours are over", mend)
    if kind == "close":
        _refuse_undecided(breach)
    return Step(now, by, kind, kept)


def _refuse_undecided(breach: Matter) -> None:
    for one, other, fault in (
        ("report", "no_report", "nobody reported it or said why not"),
        ("tell_persons", "no_telling", "nobody decided whether the persons are told"),
    ):
        if not (breach.newest(one) or breach.newest(other)):
            raise RefusedMatterError("step", fault, f"take {one} or {other} first")


def _known(said: dict[str, str], fields: tuple[str, ...]) -> dict[str, str]:
    for name in said:
        if name not in fields:
            mend = f"use {', '.join(fields)}"
            raise RefusedMatterError(name[:40], "is no field of a breach", mend)
    return said
