"""Morina: one border, worked together by the authorities of several countries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from morina.sense.recogniser.reading import Image, PlateReading, Recogniser

__all__ = ["read_plates"]


def read_plates(
    picture: str | Path | Image, *, countries: Sequence[str] = ()
) -> list[PlateReading]:
    """The plates in one picture, surest first.

    ``picture`` is a file's path or an array, height x width x 3, BGR, 8 bit. ``countries`` (ISO
    alpha-2, XK for Kosovo) limits the grammars asked and the countries named. Raises OSError when
    the file cannot be opened and ValueError when it is no picture. The first call loads the models.
    """
    from morina.sense.recogniser.evidence import decoded

    image = decoded(Path(picture).read_bytes()) if isinstance(picture, str | Path) else picture
    return _recogniser(tuple(countries)).read([image])[0]


@lru_cache(maxsize=4)
def _recogniser(countries: tuple[str, ...]) -> Recogniser:
    from morina.wiring.recogniser import recogniser

    return recogniser(countries=countries)
