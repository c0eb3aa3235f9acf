"""Reads plates with the PP-OCRv6 text models that come inside RapidOCR's wheel.

Nothing is downloaded: both models are named by path. RapidOCR finds the lines of text; their
characters are decoded here, over the letters and digits of plates only, so that every character has
a confidence of its own and the odds of those it may be taken for.
"""

import logging
from collections.abc import Collection, Sequence
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr.ch_ppocr_det import TextDetector
from rapidocr.ch_ppocr_rec import TextRecognizer
from rapidocr.main import DEFAULT_CFG_PATH
from rapidocr.utils.parse_parameters import ParseParams

from morina.plates.plate import DIGITS, LETTERS
from morina.sense.recogniser.choosing import plates_among
from morina.sense.recogniser.country import Said
from morina.sense.recogniser.lines import Glyph, Point, TextLine
from morina.sense.recogniser.patch import patch_of
from morina.sense.recogniser.reading import Image, PlateReading

_MODELS = Path(rapidocr.__file__).parent / "models"
_BLANK = ""
_LATIN_OF_GREEK = dict(
    zip(
        map(chr, (913, 914, 917, 918, 919, 921, 922, 924, 925, 927, 929, 932, 933, 935)),
        "ABEZHIKMNOPTYX",
        strict=True,
    )
)
_MOST_ENLARGED = 2.0
_LOWEST_PX, _LONGEST_SHAPE, _STEEPEST = 6, 12, 40
_NARROWEST = 320 / 48
"""Width by height the reader was trained to be given at least; narrower is padded."""

_WORTH_SAYING = 1e-5


class RapidOcrRecogniser:
    """A Recogniser. Safe to call from several threads; they take turns.

    ``countries`` limits the grammars asked and the countries named; ``longest_side`` is the size in
    pixels at which plates are searched: larger finds smaller plates and takes longer.
    """

    def __init__(
        self, threads: int = 1, countries: Collection[str] = (), longest_side: int = 736
    ) -> None:
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        config = ParseParams.load(DEFAULT_CFG_PATH)
        engine = config.EngineConfig.onnxruntime
        engine.intra_op_num_threads, engine.inter_op_num_threads = threads, 1
        config.Det.engine_cfg = config.Rec.engine_cfg = engine
        config.Det.model_path = str(_MODELS / "PP-OCRv6_det_small.onnx")
        config.Det.limit_type, config.Det.limit_side_len = "max", longest_side
        config.Rec.model_path = str(_MODELS / "PP-OCRv6_rec_small.onnx")
        config.Rec.font_path = None
        self._finder = TextDetector(config.Det)
        self._reader = TextRecognizer(config.Rec)
        self._alphabet = _Alphabet(self._reader.postprocess_op.character)
        self._longest_side = longest_side
        self._countries = tuple(countries)
        self._turn = Lock()

    def read(
        self, images: Sequence[Image], said: Sequence[Said | None] = ()
    ) -> list[list[PlateReading]]:
        """For each picture its readings, surest first."""
        words = said or [None] * len(images)
        with self._turn:
            return [
                plates_among(self._lines(image), self._countries, word)
                for image, word in zip(images, words, strict=True)
            ]

    def _lines(self, image: Image) -> list[TextLine]:
        scale = min(self._longest_side / max(image.shape[:2]), _MOST_ENLARGED)
        searched = (
            cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
            if scale > 1
            else image
        )
        found = self._finder(searched).boxes
        lines = []
        for quad in [] if found is None else found:
            line = TextLine(_points(quad / max(scale, 1.0)), ())
            if _worth_reading(line):
                lines.append(TextLine(line.corners, self._glyphs(patch_of(image, line.corners))))
        return lines

    def _glyphs(self, patch: Image) -> tuple[Glyph, ...]:
        ratio = patch.shape[1] / patch.shape[0]
        batch = self._reader.resize_norm_img(patch, max(ratio, _NARROWEST))[np.newaxis]
        return self._alphabet.glyphs(self._reader.session(batch)[0])


def _points(quad: NDArray[np.floating]) -> tuple[Point, Point, Point, Point]:
    a, b, c, d = ((float(x), float(y)) for x, y in quad)
    return a, b, c, d


def _worth_reading(line: TextLine) -> bool:
    """Whether a line has the shape of a plate or of one word on it."""
    shape = line.width / max(line.height, 1.0)
    return (
        line.height >= _LOWEST_PX and 1 <= shape <= _LONGEST_SHAPE and abs(line.tilt) <= _STEEPEST
    )


class _Alphabet:
    """The characters of plates within those of the reader."""

    def __init__(self, characters: Sequence[str]) -> None:
        self._characters: list[str] = []
        self._small: list[bool] = []
        columns = []
        for column, character in enumerate(characters):
            meant = _BLANK if column == 0 else _LATIN_OF_GREEK.get(character, character.upper())
            if meant == _BLANK or meant in LETTERS or meant in DIGITS:
                columns.append(column)
                self._characters.append(meant)
                self._small.append(character != character.upper())
        self._columns = np.array(columns)

    def glyphs(self, probabilities: NDArray[np.float32]) -> tuple[Glyph, ...]:
        """Characters of a line given (steps, characters): best at each step, repeats merged."""
        best = probabilities.argmax(axis=1)
        known = probabilities[:, self._columns]
        choice = known.argmax(axis=1)
        is_known = self._columns[choice] == best
        glyphs: list[Glyph] = []
        previous = -1
        for step, pick in enumerate(choice):
            current = int(pick) if is_known[step] else -1
            if current not in (previous, -1) and self._characters[current] != _BLANK:
                glyphs.append(self._glyph(known[step], current))
            previous = current
        return tuple(glyphs)

    def _glyph(self, known: NDArray[np.float32], pick: int) -> Glyph:
        odds: dict[str, float] = {}
        for column in np.flatnonzero(known > _WORTH_SAYING):
            character = self._characters[column]
            if character not in (_BLANK, self._characters[pick]):
                odds[character] = max(odds.get(character, 0.0), float(known[column]))
        confidence = min(1.0, float(known[pick]))
        return Glyph(self._characters[pick], confidence, odds, self._small[pick])
