"""The place and the hours of a question as the command line takes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from morina.wiring.refused import RefusedError

Json = Mapping[str, Any]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Where is looked, one of these at most; ``area`` and ``corridor`` are files of GeoJSON."""

    sites: Sequence[str] = ()
    groups: Sequence[str] = ()
    area: Path | None = None
    corridor: Path | None = None
    within_m: float = 0.0


def place_of(named: Named) -> Json | None:
    """The place as the API takes it, None for everywhere; RefusedError where it cannot be read."""
    given = {"--site": named.sites, "--group": named.groups, "--area": named.area,
             "--corridor": named.corridor}  # fmt: skip
    names = [name for name, value in given.items() if value]
    if len(names) > 1:
        raise RefusedError(f"{' and '.join(names)} were both given; give one of them")
    if named.area:
        return {"area": _spots(_drawn(named.area, "Polygon"))}
    if named.corridor:
        line = _spots(_drawn(named.corridor, "LineString"))
        return {"corridor": {"line": line, "within_m": named.within_m}}
    if named.groups:
        return {"groups": list(named.groups)}
    return {"sites": list(named.sites)} if named.sites else None


def hours_of(hours: str, weekdays: Sequence[str], zone: str) -> Json | None:
    """Such as ``22:00-05:00`` on some days by the clocks of ``zone``; None for all the time."""
    if not hours and not weekdays:
        return None
    said: dict[str, Any] = {"zone": zone}
    if hours:
        try:
            begins, ends = map(time.fromisoformat, hours.split("-"))
        except ValueError:
            raise RefusedError(f"--hours {hours}: these are no hours; write 22:00-05:00") from None
        said |= {"begins": begins.isoformat(), "ends": ends.isoformat()}
    if weekdays:
        said["weekdays"] = sorted({DAYS.index(day) for day in weekdays})
    return said


def _drawn(file: Path, form: str) -> list[tuple[float, float]]:
    """Longitude and latitude of each point of the one shape in a file (RFC 7946)."""
    try:
        shape = json.loads(file.read_text(encoding="utf-8"))
        return [(float(point[0]), float(point[1])) for point in _points(shape, form)]
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}") from None
    except (ValueError, LookupError, TypeError):
        one = "area" if form == "Polygon" else "line"
        mend = "one Polygon without holes" if form == "Polygon" else "one LineString"
        raise RefusedError(f"{file}: there is no single {one} in it; draw {mend}") from None


def _points(shape: Any, form: str) -> Sequence[Any]:
    """The line, or the ring without the corner that closes it (RFC 7946, 3.1.6)."""
    if shape["type"] == "FeatureCollection":
        [shape] = shape["features"]
    if shape["type"] == "Feature":
        shape = shape["geometry"]
    if shape["type"] != form:
        raise ValueError(shape["type"])
    if form == "LineString":
        return shape["coordinates"]  # type: ignore[no-any-return]  # JSON
    [ring] = shape["coordinates"]
    return ring[:-1] if ring[0] == ring[-1] else ring  # type: ignore[no-any-return]  # JSON


def _spots(points: Sequence[tuple[float, float]]) -> list[Json]:
    return [{"latitude": latitude, "longitude": longitude} for longitude, latitude in points]
