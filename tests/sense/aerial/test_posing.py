"""Telemetry as a camera in space: every datum, and what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest

from made_terrain import OneClip, clip_of, middle
from morina.sense.aerial import (
    Angles,
    Flight,
    Height,
    HeightDatum,
    NoPlaceError,
    Spread,
    Telemetry,
)  # fmt: skip
from morina.sense.aerial.terrain.geoid import undulation
from morina.sense.aerial.terrain.terrain_ground import TerrainGround

CLIP = clip_of(lambda rows, _: np.full_like(rows, 640.0))
LATITUDE, LONGITUDE = middle(CLIP)
MOMENT = Telemetry(
    at_s=3.0, latitude=LATITUDE, longitude=LONGITUDE, height=Height(900.0, HeightDatum.ELLIPSOID),
    spread=Spread(horizontal_m=2, vertical_m=1.5, yaw_deg=1, pitch_deg=1, roll_deg=1),
    camera=Angles(10, -40), view=(60, 40),
)  # fmt: skip
FLIGHT = Flight(source="made", telemetry=(MOMENT,))


def ground(**options) -> TerrainGround:
    return TerrainGround(OneClip(CLIP), reach_m=2_000, **options)


def at(metres: float, datum: HeightDatum) -> Telemetry:
    return replace(MOMENT, height=Height(metres, datum))


def test_heights_above_the_ellipsoid_and_the_sea() -> None:
    assert ground().pose(FLIGHT, MOMENT).height_m == 900
    geoid = float(undulation(LATITUDE, LONGITUDE))
    assert 40 < geoid < 50
    sea = ground().pose(FLIGHT, at(900, HeightDatum.EGM96))
    assert sea.height_m == pytest.approx(900 + geoid)
    assert (sea.camera, sea.view, sea.spread) == (MOMENT.camera, MOMENT.view, MOMENT.spread)


@pytest.mark.parametrize("base", [HeightDatum.ELLIPSOID, HeightDatum.EGM96])
def test_heights_above_a_take_off_that_is_said(base: HeightDatum) -> None:
    flight = replace(FLIGHT, takeoff=Height(500, base))
    geoid = float(undulation(LATITUDE, LONGITUDE)) if base is HeightDatum.EGM96 else 0
    found = ground().pose(flight, at(120, HeightDatum.TAKEOFF))
    assert found.height_m == pytest.approx(620 + geoid)


def test_a_take_off_on_the_terrain_must_be_stated_and_costs_its_error() -> None:
    moment = at(120, HeightDatum.TAKEOFF)
    with pytest.raises(NoPlaceError, match=r"take-off.*state it for this flight"):
        ground().pose(FLIGHT, moment)
    begun = replace(FLIGHT, telemetry=(at(1.5, HeightDatum.TAKEOFF), moment))
    stated = ground().pose(replace(begun, takeoff_here=True), moment)
    assert stated == ground(takeoff_on_terrain=True).pose(begun, moment)
    assert stated.height_m == pytest.approx(760, abs=1e-3)
    assert stated.spread.vertical_m == pytest.approx(math.hypot(1.5, CLIP.sd_m))


def test_a_flight_that_begins_in_the_air_did_not_take_off_at_its_first_position() -> None:
    first = at(80, HeightDatum.TAKEOFF)
    flight = replace(FLIGHT, telemetry=(first, at(120, HeightDatum.TAKEOFF)), takeoff_here=True)
    with pytest.raises(NoPlaceError, match=r"80 m above the take-off.*state the height"):
        ground().pose(flight, first)
    with pytest.raises(NoPlaceError, match="80 m above the take-off"):
        ground(takeoff_on_terrain=True).pose(replace(flight, takeoff_here=False), first)
    said = replace(flight, takeoff=Height(500, HeightDatum.ELLIPSOID))
    assert ground().pose(said, first).height_m == 580


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"height": Height(900, HeightDatum.UNKNOWN)}, "counted from"),
        ({"height": Height(math.nan, HeightDatum.ELLIPSOID)}, "no number"),
        ({"camera": None}, "which way the camera points"),
        ({"camera": Angles(math.inf, 0)}, "no number"),
        ({"view": None}, "no field of view"),
        ({"view": (0.0, 20.0)}, "no field of view"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_guessed(changes: dict, said: str) -> None:
    with pytest.raises(NoPlaceError, match=said):
        ground(takeoff_on_terrain=True).pose(FLIGHT, replace(MOMENT, **changes))


def test_a_take_off_of_unknown_height_is_none() -> None:
    flight = replace(FLIGHT, takeoff=Height(0, HeightDatum.UNKNOWN))
    with pytest.raises(NoPlaceError, match="take-off"):
        ground().pose(flight, at(120, HeightDatum.TAKEOFF))
