"""A place as somebody types it: decimal degrees, or degrees with minutes and seconds, as rescuers
are shown them and hand-held receivers show them."""

import re

_PRIMES, _DOUBLES = "\u2032\u2019", "\u2033\u201d"
_NUMBER = r"\d+(?:[.,]\d+)?"
_DEGREES = (
    rf"(-?{_NUMBER})\s*°?(?:\s*({_NUMBER})\s*['{_PRIMES}])?(?:\s*({_NUMBER})\s*[\"{_DOUBLES}])?"
)
_APART = r"(?:\s*[,;]\s*|\s+|(?<=[NSns]))\s*"
_FORMS = (
    re.compile(rf"(?P<ns>[NS])\s*{_DEGREES}{_APART}(?P<ew>[EW])\s*{_DEGREES}", re.I),
    re.compile(rf"{_DEGREES}\s*(?P<ns>[NS]){_APART}{_DEGREES}\s*(?P<ew>[EW])", re.I),
    re.compile(rf"{_DEGREES}{_APART}{_DEGREES}"),
)


def typed_place(text: str) -> tuple[float, float]:
    """Latitude and longitude, WGS 84; ValueError where it is none. The latitude comes first."""
    for form in _FORMS:
        if found := form.fullmatch(text.strip()):
            return _place(found)
    raise ValueError("no place")


def _place(found: re.Match[str]) -> tuple[float, float]:
    of = found.groupdict()
    named = found.re.groupindex.values()
    parts = [one for n, one in enumerate(found.groups(), 1) if n not in named]
    latitude, longitude = _degrees(parts[:3]), _degrees(parts[3:])
    latitude = -latitude if of.get("ns", "N").upper() == "S" else latitude
    longitude = -longitude if of.get("ew", "E").upper() == "W" else longitude
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("no place")
    return latitude, longitude


def _degrees(parts: list[str | None]) -> float:
    whole, minutes, seconds = (float((one or "0").replace(",", ".")) for one in parts)
    if minutes >= 60 or seconds >= 60:
        raise ValueError("no place")
    rest = minutes / 60 + seconds / 3600
    return whole - rest if (parts[0] or "").startswith("-") else whole + rest
