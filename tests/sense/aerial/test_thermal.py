"""The thermal detector: what it is shown, what it tells, and the weights it ships with."""

import json

import cv2
import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from morina.sense.aerial.detection import Detection, ObjectKind
from morina.sense.aerial.seeing.thermal import (
    LONGER_SIDE,
    WEIGHTS,
    PictureError,
    ThermalDetector,
    fitted,
)

BUDGET_BYTES = 8_000_000
"""Of the twenty million of all networks of the project."""


@pytest.fixture(scope="module")
def detector() -> ThermalDetector:
    return ThermalDetector()


def night(*walkers: tuple[int, int], size: tuple[int, int] = (512, 640)) -> NDArray[np.uint8]:
    """A cool lawn with noise, and warm upright figures with heads at these places (x, y)."""
    rng = np.random.default_rng(7)
    ground = cv2.GaussianBlur(rng.normal(0, 60, size).astype(np.float32), (0, 0), 12) + 95
    for x, y in walkers:
        cv2.ellipse(ground, (x, y + 2), (4, 9), 0, 0, 360, (225.0,), -1)
        cv2.circle(ground, (x, y - 9), 3, (245.0,), -1)
    grey = cv2.GaussianBlur(ground, (0, 0), 0.8) + rng.normal(0, 2, size)
    return np.clip(grey, 0, 255).astype(np.uint8)


def at(found: tuple[Detection, ...], x: int, y: int) -> list[Detection]:
    return [one for one in found if one.box[0] <= x <= one.box[2] and one.box[1] <= y <= one.box[3]]


def test_a_warm_figure_on_cool_ground_is_a_person(detector: ThermalDetector) -> None:
    walkers = [(120, 140), (330, 260), (520, 400)]
    found = detector.detect(night(*walkers))
    for x, y in walkers:
        (person,) = at(found, x, y)
        assert person.kind is ObjectKind.PERSON
        left, top, right, bottom = person.box
        assert 5 <= right - left <= 20
        assert 14 <= bottom - top <= 36


def test_an_empty_lawn_has_nobody(detector: ThermalDetector) -> None:
    assert not [one for one in detector.detect(night()) if one.kind is ObjectKind.PERSON]


def test_boxes_are_in_pixels_of_the_picture_given(detector: ThermalDetector) -> None:
    small = night((330, 260))
    large = cv2.resize(small, (1280, 1024)).astype(np.uint8, copy=False)
    (one,) = at(detector.detect(small), 330, 260)
    (twice,) = at(detector.detect(large), 660, 520)
    assert np.array(twice.box) / 2 == pytest.approx(np.array(one.box), abs=3)


def test_colour_is_seen_as_grey(detector: ThermalDetector) -> None:
    grey = night((330, 260))
    colour = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
    (one,) = at(detector.detect(grey), 330, 260)
    (other,) = at(detector.detect(colour), 330, 260)
    assert other.confidence == pytest.approx(one.confidence, abs=0.05)


def test_strongest_first_and_nothing_below_what_is_asked() -> None:
    found = ThermalDetector(least_confidence=0.05).detect(night((120, 140), (330, 260)))
    sure = [one.confidence for one in found]
    assert sure == sorted(sure, reverse=True)
    assert min(sure) >= 0.05
    assert len(ThermalDetector(least_confidence=1.0).detect(night((330, 260)))) == 0


@given(kind=st.integers(0, 2), confidence=st.floats(0.01, 0.99))
def test_how_sure_and_how_likely_are_two_ways_of_one_thing(
    detector: ThermalDetector, kind: int, confidence: float
) -> None:
    there = detector.told.confidence(kind, detector.told.sure(kind, confidence))
    assert there == pytest.approx(confidence, abs=0.01)


def test_what_is_told_is_all_that_is_confident_enough(detector: ThermalDetector) -> None:
    image = night((120, 140), (330, 260), (520, 400))
    every = ThermalDetector(least_confidence=0.03).detect(image)
    threshold = dict(zip(detector.told.kinds, detector.told.threshold, strict=True))
    assert detector.detect(image) == tuple(
        one for one in every if one.confidence >= threshold[one.kind]
    )


@settings(max_examples=12, deadline=None)
@given(height=st.integers(40, 900), width=st.integers(40, 900), colour=st.booleans())
def test_any_frame_is_looked_at_and_boxes_stay_in_it(
    detector: ThermalDetector, height: int, width: int, colour: bool
) -> None:
    shape = (height, width, 3) if colour else (height, width)
    image = np.random.default_rng(height).integers(0, 256, shape).astype(np.uint8)
    if max(height, width) > 4 * min(height, width):
        with pytest.raises(PictureError, match="whole frame"):
            detector.detect(image)
        return
    for one in detector.detect(image):
        left, top, right, bottom = one.box
        assert 0 <= left <= right <= width
        assert 0 <= top <= bottom <= height
        assert 0 < one.confidence < 1


@given(height=st.integers(100, 2200), width=st.integers(100, 2200))
@settings(max_examples=30, deadline=None)
def test_a_picture_is_fitted_without_being_bent(height: int, width: int) -> None:
    if max(height, width) > 4 * min(height, width):
        return
    asked, scale = fitted(np.full((height, width), 51, np.uint8), 32)
    rows, columns = asked.shape[2:]
    assert rows % 32 == 0
    assert columns % 32 == 0
    assert max(height, width) * scale == pytest.approx(LONGER_SIDE)
    assert rows - 33 < height * scale <= rows + 1 or rows == 64
    assert columns - 33 < width * scale <= columns + 1 or columns == 64
    assert asked == pytest.approx(0.2)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((0, 40), np.uint8),
        np.zeros((40, 40, 4), np.uint8),
        np.zeros(40, np.uint8),
        np.zeros((40, 40), np.float32),
    ],
)
def test_what_is_no_picture_is_refused(detector: ThermalDetector, image: NDArray[np.uint8]) -> None:
    with pytest.raises(PictureError, match="uint8"):
        detector.detect(image)


def test_the_shipped_weights_are_small_and_say_what_they_are() -> None:
    assert WEIGHTS.stat().st_size < BUDGET_BYTES
    session = onnxruntime.InferenceSession(str(WEIGHTS), providers=["CPUExecutionProvider"])
    told = json.loads(session.get_modelmeta().custom_metadata_map["morina"])
    assert told["kinds"] == ["person", "vehicle", "bicycle"]
    for kind in told["kinds"]:
        assert told["calibration"][kind]["slope"] > 0, "a surer object must be likelier"
        assert 0 < told["calibration"][kind]["threshold"] < 1
    card = (WEIGHTS.parent / "THERMAL.md").read_text(encoding="utf-8")
    assert "HIT-UAV" in card
    assert "CC BY 4.0" in card
