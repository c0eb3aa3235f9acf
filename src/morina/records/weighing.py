"""What of a question decides who may ask it, and which plates an answer shows."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any

from morina.accountability.tiers import Facts
from morina.plates import Plate
from morina.records.both_places import BothPlaces
from morina.records.finding import FindPassages, FindTexts
from morina.records.kinds import AnyKind, Question

UNNAMED_WITHIN = timedelta(hours=24)
"""All that passed a stated place within a day is asked as one plate is; more is a pattern."""

LEAST_KNOWN = 4
"""Characters a pattern of a plate must give, or it names no vehicle."""

TEXTS = frozenset({"text", "texts", "plate"})
"""Fields of findings that hold a plate's text."""


def facts_of(kind: AnyKind, question: Question, now: datetime) -> Facts:
    """Of a question whose places are cameras already."""
    period = question.scope.period
    has_place = isinstance(question, BothPlaces) or question.scope.cameras is not None
    within = period.ends_at - period.begins_at <= UNNAMED_WITHIN
    short = has_place and within and isinstance(question, FindPassages | FindTexts)
    is_named = any(sum(map(str.isalnum, one)) >= LEAST_KNOWN for one in question.plates)
    return Facts(
        age_days=(now - period.begins_at) / timedelta(days=1),
        is_pattern=kind.pattern or not (is_named or short),
        has_place=has_place,
    )


def plates_in(found: Any) -> Iterator[str]:
    """Texts of plates anywhere in what was found; the same may come twice."""
    if isinstance(found, Plate):
        yield found.text
    elif isinstance(found, list | tuple | set | frozenset):
        for one in found:
            yield from plates_in(one)
    elif is_dataclass(found):
        for field in fields(found):
            value = getattr(found, field.name)
            if field.name in TEXTS:
                yield from _texts(value)
            else:
                yield from plates_in(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | set | frozenset) and all(
        isinstance(one, str) for one in value
    ):
        yield from value
    else:
        yield from plates_in(value)
