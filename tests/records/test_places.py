"""Which cameras are in an area, along a line, at a site."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon  # type: ignore[import-untyped]

from morina.records.kinds import RefusedQuestionError
from morina.records.places import Spot, along, at_sites, in_area
from morina.sense.cameras.camera import Camera


def a_camera(latitude: float, longitude: float, name: str = "one", site: str = "here") -> Camera:
    return Camera(camera_id=name, name=name, site=site, latitude=latitude, longitude=longitude)


SPOTS = st.builds(Spot, st.floats(41.30, 41.36), st.floats(19.80, 19.86))
METRES_NORTH = 111_195.08


@given(st.lists(SPOTS, min_size=3, max_size=6), SPOTS)
def test_an_area_holds_the_cameras_a_geometry_library_puts_there(
    ring: list[Spot], spot: Spot
) -> None:
    drawn = Polygon([(one.longitude, one.latitude) for one in ring])
    assume(drawn.is_valid)
    there = Point(spot.longitude, spot.latitude)
    assume(drawn.exterior.distance(there) > 2e-5)
    found = in_area([a_camera(spot.latitude, spot.longitude)], ring)
    assert found == ({"one"} if drawn.contains(there) else set())


@given(st.lists(SPOTS, min_size=2, max_size=6), SPOTS, st.floats(1, 3000))
def test_a_corridor_holds_the_cameras_within_its_metres(
    line: list[Spot], spot: Spot, within_m: float
) -> None:
    narrow = 0.7510  # cosine of a latitude among these
    drawn = LineString([(one.longitude * narrow, one.latitude) for one in line])
    metres = drawn.distance(Point(spot.longitude * narrow, spot.latitude)) * METRES_NORTH
    assume(abs(metres - within_m) > 2 + 0.005 * metres)
    found = along([a_camera(spot.latitude, spot.longitude)], line, within_m)
    assert found == ({"one"} if metres < within_m else set())


def test_a_camera_on_the_edge_is_in() -> None:
    ring = [Spot(41, 19), Spot(41, 20), Spot(42, 20), Spot(42, 19)]
    cameras = [a_camera(41, 19.5, "edge"), a_camera(42, 20, "corner"), a_camera(42.1, 19.5, "out")]
    assert in_area(cameras, ring) == {"edge", "corner"}


def test_an_area_may_cross_the_180th_meridian() -> None:
    ring = [Spot(-17, 179), Spot(-17, -179), Spot(-16, -179), Spot(-16, 179)]
    cameras = [
        a_camera(-16.5, 179.5, "west"),
        a_camera(-16.5, -179.5, "east"),
        a_camera(-16.5, 0, "far"),
    ]
    assert in_area(cameras, ring) == {"west", "east"}
    assert along(cameras, [Spot(-16.5, 179), Spot(-16.5, -179)], 10) == {"west", "east"}


def test_sites_are_named_and_must_have_a_camera() -> None:
    cameras = [a_camera(41, 19, "a", "Morinë"), a_camera(41, 19, "b", "Kapshticë")]
    assert at_sites(cameras, {"Morinë"}) == {"a"}
    with pytest.raises(RefusedQuestionError, match="sites: no camera stands at 'Hani'; choose"):
        at_sites(cameras, {"Morinë", "Hani"})


def test_what_is_no_area_is_refused() -> None:
    with pytest.raises(RefusedQuestionError, match="area: 2 corners; give 3 to 1000"):
        in_area([], [Spot(41, 19), Spot(42, 19)])
    with pytest.raises(RefusedQuestionError, match="area: 1 points"):
        along([], [Spot(41, 19)], 10)
    with pytest.raises(RefusedQuestionError, match="within_m"):
        along([], [Spot(41, 19), Spot(42, 19)], 0)
    with pytest.raises(RefusedQuestionError, match="not on Earth"):
        Spot(91, 0)
