"""What is asked of features: where, when, how many, and for what purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import ValidationError

from morina.accountability import Purpose
from morina.desk.api.asked import PurposeIn
from morina.desk.problems import ProblemError
from morina.sense.aerial.giving.geojson import Box, Feature, box_of
from morina.sense.aerial.roles import WaysWanted

HEADER = "Morina-Purpose"
"""Bears a purpose as a form: ``code=...&case_number=...``."""

MOST, USUAL = 10_000, 100
_KNOWN = frozenset({"bbox", "datetime", "limit", "offset", "f"})


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when; None is open."""

    start: datetime | None
    end: datetime | None

    def meets(self, about: Mapping[str, Any]) -> bool:
        """Whether a feature's time meets it; False for one without a clock."""
        first, last = about.get("start") or about.get("at"), about.get("end") or about.get("at")
        if not first or not last:
            return False
        begins, ends = datetime.fromisoformat(first), datetime.fromisoformat(last)
        return (self.end is None or begins <= self.end) and (
            self.start is None or ends >= self.start
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which features of a collection (OGC 17-069r4, 7.15): those that meet the box and the time,
    ``limit`` of them after ``offset``."""

    box: Box | None = None
    span: Span | None = None
    limit: int = USUAL
    offset: int = 0

    def holds(self, feature: Feature) -> bool:
        """Whether it is wanted. One without a place meets no box."""
        if self.span is not None and not self.span.meets(feature["properties"]):
            return False
        if self.box is None:
            return True
        found = box_of(feature)
        return found is not None and _meet(self.box, found)

    def ways(self) -> WaysWanted:
        """The same, of ways flown."""
        span = (self.span.start, self.span.end) if self.span else None
        return WaysWanted(box=self.box, span=span, limit=self.limit, offset=self.offset)


def wanted_of(request: Request) -> Wanted:
    """ProblemError (400) names the parameter that is unknown or cannot be, as OGC asks."""
    asked = dict(request.query_params)
    for name in asked.keys() - _KNOWN:
        raise _bad(name, "is no parameter", "use bbox, datetime, limit, offset")
    if asked.get("f", "json") not in {"json", "geojson"}:
        raise _bad("f", f"{asked['f'][:20]} is not given", "leave it out: it is GeoJSON")
    return Wanted(
        box=_box(asked["bbox"]) if "bbox" in asked else None,
        span=_span(asked["datetime"]) if "datetime" in asked else None,
        limit=min(_whole("limit", asked.get("limit", str(USUAL)), 1), MOST),
        offset=_whole("offset", asked.get("offset", "0"), 0),
    )


def purpose_of(request: Request, officer: str) -> Purpose:
    """ProblemError (422) where it says too little. It is a header, as addresses are written into
    the logs of proxies."""
    asked = dict(parse_qsl(request.headers.get(HEADER, "")))
    try:
        return PurposeIn.model_validate(asked).purpose(officer)
    except ValidationError as error:
        names = ", ".join(str(one["loc"][0]) for one in error.errors() if one["loc"])
        raise ProblemError(
            422, f"tracks are given for a purpose; {names} lacking or wrong",
            place=f"header {HEADER}",
            mend="send code, case_number, legal_basis and justification there as a form",
        ) from None  # fmt: skip


def _whole(name: str, value: str, least: int) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9 or int(value) < least:
        raise _bad(name, f"{value[:20]!r} is no whole number from {least}", "give one")
    return int(value)


def _box(value: str) -> Box:
    try:
        parts = [float(part) for part in value.split(",")]
    except ValueError:
        parts = []
    if len(parts) == 6:
        del parts[5], parts[2]
    if len(parts) != 4 or not (
        -180 <= parts[0] <= 180 and -180 <= parts[2] <= 180 and -90 <= parts[1] <= parts[3] <= 90
    ):
        raise _bad("bbox", "is no box", "give west,south,east,north in degrees")
    return parts[0], parts[1], parts[2], parts[3]


def _span(value: str) -> Span:
    first, slash, last = value.partition("/")
    try:
        start, end = _instant(first), _instant(last) if slash else _instant(first)
    except ValueError:
        raise _bad(
            "datetime", "is no time", "give RFC 3339, or two with / between, .. for open"
        ) from None
    if start is not None and end is not None and start > end:
        raise _bad("datetime", "ends before it begins", "give the earlier one first")
    return Span(start, end)


def _instant(text: str) -> datetime | None:
    if text in {"", ".."}:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _meet(one: Box, other: Box) -> bool:
    """West of one above its east: it goes over the date line."""
    if one[0] > one[2]:
        halves = (one[0], one[1], 180.0, one[3]), (-180.0, one[1], one[2], one[3])
        return any(_meet(half, other) for half in halves)
    across = one[0] <= other[2] and other[0] <= one[2]
    return across and one[1] <= other[3] and other[1] <= one[3]


def _bad(name: str, said: str, mend: str) -> ProblemError:
    return ProblemError(400, f"{name} {said}", place=f"query {name}"[:80], mend=mend)
