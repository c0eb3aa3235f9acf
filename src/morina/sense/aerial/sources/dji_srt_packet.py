"""One packet of a DJI .SRT: what it says, before anything is made of it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from morina.sense.aerial.telemetry import Angles

_N = r"([-+]?\d{1,7}(?:\.\d{1,12})?)"
_INDEX = re.compile(r"\d{1,9}")
_TIMECODE = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)[,.](\d{3}) *-->")
_DATE = re.compile(
    r"(20\d\d)[.-](\d{1,2})[.-](\d{1,2}) (\d{1,2}):(\d\d):(\d\d)(?:[,.](\d{3})(?:,(\d{3}))?)?"
)
_LATITUDE = re.compile(r"\[latitude ?: ?" + _N + r"\]")
_LONGITUDE = re.compile(r"\[longt?itude ?: ?" + _N + r"\]")
_GPS = re.compile(rf"\bGPS ?\({_N}, ?{_N}, ?{_N}(M?)\)")
_HOME = re.compile(rf"\bHOME ?\({_N}, ?{_N}[,)]")
_APART = re.compile(rf"\bD {_N}m")
_GIMBAL = re.compile(rf"\bG\.PRY \({_N}[^,)]{{0,3}}, ?{_N}[^,)]{{0,3}}, ?{_N}[^,)]{{0,3}}\)")
_GIMBAL_NAMED = re.compile(rf"\[gb_yaw ?: ?{_N} gb_pitch ?: ?{_N} gb_roll ?: ?{_N}\]")
_OVER_TAKEOFF = (
    re.compile(rf"\bBAROMETER: ?{_N}"),
    re.compile(rf"\bHb: ?{_N}"),
    re.compile(rf"\bH {_N}m"),
    re.compile(rf"\[rel_alt ?: ?{_N}[ \]]"),
)
_ALTITUDE = re.compile(rf"\[altitude ?: ?{_N}\]")


class Form(StrEnum):
    """How a dialect writes a place, which says its order of latitude and longitude."""

    NAMED = "[latitude] [longitude]"
    LINES = "GPS(a,b,n) with a whole number"
    METRES = "GPS(a,b,0.0M)"
    CAPTION = "F/.., GPS (a, b, n)"
    DECIMAL = "GPS(a,b,0.0)"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two numbers of a place in the order they stand, and how many decimals they have."""

    first: float
    second: float
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """``number`` counts packets from 1. ``over_takeoff_m`` is the barometer's or the relative
    height; ``altitude_m`` a height whose datum the dialect does not say. ``apart_m`` from home."""

    number: int
    at_s: float | None
    clock: datetime | None
    form: Form | None
    place: Pair | None
    home: Pair | None
    apart_m: float | None
    over_takeoff_m: float | None
    altitude_m: float | None
    gimbal: Angles | None


def text_of(content: bytes) -> str:
    """UTF-8, with or without its mark, or UTF-16 with one; what cannot be read is replaced."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def packets(text: str) -> Iterator[Packet]:
    """In the file's order. A packet begins at a line that is a number alone."""
    lines: list[str] = []
    number = 0
    for line in text.splitlines():
        if _INDEX.fullmatch(line.strip("\ufeff ")):
            if lines:
                yield _packet(number, "\n".join(lines))
            number, lines = number + 1, []
        elif line.strip():
            lines.append(line)
    if lines:
        yield _packet(max(number, 1), "\n".join(lines))


def _packet(number: int, text: str) -> Packet:
    form, place = _place(text)
    home = _HOME.search(text)
    return Packet(
        number=number,
        at_s=_at_s(text),
        clock=_clock(text),
        form=form,
        place=place,
        home=_pair(home.group(1), home.group(2)) if home else None,
        apart_m=_first(text, _APART),
        over_takeoff_m=_first(text, *_OVER_TAKEOFF),
        altitude_m=_first(text, _ALTITUDE),
        gimbal=_gimbal(text),
    )


def _place(text: str) -> tuple[Form | None, Pair | None]:
    if (latitude := _LATITUDE.search(text)) and (longitude := _LONGITUDE.search(text)):
        return Form.NAMED, _pair(latitude.group(1), longitude.group(1))
    if not (gps := _GPS.search(text)):
        return None, None
    first, second, third, metres = gps.groups()
    pair = _pair(first, second)
    if metres:
        return Form.METRES, pair
    if "." in third:
        return Form.DECIMAL, pair
    return (Form.CAPTION if text[gps.start() + 3] == " " else Form.LINES), pair


def _pair(first: str, second: str) -> Pair:
    return Pair(float(first), float(second), min(_decimals(first), _decimals(second)))


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _first(text: str, *fields: re.Pattern[str]) -> float | None:
    found = next((m for m in (field.search(text) for field in fields) if m), None)
    return float(found.group(1)) if found else None


def _gimbal(text: str) -> Angles | None:
    """P4 RTK writes pitch, roll, yaw; the named form of newer aircraft says which is which."""
    if found := _GIMBAL.search(text):
        pitch, roll, yaw = (float(g) for g in found.groups())
    elif found := _GIMBAL_NAMED.search(text):
        yaw, pitch, roll = (float(g) for g in found.groups())
    else:
        return None
    if abs(pitch) > 180 or abs(roll) > 180 or abs(yaw) > 360:
        return None
    return Angles(yaw % 360, pitch, roll)


def _at_s(text: str) -> float | None:
    if not (found := _TIMECODE.search(text)):
        return None
    hours, minutes, seconds, thousandths = (int(g) for g in found.groups())
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _clock(text: str) -> datetime | None:
    """The aircraft's own clock, whose zone no dialect says: only differences of it are used."""
    if not (found := _DATE.search(text)):
        return None
    year, month, day, hour, minute, second, thousandths, millionths = (
        int(g or 0) for g in found.groups()
    )
    try:
        date = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (no zone is said)
    except ValueError:
        return None
    return date + timedelta(milliseconds=thousandths, microseconds=millionths)
