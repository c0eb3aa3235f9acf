"""Questions as plain JSON, whole and exact: what an approval is given for, and asked under it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from morina.accountability import Purpose, PurposeCode
from morina.accountability.approvals import Guarded, Request
from morina.accountability.trail import why_of
from morina.records.both_places import Area, BothPlaces
from morina.records.clone_search import FindImpossible
from morina.records.convoy import Convoy
from morina.records.convoy_meetings import Rule
from morina.records.figures import Period
from morina.records.finding import FindPassages, FindTexts
from morina.records.habits import FindHabits
from morina.records.journeys import FindJourneys
from morina.records.kinds import Question
from morina.records.place import Place, Spot, Strip
from morina.records.questions import Hours, Looks, Scope
from morina.records.texts import AnyText, Exact, LookAlikes, Near, Partial, Unread, Wildcard

_PARTS = (
    FindPassages, FindTexts, FindHabits, FindJourneys, FindImpossible, Convoy, Rule,
    BothPlaces, Area, Scope, Period, Hours, Looks, Place, Spot, Strip, AnyText, Exact, LookAlikes,
    Near, Partial, Unread, Wildcard,
)  # fmt: skip
_KNOWN: Mapping[str, type] = {part.__name__: part for part in _PARTS}


class NotReadableError(ValueError):
    """What is kept is no question this version knows; ask anew."""


def request_of(purpose: Purpose, question: Question, needed: str) -> Request:
    """What a second person is asked: just this question, under just this purpose."""
    return Request(
        kind=Guarded.QUESTION,
        requester=purpose.officer,
        words=question.words(),
        needed=needed,
        why=why_of(purpose),
        content={"question": said(question)},
    )


def asked_in(request: Request) -> tuple[Purpose, Question]:
    """Purpose and question of a request made by ``request_of``; NotReadableError."""
    why = dict(request.why)
    question: Question = heard(request.content.get("question"))
    code = PurposeCode(why.pop("code"))
    return Purpose(officer=request.requester, code=code, **why), question


def said(value: Any) -> Any:
    """As JSON without fractions; each part that is not plain names what it is."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: said(getattr(value, one.name)) for one in fields(value) if one.init}
        return {"is": type(value).__name__, **parts}
    if isinstance(value, frozenset | set):
        return {"is": "set", "of": sorted(map(said, value), key=str)}
    if isinstance(value, tuple | list):
        return [said(one) for one in value]
    if isinstance(value, bool | int | str) or value is None:
        return value.value if isinstance(value, Enum) else value
    return _tagged(value)


def heard(kept: Any) -> Any:
    """The value again; lists are tuples. NotReadableError."""
    if isinstance(kept, list):
        return tuple(map(heard, kept))
    if not isinstance(kept, Mapping):
        return kept
    name = str(kept.get("is"))
    parts = {key: one for key, one in kept.items() if key != "is"}
    try:
        if name in _KNOWN:
            return _KNOWN[name](**{key: heard(one) for key, one in parts.items()})
        return _HEARD[name](parts["of"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotReadableError(f"{name} cannot be read any more; ask anew") from error


def _tagged(value: Any) -> dict[str, str]:
    match value:
        case datetime():
            return {"is": "instant", "of": value.isoformat()}
        case time():
            return {"is": "time", "of": value.isoformat()}
        case timedelta():
            return {"is": "microseconds", "of": str(value // timedelta(microseconds=1))}
        case float():
            return {"is": "number", "of": repr(value)}
        case ZoneInfo():
            return {"is": "zone", "of": value.key}
    raise TypeError(f"{type(value).__name__} has no place in a question")


_HEARD: Mapping[str, Any] = {
    "set": lambda of: frozenset(map(heard, of)),
    "instant": datetime.fromisoformat,
    "time": time.fromisoformat,
    "microseconds": lambda of: timedelta(microseconds=int(of)),
    "number": float,
    "zone": ZoneInfo,
}
