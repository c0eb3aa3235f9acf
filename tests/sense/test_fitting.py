"""Pictures that Morina encodes fit their limits; those that came stay as they came."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from tests.sense.test_reading_captures import NOON, a_capture, a_passage, png

from filming import ScriptedRecogniser
from morina.records.adapters.obstore import ObstoreImages
from morina.sense.cameras.following import Seen, kept_read
from morina.sense.recogniser.captures import read_plates
from morina.sense.recogniser.evidence import OVERVIEW_QUALITY, PATCH_QUALITY, decoded
from morina.sense.recogniser.fitting import (
    LEAST_BYTES,
    PictureSizes,
    encoded,
    fitted,
)
from morina.settings import SettingsError, load_settings
from morina.wiring.recogniser import sizes_of

NONE = PictureSizes(overview_bytes=0, patch_bytes=0)


def noise(height: int, width: int) -> np.ndarray:
    """What no encoder makes small."""
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_a_picture_that_fits_is_encoded_as_ever() -> None:
    road = np.full((320, 480, 3), 90, np.uint8)
    assert fitted(road, 85, 400_000) == (encoded(road, 85), 1.0)
    large = noise(200, 300)
    assert fitted(large, 85, 0) == (encoded(large, 85), 1.0)


def test_first_the_quality_goes_down_then_the_size() -> None:
    frame = noise(200, 300)
    at_least, at_best = len(encoded(frame, 45)), len(encoded(frame, 85))
    jpeg, scale = fitted(frame, 85, (at_least + at_best) // 2)
    assert scale == 1.0
    assert decoded(jpeg).shape == frame.shape
    smaller, scale = fitted(frame, 85, at_least // 2)
    assert len(smaller) <= at_least // 2
    height, width = decoded(smaller).shape[:2]
    assert (height, width) == (round(200 * scale), round(300 * scale))
    assert 0.4 < scale < 0.9


@pytest.mark.parametrize("shape", [(1080, 1920), (3, 4000), (4000, 1), (33, 33)])
@pytest.mark.parametrize("quality", [OVERVIEW_QUALITY, PATCH_QUALITY])
def test_the_least_limit_can_always_be_met(shape: tuple[int, int], quality: int) -> None:
    jpeg, _ = fitted(noise(*shape), quality, LEAST_BYTES)
    assert len(jpeg) <= LEAST_BYTES
    assert decoded(jpeg).size


async def test_a_frame_kept_smaller_still_says_where_its_plate_is(tmp_path: Path) -> None:
    images = ObstoreImages.at("", tmp_path)
    frame = noise(320, 480)
    seen = Seen(a_passage("AB12CDE", frame), NOON)
    usual = (await kept_read(seen, "c", images, NONE)).evidence
    small = (await kept_read(seen, "c", images, PictureSizes(20_000, LEAST_BYTES))).evidence
    assert usual is not None and small is not None
    overview, patch = await images.get(small.overview), await images.get(small.patch)
    assert len(overview) <= 20_000 and len(patch) <= LEAST_BYTES
    assert sha256(overview).hexdigest() == small.overview
    assert usual.box == (100.0, 170.0, 140.0, 182.0)
    scale = decoded(overview).shape[1] / 480
    assert scale < 0.9
    assert small.box == pytest.approx([scale * side for side in usual.box], abs=0.5)
    assert np.array(small.corners) == pytest.approx(scale * np.array(usual.corners), abs=0.5)


async def test_what_a_camera_sent_stays_as_it_came(tmp_path: Path) -> None:
    images = ObstoreImages.at("", tmp_path)
    picture = noise(320, 480)
    picture[170:182, 100:140] = (0, 0, 200)
    capture = a_capture(await images.put(sent := png(picture)))
    reader = ScriptedRecogniser({200: [("AB12CDE", 0.9)]})
    sizes = PictureSizes(LEAST_BYTES, LEAST_BYTES)
    (read,) = await read_plates(capture, images, reader, sizes)
    assert read.evidence is not None
    assert read.evidence.overview == capture.image == sha256(sent).hexdigest()
    assert len(await images.get(read.evidence.overview)) > LEAST_BYTES
    assert len(await images.get(read.evidence.patch)) <= LEAST_BYTES


async def test_an_unread_passage_is_kept_small_too(tmp_path: Path) -> None:
    images = ObstoreImages.at("", tmp_path)
    seen = Seen(a_passage(None, noise(320, 480)), NOON)
    evidence = (await kept_read(seen, "c", images, PictureSizes(20_000, LEAST_BYTES))).evidence
    assert evidence is not None
    assert len(await images.get(evidence.overview)) <= 20_000
    assert evidence.box[2] < 140


def test_the_limits_are_settings(tmp_path: Path) -> None:
    file = tmp_path / "morina.toml"
    assert sizes_of(load_settings(file)) == PictureSizes()
    file.write_text("[images]\noverview_bytes = 0\npatch_bytes = 9000\n")
    assert sizes_of(load_settings(file)) == PictureSizes(0, 9000)
    file.write_text("[images]\npatch_bytes = 10\n")
    with pytest.raises(SettingsError, match=r"images\.patch_bytes"):
        load_settings(file)
    with pytest.raises(ValueError, match="at least 5000"):
        PictureSizes(patch_bytes=10)
