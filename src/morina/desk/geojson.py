"""Tracks as GeoJSON (RFC 7946), with what the desk draws of each point."""

from collections.abc import Sequence
from typing import Any

from morina.sense.aerial.ground import ellipse_of
from morina.sense.aerial.track import Track, TrackPoint


def tracks_geojson(tracks: Sequence[Track]) -> dict[str, Any]:
    """A line for each; the lists of its properties go with its points."""
    return {"type": "FeatureCollection", "features": [_feature(track) for track in tracks]}


def _feature(track: Track) -> dict[str, Any]:
    places = [[round(p.longitude, 7), round(p.latitude, 7)] for p in track.points]
    alone = len(places) == 1
    shape = {"type": "Point" if alone else "LineString",
             "coordinates": places[0] if alone else places}  # fmt: skip
    said = {
        "track_id": str(track.track_id), "kind": track.kind.value, "agreeing": track.agreeing,
        "share": track.share, "hint": track.hint,
        "at_s": [point.at_s for point in track.points],
        "boxes": [point.box for point in track.points],
        "ellipses": [_ellipse(point) for point in track.points],
        "speeds_ms": [round(point.speed_ms, 2) for point in track.points],
    }  # fmt: skip
    return {"type": "Feature", "id": said["track_id"], "geometry": shape, "properties": said}


def _ellipse(point: TrackPoint) -> list[float]:
    """Semi-axes of 90 % in metres, bearing of the longer in degrees."""
    found = ellipse_of(point.covariance)
    return [round(found.major_m, 2), round(found.minor_m, 2), round(found.bearing_deg, 1)]
