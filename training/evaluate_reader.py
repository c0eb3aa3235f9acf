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

from training.decoding import Reading, readings
from training.labels import Crop, crops_of, labels_in, split
from training.measures import calibration_error, interval
from training.plates import make_up
from training.samples import rendered, shown
from training.spoiling import Picture

BEYOND_EUROPE = frozenset({"US", "BR"})
RENDERED = ("AL", "XK", "MK", "ME")
SHRUNK_TO = (70, 55, 45)
_RENDERED_COUNT = 300
_HARDEST = 0.7


@dataclass(frozen=True, slots=True)
class Trial:
    """A plate, what it says and what was read on it."""

    text: str
    country: str | None
    sign: str
    width: float
    reading: Reading
    named: str

    @property
    def exact(self) -> bool:
        """Whether it was read exactly."""
        return self.reading.text == self.text


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

    def read(self, crops: Sequence[Picture], temperature: float) -> list[tuple[Reading, str]]:
        """A reading and the likeliest country of each crop."""
        places, country = self.outputs(crops)
        read = readings(places, self.told["alphabet"], self.told["blank"], temperature)
        names = [self.told["countries"][at] for at in country.argmax(1)]
        return list(zip(read, names, strict=True))


def tried(
    model: Model, crops: Sequence[Crop], temperature: float, width: float | None = None
) -> list[Trial]:
    """Each labelled plate, shrunk to ``width`` pixels where it is wider."""
    read = model.read([shown(crop, width) for crop in crops], temperature)
    return [
        Trial(crop.label.text, crop.label.country, crop.label.sign, crop.label.width, *one)
        for crop, one in zip(crops, read, strict=True)
    ]


def made_up(model: Model, country: str, temperature: float) -> list[Trial]:
    """Plates of ``country`` drawn and spoilt as in training, from another seed."""
    rng = np.random.default_rng(99)
    samples = [
        rendered(rng, make_up(rng, country), float(rng.uniform(0, _HARDEST)))
        for _ in range(_RENDERED_COUNT)
    ]
    read = model.read([sample.image for sample in samples], temperature)
    return [
        Trial(sample.text, country, country, 160, *one)
        for sample, one in zip(samples, read, strict=True)
    ]


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
    named = [t.named == t.country for t in trials if t.country]
    british = [(t.named == "GB") == (t.country == "GB") for t in trials if t.country is not None]
    return {
        "plates": len(trials),
        "exact": round(right / max(1, len(trials)), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "country_right": round(sum(named) / max(1, len(named)), 4),
        "british_right": round(sum(british) / max(1, len(british)), 4),
    }


def calibrated(model: Model, crops: Sequence[Crop]) -> float:
    """The temperature with the least surprise at which readings were right and which wrong."""
    outputs = [model.outputs([shown(crop, width) for crop in crops])[0] for width in (None, 70)]
    places = np.concatenate(outputs)
    texts = [crop.label.text for crop in crops] * 2

    def surprise(temperature: float) -> float:
        read = readings(places, model.told["alphabet"], model.told["blank"], temperature)
        right = np.array([r.text == text for r, text in zip(read, texts, strict=True)])
        sure = np.clip([r.confidence for r in read], 1e-6, 1 - 1e-6)
        return float(-np.mean(np.where(right, np.log(sure), np.log1p(-sure))))

    return float(min(np.arange(0.5, 4.01, 0.05), key=surprise))


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
        groups[f"rendered {country}"] = share(made_up(model, country, temperature))
    sure = [trial.reading.confidence for trial in trials]
    blurred = tried(model, crops, temperature, 70)
    return {
        "groups": groups,
        "temperature": temperature,
        "calibration_error": round(calibration_error(sure, [t.exact for t in trials]), 4),
        "calibration_error_at_70_px": round(
            calibration_error([t.reading.confidence for t in blurred], [t.exact for t in blurred]),
            4,
        ),
        "ms_a_crop": round(model.ms(shown(crops[0])), 2),
        "wrong": [
            f"{t.text} ({t.sign}, {t.width:.0f} px): {t.reading.text} {t.reading.confidence:.2f}"
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


def table(found: Figures) -> str:
    """The figures as Markdown."""
    rows = [
        "| plates | count | exact % | 95 % between | country % | British or not % |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in found["groups"].items():
        low, high = one["low"] * 100, one["high"] * 100
        rows.append(
            f"| {name} | {one['plates']} | {one['exact'] * 100:.1f} | {low:.1f} to {high:.1f} "
            f"| {one['country_right'] * 100:.1f} | {one['british_right'] * 100:.1f} |"
        )
    rest = [f"{name}: {value}" for name, value in found.items() if name not in ("groups", "wrong")]
    return "\n".join([*rows, "", *rest, "", *found["wrong"]])


if __name__ == "__main__":
    main()
