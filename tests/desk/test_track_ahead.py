"""Which cameras a vehicle seen from the air may pass next, and when at the soonest."""

import pytest

from morina.desk.track_ahead import FASTEST_MS, MOST, cameras_ahead
from morina.records.roads import Link, Roads
from morina.sense.aerial import TrackPoint
from morina.sense.cameras import Camera

NO_ROADS = Roads({}, {})


def last(course_deg: float = 0.0, speed_ms: float = 12.0, sd_m: float = 2.0) -> TrackPoint:
    return TrackPoint(
        at_s=10.0, latitude=42.0, longitude=20.0, covariance=(sd_m**2, 0.0, sd_m**2),
        speed_ms=speed_ms, course_deg=course_deg,
    )  # fmt: skip


def camera(camera_id: str, north_km: float, east_km: float = 0.0) -> Camera:
    return Camera(
        camera_id=camera_id, name=camera_id, site="S", latitude=42.0 + north_km / 111.2,
        longitude=20.0 + east_km / (111.2 * 0.743145),
    )  # fmt: skip


def ids(point: TrackPoint, *cameras: Camera) -> list[str]:
    return [one.camera_id for one in cameras_ahead(point, cameras, NO_ROADS)]


def test_cameras_behind_and_beyond_reach_are_left_out() -> None:
    around = (camera("n", 5), camera("s", -5), camera("e", 0, 5), camera("far", 16))
    assert ids(last(0.0), *around) == ["n"]
    assert ids(last(180.0), *around) == ["s"]
    assert ids(last(45.0), *around) == ["e", "n"]
    assert ids(last(355.0), *around) == ["n"]


def test_where_it_stands_all_around_count() -> None:
    around = (camera("n", 5), camera("s", -5))
    assert set(ids(last(0.0, speed_ms=0.5), *around)) == {"n", "s"}


def test_bounds_come_from_the_straight_line_and_its_error() -> None:
    [one] = cameras_ahead(last(sd_m=100.0), [camera("n", 5)], NO_ROADS)
    error = 214.6
    assert one.distance_m == pytest.approx(5000, abs=1)
    assert one.soonest_s == pytest.approx((5000 - error) / FASTEST_MS, abs=0.1)
    assert one.latest_s == pytest.approx((5000 + error) * 2 / 5.5, abs=0.5)
    assert (one.after_id, one.usual_s) == ("", None)
    [under] = cameras_ahead(last(180.0, sd_m=100.0), [camera("n", 0.1)], NO_ROADS)
    assert under.soonest_s == 0.0


def test_cameras_that_follow_the_first_come_with_known_travel_times() -> None:
    links = [Link("n", "town", 60, 300.0, 420.0), Link("n", "n", 30, 10.0, 20.0)]
    roads = Roads.of(links, {"n": 100})
    near, beyond = cameras_ahead(last(), [camera("n", 5)], roads)
    assert (near.camera_id, near.after_id) == ("n", "")
    assert (beyond.camera_id, beyond.after_id) == ("town", "n")
    assert beyond.soonest_s == pytest.approx(near.soonest_s + 300)
    assert beyond.latest_s == pytest.approx(near.latest_s + 420)
    assert (beyond.usual_s, beyond.slow_s) == (300.0, 420.0)


def test_only_the_nearest_are_listed() -> None:
    many = [camera(f"c{n}", 1 + n / 10) for n in range(MOST + 3)]
    assert ids(last(), *many) == [f"c{n}" for n in range(MOST)]
