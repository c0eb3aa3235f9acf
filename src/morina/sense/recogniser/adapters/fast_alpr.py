"""Reads plates with fast-alpr, for a site that has weights for it (extra ``morina[fast-alpr]``).

Nothing is fetched: finder, reader and the reader's configuration are files named by path. Text,
country and confidence are the networks' own, no grammar is asked, and since they give no corners a
plate's are those of its box.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnxruntime
from fast_alpr.base import OcrResult
from fast_alpr.default_ocr import DefaultOCR
from open_image_models.detection.core.yolo_v9 import YoloV9Detector

from morina.plates import NotAPlateError, Plate
from morina.plates.grammar import SURE_ENOUGH
from morina.sense.recogniser.country import Said
from morina.sense.recogniser.reading import Image, PlateReading

LEAST_SURE = 0.4
"""Boxes the finder is less sure of are no plates: the default of fast-alpr."""

SHORTEST = 3
_PADDING = "_"
_COUNTRIES = {
    "Albania": "AL", "Andorra": "AD", "Armenia": "AM", "Austria": "AT", "Azerbaijan": "AZ",
    "Belarus": "BY", "Belgium": "BE", "Bosnia and Herzegovina": "BA", "Bulgaria": "BG",
    "Croatia": "HR", "Cyprus": "CY", "Czech Republic": "CZ", "Denmark": "DK", "Estonia": "EE",
    "Finland": "FI", "France": "FR", "Georgia": "GE", "Germany": "DE", "Greece": "GR",
    "Hungary": "HU", "Iceland": "IS", "Ireland": "IE", "Italy": "IT", "Latvia": "LV",
    "Liechtenstein": "LI", "Lithuania": "LT", "Malta": "MT", "Moldova": "MD", "Monaco": "MC",
    "Montenegro": "ME", "Netherlands": "NL", "North Macedonia": "MK", "Norway": "NO",
    "Poland": "PL", "Portugal": "PT", "Romania": "RO", "San Marino": "SM", "Serbia": "RS",
    "Slovakia": "SK", "Slovenia": "SI", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH",
    "Turkey": "TR", "Ukraine": "UA", "United Kingdom": "GB",
}  # fmt: skip
"""Regions of its global readers that are countries Morina knows. Kosovo is none of them."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The files fast-alpr needs: a YOLOv9 finder, a reader of fast-plate-ocr, its YAML."""

    finder: Path
    reader: Path
    reader_config: Path


class FastAlprRecogniser:
    """A Recogniser. Safe to call from several threads.

    ``countries`` (ISO alpha-2) are the only ones named; without any, all are. Raises
    FileNotFoundError for a file of ``weights`` that is not there.
    """

    def __init__(self, weights: Weights, threads: int = 1, countries: Collection[str] = ()) -> None:
        for file in (weights.finder, weights.reader, weights.reader_config):
            if not file.is_file():
                raise FileNotFoundError(f"{file}: no such file; name where the weights are")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        on = {"providers": ["CPUExecutionProvider"], "sess_options": options}
        self._finder = YoloV9Detector(
            weights.finder, ["License Plate"], conf_thresh=LEAST_SURE, **on
        )
        self._reader = DefaultOCR(
            model_path=weights.reader, config_path=weights.reader_config, **on
        )
        self._countries = tuple(countries)

    def read(
        self,
        images: Sequence[Image],
        said: Sequence[Said | None] = (),  # noqa: ARG002 the country is the network's own
    ) -> list[list[PlateReading]]:
        """For each picture its readings, surest first."""
        return [self._read(image) for image in images]

    def _read(self, image: Image) -> list[PlateReading]:
        height, width = image.shape[:2]
        readings = []
        for found in self._finder.predict(image):
            box = found.bounding_box
            x0, y0, x1, y1 = max(0, box.x1), max(0, box.y1), min(width, box.x2), min(height, box.y2)
            if x0 < x1 and y0 < y1:
                said = self._reader.predict(image[y0:y1, x0:x1])
                readings += _readings(said, (x0, y0, x1, y1), self._countries)
        return sorted(readings, key=lambda reading: -reading.confidence)


def _readings(
    said: OcrResult, box: tuple[int, int, int, int], countries: Collection[str]
) -> list[PlateReading]:
    """What was read in ``box``: one reading, or none when it is no plate's text."""
    places = [place for place, character in enumerate(said.text) if character != _PADDING]
    text = "".join(said.text[place] for place in places)
    sureness = tuple(said.confidence[place] for place in places)
    country, probability = _country(said, countries)
    x0, y0, x1, y1 = map(float, box)
    try:
        plate = Plate(text, country)
    except NotAPlateError:
        return []
    reading = PlateReading(
        plate=plate,
        country_probability=probability,
        confidence=sum(sureness) / len(sureness),
        character_confidences=sureness,
        box=(x0, y0, x1, y1),
        corners=((x0, y0), (x1, y0), (x1, y1), (x0, y1)),
    )
    return [reading] if len(text) >= SHORTEST else []


def _country(said: OcrResult, countries: Collection[str]) -> tuple[str | None, float]:
    country = _COUNTRIES.get(said.region or "")
    probability = said.region_confidence or 0.0
    named = country is not None and (not countries or country in countries)
    return (country, probability) if named and probability >= SURE_ENOUGH else (None, 0.0)
