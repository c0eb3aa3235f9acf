"""Requests of persons about data of theirs: Directive (EU) 2016/680, articles 12 and 14 to 16."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from morina.accountability.duties.matters import (
    Concern,
    Matter,
    Opened,
    RefusedMatterError,
    Step,
    texts,
)


class Right(StrEnum):
    """What a person asks for."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"


FIELDS = ("right", "plate", "person", "said")
STEPS: Mapping[str, tuple[str, ...]] = {
    "identity": ("how",),
    "search": ("consultation",),
    "rectify": ("what",),
    "restrict": ("reason",),
    "notify": ("recipients",),
    "answer": ("how", "outcome"),
    "close": ("summary",),
}
"""Kind of step to the fields it needs."""

OUTCOMES = ("given", "given_in_part", "refused")


def opened(said: Mapping[str, str], received_at: datetime, by: str, now: datetime) -> Opened:
    """A request as it came in; ``person`` is a reference to the authority's own file, not a name.

    RefusedMatterError."""
    if received_at > now:
        raise RefusedMatterError("received_at", "lies ahead", "give when it was received")
    kept = texts(said, ("right", "plate", "person"))
    if kept["right"] not in list(Right):
        raise RefusedMatterError("right", "is none of these", f"use {', '.join(Right)}")
    for name in kept:
        if name not in FIELDS:
            mend = f"use {', '.join(FIELDS)}"
            raise RefusedMatterError(name[:40], "is no field of a request", mend)
    return Opened(concern=Concern.REQUEST, began_at=received_at, by=by, said=kept)


def due_on(request: Matter, days: int) -> date:
    """The last day of the answer; the days are the authority's setting, for article 12(3) says
    only "without undue delay"."""
    return (request.began_at + timedelta(days=days)).date()


def step(request: Matter, kind: str, said: Mapping[str, str], by: str, now: datetime) -> Step:
    """A step; RefusedMatterError.

    Nobody looks for the plate before it is known who asks (article 12(5)); a refusal gives its
    reasons for the record (15(3)); what was put right is told to those who got it (16(5), (6)).
    """
    if request.is_closed or kind not in STEPS:
        fault = "the request is closed" if request.is_closed else f"{kind[:40]!r} is no step"
        raise RefusedMatterError("step", fault, f"use one of {', '.join(STEPS)} of an open one")
    kept = texts(said, STEPS[kind])
    if kind not in ("identity", "close") and request.newest("identity") is None:
        fault = "nobody checked who asks"
        raise RefusedMatterError("identity", fault, "check it and record how first")
    if kind == "answer":
        _check_answer(kept)
    if kind == "close":
        _refuse_unfinished(request)
    return Step(now, by, kind, kept)


def _check_answer(said: Mapping[str, str]) -> None:
    if said["outcome"] not in OUTCOMES:
        raise RefusedMatterError("outcome", "is none of these", f"use {', '.join(OUTCOMES)}")
    if said["outcome"] != "given" and "reason" not in said:
        mend = "record the factual or legal reasons (article 15(4))"
        raise RefusedMatterError("reason", "is empty", mend)


def _refuse_unfinished(request: Matter) -> None:
    if request.newest("identity") and not request.newest("answer"):
        raise RefusedMatterError("step", "it has no answer", "answer it first")
    changed = request.newest("rectify") or request.newest("restrict")
    if changed and not request.newest("notify"):
        fault = "past recipients were not told"
        raise RefusedMatterError("step", fault, "send the notices and take notify first")
