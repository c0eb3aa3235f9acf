"""Truck.klv: the middle of the picture by the product beside what the aircraft itself told.

No terrain of the place is at hand: the ground is flat at the height of the frame centre that each
packet tells (item 25, above mean sea level; both heights by EGM96). The aircraft's own answer is
no survey: this compares two calculations.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from tstrans.klv import ST_0601_UL, decode_uas_datalink

from aerial_errors.flat import Formula
from aerial_errors.march import metres_per_degree
from morina.sense.aerial.sources.klv import flight
from morina.sense.aerial.terrain.geoid import undulation
from morina.sense.aerial.terrain.terrain_ground import TerrainGround


def truck(file: Path) -> dict:
    data = file.read_bytes()
    told = flight([data])
    grounds = _ground_heights(data)
    assert len(grounds) == len(told.telemetry)
    first = told.telemetry[0].told_centre
    ground = TerrainGround(Formula(first, lambda east, north: 0 * (east + north)), reach_m=9_000)
    apart, inside = [], 0
    for moment, height in zip(told.telemetry, grounds, strict=True):
        pose = ground.pose(told, moment)
        pose = replace(pose, height_m=pose.height_m - height - float(undulation(*first)))
        place = ground.places(pose, np.array([[0.5, 0.5]]))[0]
        north, east = metres_per_degree(place.latitude)
        off = np.array([(moment.told_centre[1] - place.longitude) * east,
                        (moment.told_centre[0] - place.latitude) * north])  # fmt: skip
        ee, en, nn = place.covariance
        inside += off @ np.linalg.inv(np.array([[ee, en], [en, nn]])) @ off < 4.605
        apart.append((float(np.hypot(*off)), moment.told_slant_m, place.range_m))
    off, slant, ours = np.array(apart).T
    return {
        "packets": len(told.telemetry), "median_m": float(np.median(off)),
        "p90_m": float(np.quantile(off, 0.9)), "most_m": float(off.max()),
        "slant_m": [float(np.quantile(slant, q)) for q in (0, 0.5, 1)],
        "slant_apart_median_m": float(np.median(np.abs(slant - ours))),
        "in_ellipse": float(inside / len(off)),
    }  # fmt: skip


def _ground_heights(data: bytes) -> list[float]:
    """Item 25 of every packet, in time order, as the flight has them."""
    found = []
    places = [n for n in range(len(data)) if data.startswith(ST_0601_UL, n)]
    for begin, end in zip(places, [*places[1:], len(data)], strict=True):
        packet = decode_uas_datalink(data[begin:end])
        found.append((packet.timestamp_us, packet.frame_center_elev_m))
    return [height for _, height in sorted(found)]
