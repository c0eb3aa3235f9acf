"""OpenAthena's 441 poses of surveyed points: their places and the product's, from the same poses.

What is taken how, as the capture does not say all that is needed:
- each calculation is matched with the nearest surveyed point, as their script does: both sides gain
  by it where points lie close together;
- the way the camera pointed is not in the file: it is the bearing from the drone to their own place
  less their offset of the pixel, so that the compass error is the same for both;
- heights called HAE are about 59 m over the surveyed ones: twice the geoid (28.6 m under the
  ellipsoid there), added where it had to be taken off. Twice the undulation of EGM96 is taken off,
  decided after that offset was seen;
- the terrain is one plane through the surveyed points (least squares); they used another.

So neither bearing, height nor terrain is independent of what is compared with.
"""

import csv
import math
from pathlib import Path

import numpy as np

from aerial_errors.flat import Formula
from aerial_errors.march import metres_per_degree
from morina.sense.aerial import Angles, Lens, Pose, Spread
from morina.sense.aerial.terrain.geoid import undulation
from morina.sense.aerial.terrain.terrain_ground import TerrainGround

PUBLISHED = {"cep": 7.73, "ce90": 17.3}
_SPREAD = Spread(horizontal_m=2, vertical_m=3, yaw_deg=2, pitch_deg=1, roll_deg=1)


def surveyed(folder: Path) -> dict:
    rows = _rows(next(folder.glob("OA-CoT-Capture*.csv")))
    points = np.array([
        [row["Latitude"], row["Longitude"], row["Elevation"]]
        for row in _rows(next(folder.glob("*GCPs.csv")))
    ])  # fmt: skip
    middle = (float(points[:, 0].mean()), float(points[:, 1].mean()))
    scale = np.array(metres_per_degree(middle[0]))
    known = (points[:, :2] - middle) * scale
    plane = np.linalg.lstsq(np.c_[np.ones(len(known)), known], points[:, 2], rcond=None)[0]
    terrain = Formula(middle, lambda east, north: plane[0] + plane[1] * north + plane[2] * east, 60)
    ground = TerrainGround(terrain, reach_m=900)
    lower = 2 * float(undulation(*middle))
    ours = np.array([_place(ground, row, lower, scale) for row in rows])
    theirs = np.array([[row["lat"], row["lon"]] for row in rows])
    spread = float((points[:, 2] - np.c_[np.ones(len(known)), known] @ plane).std())
    return {
        "poses": len(rows), "published": PUBLISHED, "theirs_again": _off(theirs, middle, known),
        "ours": _off(ours, middle, known), "heights_lowered_m": -lower,
        "points_off_the_plane_sd_m": spread,
    }  # fmt: skip


def _rows(file: Path) -> list[dict]:
    with file.open() as lines:
        return [
            {key: _number(value) for key, value in row.items()} for row in csv.DictReader(lines)
        ]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _place(ground: TerrainGround, row: dict, lower: float, scale: np.ndarray) -> tuple:
    north, east = (row["lat"] - row["droneLatitude"], row["lon"] - row["droneLongitude"]) * scale
    yaw = math.degrees(math.atan2(east, north)) - row["yawOffsetDegSelectedPoint"]
    sides = (("imageWidth", "f_x"), ("imageLength", "f_y"))
    view = tuple(2 * math.degrees(math.atan(row[side] / 2 / row[focal])) for side, focal in sides)
    pose = Pose(
        latitude=row["droneLatitude"], longitude=row["droneLongitude"],
        height_m=row["droneElevationHAE"] + lower, view=view, spread=_SPREAD,
        camera=Angles(yaw, -row["cameraSlantAngleDeg"], row["cameraRollAngleDeg"]),
        lens=Lens(**{key: row[key] for key in ("k1", "k2", "k3", "p1", "p2")}),
    )  # fmt: skip
    at = np.array([[row["imageSelectedProportionX"], row["imageSelectedProportionY"]]])
    place = ground.places(pose, at)[0]
    return place.latitude, place.longitude


def _off(found: np.ndarray, middle: tuple[float, float], known: np.ndarray) -> dict:
    at = (found - middle) * metres_per_degree(middle[0])
    off = np.hypot(*(at[:, None] - known[None]).transpose(2, 0, 1)).min(axis=1)
    return {"cep": float(np.median(off)), "ce90": float(np.quantile(off, 0.9))}
