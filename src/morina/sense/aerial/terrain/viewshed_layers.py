"""A viewshed for the map: a see-through picture, or polygons."""

import json

import cv2
import numpy as np
from rasterio.features import shapes
from rasterio.transform import Affine

from morina.sense.aerial.terrain.viewshed import Viewshed

_SEEN, _HIDDEN = 1, 2
_COLOURS = {_SEEN: (90, 220, 255, 110), _HIDDEN: (60, 20, 30, 170)}
"""Blue, green, red, alpha: bright and dark, told apart without seeing colours."""


def as_png(viewshed: Viewshed) -> bytes:
    """Hidden ground dark, seen ground bright, the rest clear; to be laid over ``bounds``."""
    marks = _marks(viewshed)
    picture = np.zeros((*marks.shape, 4), np.uint8)
    for mark, colour in _COLOURS.items():
        picture[marks == mark] = colour
    _, png = cv2.imencode(".png", picture)
    return bytes(png)


def as_geojson(viewshed: Viewshed) -> bytes:
    """A FeatureCollection (RFC 7946): polygons with the property ``seen``, true or false."""
    marks = _marks(viewshed)
    rows, columns = marks.shape
    west, south, east, north = viewshed.bounds
    transform = Affine((east - west) / columns, 0, west, 0, (south - north) / rows, north)
    features = [
        {"type": "Feature", "properties": {"seen": mark == _SEEN}, "geometry": shape}
        for shape, mark in shapes(marks, mask=marks > 0, transform=transform)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _marks(viewshed: Viewshed) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.where(viewshed.seen, _SEEN, np.where(viewshed.hidden, _HIDDEN, 0)).astype(np.uint8)
