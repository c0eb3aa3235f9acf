import sys
from pathlib import Path

import numpy as np
import pytest

from morina.sense.recogniser.adapters.own import OwnRecogniser
from morina.sense.recogniser.adapters.rapidocr import RapidOcrRecogniser
from morina.settings import Reading, SettingsError, load_settings
from morina.wiring.recogniser import recogniser
from networks import fast_alpr

BOX = (100, 200, 180, 220)
PICTURE = np.full((416, 416, 3), 120, np.uint8)


def weights(folder: Path) -> Reading:
    return Reading(
        recogniser="fast-alpr",
        fast_alpr_finder=folder / "finder.onnx",
        fast_alpr_reader=folder / "reader.onnx",
        fast_alpr_reader_config=folder / "reader.yaml",
    )


def test_one_setting_chooses_the_recogniser() -> None:
    assert isinstance(recogniser(Reading(recogniser="own")), OwnRecogniser)
    assert isinstance(recogniser(Reading(recogniser="rapidocr")), RapidOcrRecogniser)


@pytest.mark.parametrize(
    ("region", "country", "probability"),
    [("United Kingdom", "GB", 0.8), ("North Macedonia", "MK", 0.8), ("Thailand", None, 0)],
)
def test_fast_alpr_reads_with_the_weights_named(
    tmp_path: Path, region: str, country: str | None, probability: float
) -> None:
    pytest.importorskip("fast_alpr")
    fast_alpr(tmp_path, "AB12CDE", region, BOX)
    (reading,) = recogniser(weights(tmp_path)).read([PICTURE])[0]
    assert (reading.plate.text, reading.plate.country) == ("AB12CDE", country)
    assert reading.country_probability == pytest.approx(probability)
    assert reading.character_confidences == pytest.approx([0.9] * 7)
    assert reading.confidence == pytest.approx(0.9)
    assert reading.box == BOX
    assert reading.corners == ((100, 200), (180, 200), (180, 220), (100, 220))


def test_fast_alpr_names_only_countries_expected(tmp_path: Path) -> None:
    pytest.importorskip("fast_alpr")
    fast_alpr(tmp_path, "AB12CDE", "United Kingdom", BOX)
    (reading,) = recogniser(weights(tmp_path), ["AL"]).read([PICTURE])[0]
    assert (reading.plate.country, reading.country_probability) == (None, 0)


@pytest.mark.parametrize(
    ("text", "box"),
    [("", BOX), ("AB", BOX), ("AB12CDE", (180, 200, 100, 220)), ("AB12CDE", (500, 0, 600, 9))],
)
def test_what_is_no_text_or_no_box_is_no_reading(
    tmp_path: Path, text: str, box: tuple[int, int, int, int]
) -> None:
    pytest.importorskip("fast_alpr")
    fast_alpr(tmp_path, text, "United Kingdom", box)
    assert recogniser(weights(tmp_path)).read([PICTURE]) == [[]]


def test_a_file_of_fast_alpr_that_is_missing_is_named(tmp_path: Path) -> None:
    pytest.importorskip("fast_alpr")
    fast_alpr(tmp_path, "AB12CDE", "United Kingdom", BOX)
    (tmp_path / "reader.yaml").unlink()
    with pytest.raises(SettingsError, match=r"reading\.fast_alpr.*reader\.yaml"):
        recogniser(weights(tmp_path))


def test_fast_alpr_that_is_not_installed_says_how_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "morina.sense.recogniser.adapters.fast_alpr", raising=False)
    monkeypatch.setitem(sys.modules, "fast_alpr.base", None)
    with pytest.raises(SettingsError, match=r"pip install 'morina\[fast-alpr\]'"):
        recogniser(weights(tmp_path))


def test_fast_alpr_without_weights_is_refused_when_settings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "morina.toml"
    file.write_text("[reading]\nrecogniser = 'fast-alpr'\nfast_alpr_finder = 'a.onnx'\n")
    with pytest.raises(SettingsError, match="fast_alpr_reader_config"):
        load_settings(file)
