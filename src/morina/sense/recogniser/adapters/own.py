"""Reads plates with Morina's own two networks, made by ``training/`` and shipped beside this file.

One finds plates and their corners, one reads the straightened plate and names its country by its
looks. What they need told of them (sizes, alphabet, threshold) stands in the files' metadata.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from morina.sense.recogniser.country import Said
from morina.sense.recogniser.crops import batch_of, crop_of
from morina.sense.recogniser.decoding import (
    Characters,
    Texts,
    ctc_texts,
    mixed,
    slot_texts,
    softmax,
)
from morina.sense.recogniser.finding import (
    MOST,
    WIDE,
    Found,
    apart,
    fitted,
    longer_sides,
    plates_in,
)
from morina.sense.recogniser.lines import Box, Point
from morina.sense.recogniser.reading import Image, PlateReading
from morina.sense.recogniser.weighing import Weighed, weigh

MODELS = Path(__file__).parent.parent / "models"
LEAST_SURE, SURE_IF_ODD, SURE_IF_OTHER = 0.4, 0.5, 0.95
"""Texts held less likely than this are no read: a badge, a shop sign, a plate out of reach. More is
asked of a text that fits no series, and most of one that may be other writing: a word, without a
digit or with none but those taken for O and I; a telephone or stock number, all digits and long."""

FOUND_FROM = 0.3
"""Plates the finder is less sure of are not looked at. Below its own threshold, by which it is no
plate alone: here the reader has the last word."""

SHORTEST = 3
_LONGEST_NUMBER = 7
"""Digits a plate without a letter may have; no series known here has more."""

_DIGITS_OF_NO_WORD = frozenset("23456789")
_DECODERS = {"ctc": ctc_texts, "slots": slot_texts}
_TOLD = "morina"
_Look = tuple[NDArray[np.float32], NDArray[np.float32]]
"""What the reader says of one crop: characters (places x classes) and countries, both logits."""


class OwnRecogniser:
    """A Recogniser. Safe to call from several threads.

    ``countries`` (ISO alpha-2) are those expected, and the only ones named then; ``models`` is the
    folder of ``finder.onnx`` and ``reader.onnx``.
    """

    def __init__(
        self, threads: int = 1, countries: Collection[str] = (), models: Path = MODELS
    ) -> None:
        self._finder = _Finder.of(models / "finder.onnx", threads)
        self._reader = _Reader.of(models / "reader.onnx", threads)
        self._countries = tuple(countries)

    def read(
        self, images: Sequence[Image], said: Sequence[Said | None] = ()
    ) -> list[list[PlateReading]]:
        """For each picture its readings, surest first."""
        words = said or [None] * len(images)
        return [self._read(image, word) for image, word in zip(images, words, strict=True)]

    def _read(self, image: Image, said: Said | None) -> list[PlateReading]:
        found = self._finder.find(image)
        readings = []
        for one, seen in zip(found, self._reader.read(image, found), strict=True):
            what = weigh(seen.texts, seen.looks, self._countries, said) if seen else None
            if what is not None and _is_read(what):
                readings.append(_reading(one, what, image))
        return sorted(readings, key=lambda reading: -reading.confidence)


@dataclass(frozen=True, slots=True)
class _Finder:
    session: onnxruntime.InferenceSession
    stride: int
    longer_side: int
    threshold: float

    @classmethod
    def of(cls, path: Path, threads: int) -> "_Finder":
        session, told = _opened(path, threads)
        return cls(session, told["stride"], told["longer_side"], min(told["threshold"], FOUND_FROM))

    def find(self, image: Image) -> list[Found]:
        """The plates in a picture, surest first, in its pixels."""
        found: list[Found] = []
        for longer_side in longer_sides(image, self.longer_side):
            found = [plate for plate in found if plate.width > WIDE * max(image.shape[:2])]
            found += self._search(image, longer_side)
        return apart(found)[:MOST]

    def _search(self, image: Image, longer_side: int) -> list[Found]:
        """What is seen at that size, in the picture's own pixels."""
        picture = fitted(image, longer_side)
        heat, box, corners = self.session.run(["heat", "box", "corners"], {"picture": picture})
        plates = plates_in(heat[0, 0], box[0], corners[0], self.stride, self.threshold)
        (height, width), (rows, columns) = image.shape[:2], picture.shape[2:]
        return [plate.scaled(width / columns, height / rows) for plate in plates]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the reader makes of one plate: its texts, and how likely it looks each country's."""

    texts: Texts
    looks: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Reader:
    session: onnxruntime.InferenceSession
    height: int
    width: int
    characters: Characters
    decoder: str
    countries: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, threads: int) -> "_Reader":
        session, told = _opened(path, threads)
        return cls(
            session=session,
            height=told["height"],
            width=told["width"],
            characters=Characters(told["alphabet"], told["blank"], told["temperature"]),
            decoder=told["decoder"],
            countries=tuple(told["countries"]),
        )

    def read(self, image: Image, found: Sequence[Found]) -> list[_Seen | None]:
        """What each plate found says; None where that is nothing.

        What has text is looked at twice, straightened by its corners and as its box shows it:
        small plates have corners that are less sure.
        """
        first = self._look(image, [one.corners for one in found])
        texts = [at for at, (said, _) in enumerate(first) if self._has_text(said)]
        second = self._look(image, [found[at].box_corners for at in texts])
        seen: list[_Seen | None] = [None] * len(found)
        for at, again in zip(texts, second, strict=True):
            seen[at] = self._together((first[at], again))
        return seen

    def _look(self, image: Image, outlines: Sequence[Sequence[Point]]) -> list[_Look]:
        """What the network says of the plate in each outline."""
        if not outlines:
            return []
        crops = [crop_of(image, outline, self.height, self.width) for outline in outlines]
        said, looks = self.session.run(["characters", "country"], {"crops": batch_of(crops)})
        return list(zip(said, looks, strict=True))

    def _has_text(self, said: NDArray[np.float32]) -> bool:
        return int((said.argmax(axis=1) != self.characters.blank).sum()) >= SHORTEST

    def _together(self, looks: Sequence[_Look]) -> _Seen:
        """What the looks at one plate say together."""
        decode, classes = _DECODERS[self.decoder], self.characters.classes
        texts = mixed([decode(self.characters.probabilities(said), classes) for said, _ in looks])
        countries = softmax(np.stack([country for _, country in looks])).mean(axis=0).tolist()
        return _Seen(texts, dict(zip(self.countries, countries, strict=True)))


def _opened(path: Path, threads: int) -> tuple[onnxruntime.InferenceSession, dict[str, Any]]:
    """The network in a file, and what the file tells of it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(
        path, sess_options=options, providers=["CPUExecutionProvider"]
    )
    return session, json.loads(session.get_modelmeta().custom_metadata_map[_TOLD])


def _is_read(what: Weighed) -> bool:
    text = what.plate.text
    least = SURE_IF_ODD if what.is_odd else LEAST_SURE
    number = text.isdigit() and len(text) > _LONGEST_NUMBER
    if text.isalpha() or number or (what.is_odd and not set(text) & _DIGITS_OF_NO_WORD):
        least = SURE_IF_OTHER
    return len(text) >= SHORTEST and what.confidence >= least


def _reading(found: Found, what: Weighed, image: Image) -> PlateReading:
    return PlateReading(
        plate=what.plate,
        country_probability=what.country_probability,
        confidence=what.confidence,
        character_confidences=what.character_confidences,
        box=_within(found.box, image),
        corners=found.corners,
        seen=what.seen if what.seen != what.plate.text else "",
    )


def _within(box: Box, image: Image) -> Box:
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box
    return max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1)
