"""A camera that films and shows nothing, on rendered pictures."""

from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from morina.demo import Scene
from morina.demo.light import Hour
from morina.demo.scenes import Stage
from morina.sense.cameras.condition import Rules, Sight
from morina.sense.cameras.frames import Frame, Image, Picture
from morina.sense.cameras.sight import sight_in, sight_of
from morina.sense.cameras.states import Meter

NOON = datetime(2026, 3, 4, 11, tzinfo=UTC)
RULES = Rules()


def road(hour: Hour = Hour.DAY) -> Image:
    return Stage(Scene(hour=hour)).frame([])


def covered(shade: int) -> Image:
    """A cap or a sheet before the lens: one tone, with the sensor's grain."""
    grain = np.random.default_rng(1).normal(0, 6, (720, 1280, 3))
    return np.clip(shade + grain, 0, 255).astype(np.uint8)


def metered(image: Image) -> Sight:
    meter = Meter("c")
    meter.told(Frame(image, NOON))
    sight = meter.state().sight
    assert sight is not None
    return sight


@pytest.mark.parametrize("hour", list(Hour))
def test_a_rendered_road_without_a_vehicle_shows_something(hour: Hour) -> None:
    sight = metered(road(hour))
    assert sight.light > RULES.dark_below
    assert sight.spread > RULES.flat_below


def test_a_cap_before_the_lens_is_dark_and_a_sheet_is_flat() -> None:
    assert metered(covered(3)).light < RULES.dark_below
    sheet = metered(covered(128))
    assert sheet.light > RULES.dark_below
    assert sheet.spread < RULES.flat_below


def test_a_picture_looks_alike_encoded_and_as_pixels() -> None:
    encoded = cv2.imencode(".jpg", road())[1].tobytes()
    meter = Meter("c")
    meter.told(Picture(encoded, NOON, "a"))
    seen, pixels = meter.state().sight, sight_in(road())
    assert seen == sight_of(encoded)
    assert seen is not None
    assert pixels is not None
    assert (seen.light, seen.spread) == pytest.approx((pixels.light, pixels.spread), abs=0.01)


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_what_is_no_picture_has_no_sight(content: bytes) -> None:
    meter = Meter("c")
    meter.told(Picture(content, NOON, "a"))
    assert meter.state().sight is None
