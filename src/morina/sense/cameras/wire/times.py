"""Instants from the times cameras write."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from typing import Literal

from morina.sense.cameras.reports import PayloadError

LONGEST_TIME = 48
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_S, LAST_S = 946_684_800, 4_102_444_800  # 2000-01-01 and 2100-01-01


class ZoneNeededError(PayloadError):
    """A local time, and nobody said where the camera's clock is."""


def instant_of(
    text: str,
    zone: tzinfo | None,
    formats: Collection[str] = (),
    doubts: list[str] | None = None,
) -> datetime:
    """``text`` as an instant in UTC.

    ``formats`` are of ``strptime`` and tried in order; without them the text is ISO 8601 with date
    and time of day. A time with an offset is taken as it is, one without as local in ``zone``. A
    local hour that came twice counts as the first, one that never came as if the clocks had not
    been changed; ``doubts`` takes a word on either. Raises ZoneNeededError where ``zone`` is
    needed and None, and PayloadError for another form and years outside 2000 to 2099.
    """
    parsed = _parsed(text.strip(), formats)
    if parsed.tzinfo is None and zone is None:
        raise ZoneNeededError(
            f"time {text!r} has no zone; set the camera's time zone (such as Europe/Tirane)"
        )
    if 1999 <= parsed.year <= 2100:  # the edges of what datetime can convert are far from it
        at = parsed.astimezone(UTC) if parsed.tzinfo else _local(parsed, zone, doubts)
        if 2000 <= at.year < 2100:
            return at
    raise PayloadError(f"time {text!r} is not in this century; set the camera's clock")


def zone_in(text: str) -> tzinfo | None:
    """The offset an ISO 8601 time carries; None where it has none or is no time."""
    try:
        return datetime.fromisoformat(text[:LONGEST_TIME]).tzinfo
    except ValueError:
        return None


def epoch(value: float | str, unit: Literal["s", "ms", "us", "ns"]) -> datetime:
    """The instant ``value`` units after 1970 (UTC), to the microsecond; numbers and their text.

    Raises PayloadError for another text and for years outside 2000 to 2099.
    """
    try:
        seconds = Fraction(value if isinstance(value, int) else _short(value)) / PER_SECOND[unit]
    except (ValueError, ZeroDivisionError) as error:
        raise PayloadError(f"time {str(value)[:LONGEST_TIME]!r} is not a number") from error
    if not FIRST_S <= seconds < LAST_S:
        raise PayloadError(f"a time in {unit} since 1970 is not in this century; set its clock")
    return EPOCH + timedelta(microseconds=round(seconds * 10**6))


def _short(value: float | str) -> str:
    text = str(value).strip()
    if len(text) > LONGEST_TIME or not set(text) <= set("0123456789.+-e") or len(text) < 1:
        raise ValueError(text[:LONGEST_TIME])
    if "e" in text:
        raise ValueError(text)  # an exponent of a million digits would be worked out
    return text


def _parsed(text: str, formats: Collection[str]) -> datetime:
    if len(text) > LONGEST_TIME:
        raise PayloadError(f"time {text[:LONGEST_TIME]!r} is too long for one")
    for form in formats:
        found = _strictly(text, form)
        if found is not None:
            return found
    if not formats and text.isascii() and len(text) > len("2026-03-14T"):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    wanted = " or ".join(formats) or "ISO 8601 with date and time"
    raise PayloadError(
        f"time {text!r} is not written {wanted}; check the camera's time format and firmware"
    )


def _strictly(text: str, form: str) -> datetime | None:
    """As ``strptime``, but ``2026031`` is no date: written out again it must be the same."""
    try:
        found = datetime.strptime(text, form)  # noqa: DTZ007 - the caller gives it its zone
        if "%z" in form:
            return found
        same = found.strftime(form).rstrip("0") == text.rstrip("0")
    except ValueError:
        return None
    return found if same else None


def _local(at: datetime, zone: tzinfo | None, doubts: list[str] | None) -> datetime:
    first, second = (at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    noted = doubts if doubts is not None else []
    if first < second:
        noted.append(f"local time {at.isoformat(' ')} came twice that night; the first is taken")
    elif first > second:
        noted.append(f"local time {at.isoformat(' ')} never came; the camera's clock is off")
    return first
