"""How well the exported reader reads plates it never learnt from, given their boxes.

    python -m training.evaluate_reader --data FOLDER --model FILE.onnx [--json FILE] [--calibrate]

``--calibrate`` finds the temperature at which confidences are most truthful, and writes it into the
model.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypedDict

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from morina.sense.recogniser.decoding import Characters, ctc_texts, softmax
from morina.sense.recogniser.weighing import weigh
from training.labels import Crop, crops_of, labels_in, split
from training.measures import calibration_error, interval
from training.outputs import WIDTH
from training.plates import make_up
from training.samples import rendered, shown
from training.spoiling import Picture

Asked = tuple[str, str | None, str, float]
"""A plate's text, country, sign and width."""

BEYOND_EUROPE = frozenset({"US", "BR"})
RENDERED = ("AL", "XK", "MK", "ME")
SHRUNK_TO = (70, 55, 45)
_RENDERED_COUNT = 300
_HARDEST = 0.7


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


class Figures(TypedDict):
    """Everything measured; ``wrong`` shows every plate not read exactly."""

    groups: dict[str, dict[str, float]]
    temperature: float
    calibration_error: float
    calibration_error_at_70_px: float
    ms_a_crop: float
    wrong: list[str]


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
    rng = np.random.default_rng(99)
    samples = [
        rendered(rng, make_up(rng, country), float(rng.uniform(0, hardest))) for _ in range(count)
    ]
    asked: list[Asked] = [(sample.text, country, country, WIDTH) for sample in samples]
    return model.trials(asked, [sample.image for sample in samples], temperature)


GROUPS: dict[str, Callable[[Trial], bool]] = {
    "all": lambda _: True,
    "all, 60 px and wider": lambda t: t.width >= 60,
    "GB": lambda t: t.sign == "GB",
    "GB, 60 px and wider": lambda t: t.sign == "GB" and t.width >= 60,
    "other European": lambda t: t.sign not in BEYOND_EUROPE | {"GB", "RO", ""},
    "other European, 60 px and wider": lambda t: (
        t.sign not in BEYOND_EUROPE | {"GB", "RO", ""} and t.width >= 60
    ),
    "RO": lambda t: t.sign == "RO",
    "beyond Europe": lambda t: t.sign in BEYOND_EUROPE,
    "under 60 px": lambda t: t.width < 60,
    "60 to 100 px": lambda t: 60 <= t.width < 100,
    "100 to 150 px": lambda t: 100 <= t.width < 150,
    "150 px and wider": lambda t: t.width >= 150,
}


def share(trials: Sequence[Trial]) -> dict[str, float]:
    """How many are exact, and between which bounds the share lies with 95 %."""
    right = sum(trial.exact for trial in trials)
    low, high = interval(right, len(trials))
    known = [trial for trial in trials if trial.country]
    named = [trial.named == trial.country for trial in known]
    british = [(t.named == "GB") == (t.country == "GB") for t in trials if t.country is not None]
    return {
        "plates": len(trials),
        "exact": round(right / len(trials), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "by_eye": round(sum(trial.seen == trial.text for trial in trials) / len(trials), 4),
        "country_by_eye": round(sum(t.looks == t.country for t in known) / max(1, len(known)), 4),
        "country_right": round(sum(named) / max(1, len(named)), 4),
        "british_right": round(sum(british) / max(1, len(british)), 4),
    }


def calibrated(model: Model, crops: Sequence[Crop]) -> float:
    """The temperature with the least surprise at which readings were right and which wrong."""
    asked = asked_of(crops) * 2
    outputs = [model.outputs([shown(crop, width) for crop in crops]) for width in (None, 70)]
    said, looks = (np.concatenate([output[i] for output in outputs]) for i in (0, 1))

    def surprise(temperature: float) -> float:
        found = [model.trial(*one, temperature) for one in zip(asked, said, looks, strict=True)]
        right = np.array([trial.exact for trial in found])
        sure = np.clip([trial.confidence for trial in found], 1e-4, 1 - 1e-4)
        return float(-np.mean(np.where(right, np.log(sure), np.log1p(-sure))))

    return float(min(np.arange(0.6, 3.01, 0.2), key=surprise))


def measured(model: Model, crops: Sequence[Crop], temperature: float) -> Figures:
    """Everything, by group."""
    trials = tried(model, crops, temperature)
    groups = {
        name: share(found)
        for name, is_in in GROUPS.items()
        if (found := list(filter(is_in, trials)))
    }
    for width in SHRUNK_TO:
        groups[f"shrunk to {width} px"] = share(tried(model, crops, temperature, width))
    for country in RENDERED:
        groups[f"rendered {country}"] = share(
            made_up_from(model, country, _RENDERED_COUNT, _HARDEST, temperature)
        )
    sure = [trial.confidence for trial in trials]
    blurred = tried(model, crops, temperature, 70)
    return {
        "groups": groups,
        "temperature": temperature,
        "calibration_error": round(calibration_error(sure, [t.exact for t in trials]), 4),
        "calibration_error_at_70_px": round(
            calibration_error([t.confidence for t in blurred], [t.exact for t in blurred]),
            4,
        ),
        "ms_a_crop": round(model.ms(shown(crops[0])), 2),
        "wrong": [
            f"{t.text} ({t.sign}, {t.width:.0f} px): {t.read} {t.confidence:.2f}"
            for t in trials
            if not t.exact
        ],
    }


def keep_temperature(path: Path, temperature: float) -> None:
    """Write the temperature into the model's metadata."""
    model = onnx.load(str(path))
    told = {entry.key: entry.value for entry in model.metadata_props}
    told["morina"] = json.dumps(json.loads(told["morina"]) | {"temperature": round(temperature, 4)})
    onnx.helper.set_model_props(model, told)
    onnx.save(model, str(path))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--json", type=Path, help="write everything measured to this file")
    parser.add_argument("--calibrate", action="store_true")
    given = parser.parse_args()
    model = Model(given.model)
    crops = crops_of(split(labels_in(given.data))[1], given.data)
    temperature = float(model.told["temperature"])
    if given.calibrate:
        temperature = calibrated(model, crops)
        keep_temperature(given.model, temperature)
    found = measured(model, crops, temperature)
    if given.json:
        given.json.write_text(
            json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    print(table(found))


_LAST = ("by_eye", "country_right", "country_by_eye", "british_right")


def table(found: Figures) -> str:
    """The figures as Markdown."""
    rows = [
        "| plates | count | exact % | 95 % between | by eye % | country % | by eye % | British % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, one in found["groups"].items():
        low, high = one["low"] * 100, one["high"] * 100
        last = (f"{one[of] * 100:.1f}" for of in _LAST)
        told = (name, one["plates"], f"{one['exact'] * 100:.1f}", f"{low:.1f} to {high:.1f}", *last)
        rows.append(f"| {' | '.join(map(str, told))} |")
    rest = [f"{name}: {value}" for name, value in found.items() if name not in ("groups", "wrong")]
    return "\n".join([*rows, "", *rest, "", *found["wrong"]])


if __name__ == "__main__":
    main()
