"""Captures and passages become reads with their evidence kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import pytest

from filming import ScriptedRecogniser
from morina.plates import Plate
from morina.records.adapters.obstore import ObstoreImages
from morina.sense import Capture
from morina.sense.cameras.following import Seen, kept_read
from morina.sense.recogniser.captures import read_plates
from morina.sense.recogniser.evidence import decoded, encoded
from morina.sense.recogniser.passages import Passage

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def images(tmp_path: Path) -> ObstoreImages:
    return ObstoreImages.at("", tmp_path)


def a_road(number: int) -> np.ndarray:
    """A picture of one car whose plate is a patch of red ``number``; 0 has none."""
    picture = np.full((320, 480, 3), 90, np.uint8)
    if number:
        picture[170:182, 100:140] = (0, 0, number)
    return picture


def png(picture: np.ndarray) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


def a_capture(name: str) -> Capture:
    return Capture(
        capture_id=uuid4(), camera_id="c", captured_at=NOON, received_at=NOON, image=name
    )


async def test_a_capture_read_twice_gives_the_same_read(images: ObstoreImages) -> None:
    capture = a_capture(await images.put(png(a_road(200))))
    reader = ScriptedRecogniser({200: [("AB12CDE", 0.9)]})
    (first,) = await read_plates(capture, images, reader)
    (second,) = await read_plates(capture, images, reader)
    assert first.read_id == second.read_id
    assert first.plate is not None
    assert first.plate.text == "AB12CDE"
    assert first.captured_at == NOON


async def test_the_patch_is_cut_from_the_very_picture_that_was_read(images: ObstoreImages) -> None:
    capture = a_capture(await images.put(png(a_road(200))))
    (read,) = await read_plates(capture, images, ScriptedRecogniser({200: [("AB12CDE", 0.9)]}))
    assert read.evidence is not None
    assert read.evidence.overview == capture.image
    patch = decoded(await images.get(read.evidence.patch))
    assert patch.shape[1] > 2 * patch.shape[0]
    assert patch[..., 2].mean() > 150 > 60 > patch[..., 0].mean()


async def test_a_capture_without_a_plate_is_an_unread_passage_that_can_be_seen(
    images: ObstoreImages,
) -> None:
    capture = a_capture(await images.put(png(a_road(0))))
    (read,) = await read_plates(capture, images, ScriptedRecogniser({}))
    assert read.plate is None
    assert read.evidence is not None
    assert decoded(await images.get(read.evidence.patch)).shape[1] == 320
    assert not read.evidence.corners


async def test_a_capture_whose_picture_is_gone_or_broken_is_unread(images: ObstoreImages) -> None:
    broken = a_capture(await images.put(b"no picture"))
    for capture in (broken, a_capture("0" * 64)):
        (read,) = await read_plates(capture, images, ScriptedRecogniser({}))
        assert (read.plate, read.evidence) == (None, None)


def a_passage(text: str | None, picture: np.ndarray) -> Passage:
    corners = ((100.0, 170.0), (140.0, 170.0), (140.0, 182.0), (100.0, 182.0))
    return Passage(
        plate=None if text is None else Plate(text, "GB"),
        country_probability=0.9 if text else 0.0,
        confidence=0.9 if text else 0.0,
        character_confidences=(0.9,) * len(text or ""),
        first_seen_s=1.0,
        last_seen_s=3.0,
        best_frame_s=2.5,
        frames=4,
        box=(100.0, 170.0, 140.0, 182.0),
        corners=corners if text else (),
        image=picture,
    )


async def test_a_passage_is_a_read_of_its_best_frame(images: ObstoreImages) -> None:
    seen = Seen(a_passage("AB12CDE", a_road(200)), NOON)
    read = await kept_read(seen, "c", images)
    assert read.captured_at == NOON + timedelta(seconds=2.5)
    assert (read.frames, read.camera_id) == (4, "c")
    assert read.evidence is not None
    frame = decoded(await images.get(read.evidence.overview))
    assert abs(frame.astype(int) - a_road(200).astype(int)).mean() < 2
    assert (await kept_read(seen, "c", images)).read_id == read.read_id
    assert (await kept_read(seen, "d", images)).read_id != read.read_id


async def test_an_unread_passage_shows_the_vehicle(images: ObstoreImages) -> None:
    read = await kept_read(Seen(a_passage(None, a_road(200)), NOON), "c", images)
    assert read.plate is None
    assert read.evidence is not None
    vehicle = decoded(await images.get(read.evidence.patch))
    assert vehicle.shape[:2] == (12, 40)


def test_what_is_encoded_can_be_decoded() -> None:
    assert decoded(encoded(a_road(200), 90)).shape == (320, 480, 3)
