"""Questions and answers in words, as the log of consultations keeps them."""

from collections.abc import Collection
from datetime import UTC, datetime

from morina.records.figures import Period
from morina.records.place import Place
from morina.records.questions import NO_COUNTRY, Coverage, Hours, Looks, Scope

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def scope_in_words(scope: Scope) -> str:
    """Where and when is looked, such as ``2026-03-01T08:00Z to ..., all cameras``."""
    parts = [period_in_words(scope.period), where_in_words(scope.cameras, scope.place)]
    if scope.hours is not None:
        parts.append(_hours(scope.hours))
    if scope.country:
        parts.append("country " + ("undecided" if scope.country == NO_COUNTRY else scope.country))
    return ", ".join([*parts, *_looks(scope.looks)])


def where_in_words(cameras: Collection[str] | None, place: Place | None) -> str:
    """Which cameras, and the place they are those of, if one was named."""
    if cameras is None:
        return place.words() if place else "all cameras"
    named = "cameras " + (", ".join(sorted(cameras)) or "none")
    return f"{place.words()}, {named}" if place else named


def period_in_words(period: Period) -> str:
    """Both ends, UTC."""
    return f"{instant_in_words(period.begins_at)} to {instant_in_words(period.ends_at)}"


def instant_in_words(at: datetime) -> str:
    """UTC, seconds only where there are some, so that it can be read and read back."""
    here = at.astimezone(UTC).replace(tzinfo=None)
    even = here.second == 0 and here.microsecond == 0
    return here.isoformat(timespec="minutes" if even else "auto") + "Z"


def coverage_in_words(coverage: Coverage) -> str:
    """What was looked at, and what of it is missing."""
    parts = [period_in_words(coverage.covered) if coverage.covered else "nothing"]
    if coverage.stopped is not None:
        parts.append(f"stopped: {coverage.stopped}")
    if coverage.down:
        cameras = sorted({one.camera_id for one in coverage.down})
        parts.append("down for a while: " + ", ".join(cameras))
    for less in coverage.less:
        kept = "only hits kept of" if less.hits_only else f"since {less.since:%Y-%m-%d} only"
        parts.append(f"{kept}: {', '.join(less.cameras)}")
    return "; ".join(parts)


def _hours(hours: Hours) -> str:
    days = ", ".join(_DAYS[day] for day in sorted(hours.weekdays))
    return f"{days} {hours.begins:%H:%M} to {hours.ends:%H:%M} {hours.zone.key}"


def _looks(looks: Looks) -> list[str]:
    asked = {
        "make": looks.make,
        "model": looks.model,
        "colour": looks.colour,
        "class": looks.vehicle_class,
    }
    return [f"{name} {value}" for name, value in asked.items() if value]
