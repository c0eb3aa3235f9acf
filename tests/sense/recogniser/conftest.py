from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from hypothesis import settings

from morina.demo.scenes import render_photograph
from morina.plates import Plate
from morina.sense.recogniser.reading import Image, Recogniser
from morina.wiring.recogniser import recogniser

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def reader() -> Recogniser:
    """The real recogniser."""
    return recogniser()


@pytest.fixture(scope="session")
def photograph() -> Callable[[str, str, int], Image]:
    """A rendered photograph of an invented plate, its country and a seed."""
    return lambda text, country, seed=0: render_photograph(Plate(text, country), seed=seed)[0]


@pytest.fixture
def folder(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    photograph: Callable[..., Image],
) -> Path:
    """The working folder, holding what docs/reading.md reads."""
    cv2.imwrite(str(tmp_path / "car.jpg"), photograph("EX19ABC", "GB"))
    cv2.imwrite(str(tmp_path / "van.jpg"), photograph("01234AB", "XK", 3))
    (tmp_path / "notes.jpg").write_text("not a picture")
    monkeypatch.chdir(tmp_path)
    return tmp_path
