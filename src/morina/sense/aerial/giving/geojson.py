"""Sorties, what they saw of the ground and their tracks as GeoJSON features (RFC 7946).

Coordinates are longitude, latitude, WGS 84, to a centimetre or so. Times are UTC; where a sortie's
telemetry has no clock, only seconds from its first picture are said.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from morina.sense.aerial.ground import ellipse_of
from morina.sense.aerial.reviewing import Named
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.sortie import Sortie
from morina.sense.aerial.track import Track

Feature = dict[str, Any]
Box = tuple[float, float, float, float]
"""West, south, east, north."""

_DIGITS = 7


def collection(features: Sequence[Feature]) -> Feature:
    """A whole document."""
    return {"type": "FeatureCollection", "features": list(features)}


def path(sortie: Sortie, moments: Sequence[Moment]) -> Feature:
    """The way the aircraft flew; without a geometry where nothing of it was worked through."""
    shape = _line([_place(one.longitude, one.latitude) for one in moments])
    span = _span(sortie, moments[0].at_s, moments[-1].at_s) if moments else {}
    return _feature(str(sortie.sortie_id), shape, span | {
        "name": sortie.name, "state": sortie.state.value, "case_number": sortie.case_number,
        "source": sortie.source, "rendered": sortie.rendered, "lacks": list(sortie.lacks),
        "forget_at": said(sortie.forget_at),
    })  # fmt: skip


def footprints(sortie: Sortie, moments: Sequence[Moment]) -> list[Feature]:
    """The ground in view, one polygon a worked-through picture that has one."""
    return [
        _feature(f"{sortie.sortie_id}.{one.frame}", _ring(one.footprint.ring), {
            "sortie_id": str(sortie.sortie_id), "name": sortie.name, "rendered": sortie.rendered,
            "frame": one.frame, "at_s": one.at_s, "at": said(clock(sortie, one.at_s)),
            "cut": one.footprint.cut, "metres_per_pixel": one.footprint.metres_per_pixel,
        })
        for one in moments if one.footprint is not None
    ]  # fmt: skip


def track(sortie: Sortie, one: Track, named: Mapping[UUID, Named]) -> Feature:
    """One anonymous track. ``kind`` is the machine's word, ``named`` a person's or null; the
    ellipse of its last place holds 90 %."""
    last, ellipse = one.points[-1], ellipse_of(one.points[-1].covariance)
    word = named.get(one.track_id)
    span = _span(sortie, one.points[0].at_s, last.at_s)
    shape = _line([_place(point.longitude, point.latitude) for point in one.points])
    return _feature(str(one.track_id), shape, span | {
        "sortie_id": str(sortie.sortie_id), "rendered": sortie.rendered, "kind": one.kind.value,
        "named": word.value if word else None, "hint": one.hint, "share": round(one.share, 3),
        "agreeing": one.agreeing, "last_speed_ms": round(last.speed_ms, 2),
        "last_course_deg": round(last.course_deg, 1), "last_major_m": round(ellipse.major_m, 2),
        "last_minor_m": round(ellipse.minor_m, 2),
        "last_bearing_deg": round(ellipse.bearing_deg, 1), "forget_at": said(sortie.forget_at),
    })  # fmt: skip


def box_of(feature: Feature) -> Box | None:
    """The box round a feature's places, None where it has none."""
    shape = feature["geometry"]
    if shape is None:
        return None
    places = shape["coordinates"]
    if shape["type"] == "Point":
        places = [places]
    elif shape["type"] == "Polygon":
        places = places[0]
    across, up = [p[0] for p in places], [p[1] for p in places]
    return min(across), min(up), max(across), max(up)


def clock(sortie: Sortie, at_s: float) -> datetime | None:
    """When a picture was taken; None where the telemetry has no clock."""
    if sortie.began_at is None or not sortie.clocked:
        return None
    return sortie.began_at + timedelta(seconds=at_s)


def said(at: datetime | None) -> str | None:
    """RFC 3339, UTC."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds")


def _span(sortie: Sortie, from_s: float, to_s: float) -> Feature:
    return {
        "from_s": from_s, "to_s": to_s, "start": said(clock(sortie, from_s)),
        "end": said(clock(sortie, to_s)),
    }  # fmt: skip


def _feature(key: str, shape: Feature | None, properties: Feature) -> Feature:
    return {"type": "Feature", "id": key, "geometry": shape, "properties": properties}


def _place(longitude: float, latitude: float) -> list[float]:
    return [round(longitude, _DIGITS), round(latitude, _DIGITS)]


def _line(places: Sequence[list[float]]) -> Feature | None:
    if not places:
        return None
    if len(places) == 1:
        return {"type": "Point", "coordinates": places[0]}
    return {"type": "LineString", "coordinates": list(places)}


def _ring(ring: Sequence[tuple[float, float]]) -> Feature:
    """Closed and counter-clockwise, as the format wants."""
    places = [_place(*one) for one in ring]
    if places[0] != places[-1]:
        places.append(places[0])
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(places))
    return {"type": "Polygon", "coordinates": [places if twice >= 0 else places[::-1]]}
