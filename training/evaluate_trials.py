"""What the exported reader says of single plates, as the product reads them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from morina.plates import ALL_SERIES, readings_of
from morina.sense.recogniser.decoding import Characters, ctc_texts, softmax
from morina.sense.recogniser.weighing import weigh
from training.labels import Crop
from training.outputs import WIDTH
from training.plates import MadeUp, make_up
from training.samples import rendered, shown
from training.spoiling import Picture

Asked = tuple[str, str | None, str, float]
"""A plate's text, country, sign and width."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A plate and what was read on it: by the reader alone (``seen``, ``looks``), and all weighed.

    ``country`` is the plate's own, None where nobody noted it; ``width`` in pixels as photographed.
    """

    text: str
    country: str | None
    sign: str
    width: float
    seen: str
    read: str
    confidence: float
    named: str | None
    looks: str

    @property
    def exact(self) -> bool:
        """Whether it was read exactly."""
        return self.read == self.text


class Model:
    """The exported reader on one thread."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options)
        self.told = json.loads(self._session.get_modelmeta().custom_metadata_map["morina"])

    def outputs(self, crops: Sequence[Picture]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Log-probabilities of the characters, and country logits."""
        asked = np.stack(crops).transpose(0, 3, 1, 2).astype(np.float32) / 255
        parts = [
            self._session.run(None, {"crops": asked[at : at + 32]})
            for at in range(0, len(asked), 32)
        ]
        return np.concatenate([part[0] for part in parts]), np.concatenate(
            [part[1] for part in parts]
        )

    def ms(self, crop: Picture) -> float:
        """How long one crop takes."""
        asked = (crop.transpose(2, 0, 1)[None] / 255).astype(np.float32)
        times = []
        for _ in range(60):
            began = perf_counter()
            self._session.run(None, {"crops": asked})
            times.append(1000 * (perf_counter() - began))
        return float(np.median(times))

    def trials(
        self, plates: Sequence[Asked], crops: Sequence[Picture], temperature: float
    ) -> list[Trial]:
        """What is read on each crop, as the product reads it."""
        outputs = zip(plates, *self.outputs(crops), strict=True)
        return [self.trial(asked, said, looks, temperature) for asked, said, looks in outputs]

    def trial(
        self,
        asked: Asked,
        said: NDArray[np.float32],
        looks: NDArray[np.float32],
        temperature: float,
    ) -> Trial:
        """One plate, by what the network said of it."""
        characters = Characters(self.told["alphabet"], self.told["blank"], temperature)
        texts = ctc_texts(characters.probabilities(said), characters.classes)
        likely = dict(zip(self.told["countries"], softmax(looks).tolist(), strict=True))
        looked = max(likely, key=lambda country: likely[country])
        what = weigh(texts, likely)
        seen = max(texts, key=lambda one: one[1])[0]
        if what is None:
            return Trial(*asked, seen, "", 0.0, None, looked)
        return Trial(*asked, seen, what.plate.text, what.confidence, what.plate.country, looked)


def asked_of(crops: Sequence[Crop]) -> list[Asked]:
    """What is known of labelled plates."""
    labels = [crop.label for crop in crops]
    return [(one.text, one.country, one.sign, one.width) for one in labels]


def tried(
    model: Model, crops: Sequence[Crop], temperature: float, width: float | None = None
) -> list[Trial]:
    """Each labelled plate, shrunk to ``width`` pixels where it is wider."""
    return model.trials(asked_of(crops), [shown(crop, width) for crop in crops], temperature)


def made_up_from(
    model: Model, country: str, count: int, hardest: float, temperature: float = 1.0
) -> list[Trial]:
    """Plates of ``country`` drawn and spoilt as in training, from another seed."""
    return [trial for trial, _ in drawn(model, country, count, hardest, temperature)]


def drawn(
    model: Model, country: str, count: int, hardest: float, temperature: float
) -> list[tuple[Trial, Picture]]:
    """The same, each with its crop.

    Training makes up texts that a country does not issue as well (Montenegrin ones with I or O);
    here only those that fit one of its series are asked for.
    """
    rng = np.random.default_rng(99)
    issued = (plate for plate in _endless(rng, country) if _is_issued(plate.text, country))
    samples = [
        rendered(rng, plate, float(rng.uniform(0, hardest))) for plate in islice(issued, count)
    ]
    asked: list[Asked] = [(sample.text, country, country, WIDTH) for sample in samples]
    crops = [sample.image for sample in samples]
    return list(zip(model.trials(asked, crops, temperature), crops, strict=True))


def _endless(rng: np.random.Generator, country: str) -> Iterator[MadeUp]:
    while True:
        yield make_up(rng, country)


def _is_issued(text: str, country: str) -> bool:
    fits = readings_of(text, ALL_SERIES)
    return any(fit.strict for fit in fits if fit.series.country == country)
