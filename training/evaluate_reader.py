"""How well the exported reader reads plates it never learnt from, given their boxes.

    python -m training.evaluate_reader --data FOLDER --model FILE.onnx [--json FILE] [--calibrate]

``--calibrate`` finds the temperature at which confidences are most truthful, and writes it into the
model. It is chosen on one half of the plates, drawn by their texts, and how truthful confidences
are is measured on the other. ``training.cards`` makes the model card of what ``--json`` writes.
"""

import argparse
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np
import onnx

from training.evaluate_trials import Model, Trial, asked_of, drawn, made_up_from, tried
from training.labels import Crop, crops_of, labels_in, split
from training.measures import Bin, calibration_bins, calibration_error, interval
from training.samples import shown
from training.spoiling import Picture

__all__ = ["Model", "Trial", "calibrated", "made_up_from", "measured", "rows", "share", "table"]

BEYOND_EUROPE = frozenset({"US", "BR"})
RENDERED = ("AL", "XK", "MK", "ME")
SHRUNK_TO = (70, 55, 45)
_RENDERED_COUNT = 300
_HARDEST = 0.7
_RENDERED_SHOWN = 2
"""How many of a country's rendered plates read wrongly are kept as pictures."""


class Wrong(TypedDict):
    """A photographed plate not read exactly; ``sure`` is the confidence of what was read."""

    text: str
    sign: str
    width: int
    read: str
    sure: float


class RenderedWrong(Wrong):
    """A plate made up and not read exactly; ``png`` is its crop, in base64."""

    png: str


class Calibration(TypedDict):
    """How truthful confidences are, on the half of plates the temperature was not chosen on.

    ``chosen`` is False where no temperature was chosen in this run, but the file's own taken.
    """

    chosen: bool
    temperature: float
    plates: int
    error: float
    error_at_70_px: float
    bins: list[Bin]


class Figures(TypedDict):
    """Everything measured; ``countries`` by sign, the commonest first."""

    groups: dict[str, dict[str, float]]
    countries: dict[str, dict[str, float]]
    calibration: Calibration
    ms_a_crop: float
    wrong: list[Wrong]
    rendered_wrong: list[RenderedWrong]


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
    """How many are exact, and between which bounds the share lies with 95 %.

    Shares of countries told right are left out where nobody noted one that is known here.
    """
    right = sum(trial.exact for trial in trials)
    low, high = interval(right, len(trials))
    shares = {
        "exact": right / len(trials),
        "low": low,
        "high": high,
        "by_eye": sum(trial.seen == trial.text for trial in trials) / len(trials),
    }
    if known := [trial for trial in trials if trial.country]:
        shares["country_by_eye"] = sum(t.looks == t.country for t in known) / len(known)
        shares["country_right"] = sum(t.named == t.country for t in known) / len(known)
    if noted := [trial for trial in trials if trial.country is not None]:
        british = [(t.named == "GB") == (t.country == "GB") for t in noted]
        shares["british_right"] = sum(british) / len(noted)
    return {"plates": len(trials)} | {name: round(one, 4) for name, one in shares.items()}


def is_chosen_on(text: str) -> bool:
    """Whether a plate is of the half on which the temperature is chosen."""
    return sha256(text.encode()).digest()[8] % 2 == 0


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

    return float(min(np.arange(0.6, 3.01, 0.1), key=surprise))


def measured(
    model: Model, crops: Sequence[Crop], temperature: float, chosen: bool = False
) -> Figures:
    """Everything; ``chosen`` says that the temperature was chosen in this run."""
    trials = tried(model, crops, temperature)
    groups = {
        name: share(found)
        for name, is_in in GROUPS.items()
        if (found := list(filter(is_in, trials)))
    }
    for width in SHRUNK_TO:
        groups[f"shrunk to {width} px"] = share(tried(model, crops, temperature, width))
    unread: list[RenderedWrong] = []
    for country in RENDERED:
        made_up = drawn(model, country, _RENDERED_COUNT, _HARDEST, temperature)
        groups[f"rendered {country}"] = share([trial for trial, _ in made_up])
        unread += [_with_picture(*one) for one in made_up if not one[0].exact][:_RENDERED_SHOWN]
    blurred = tried(model, crops, temperature, 70)
    return {
        "groups": groups,
        "countries": by_sign(trials),
        "calibration": _calibration(trials, blurred, temperature, chosen),
        "ms_a_crop": round(model.ms(shown(crops[0])), 2),
        "wrong": [_wrong(trial) for trial in trials if not trial.exact],
        "rendered_wrong": unread,
    }


def by_sign(trials: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """The shares of each country sign, the commonest first; ``?`` where nobody noted it."""
    counts = Counter(trial.sign for trial in trials)
    return {
        sign or "?": share([trial for trial in trials if trial.sign == sign])
        for sign, _ in counts.most_common()
    }


def _calibration(
    trials: Sequence[Trial], blurred: Sequence[Trial], temperature: float, chosen: bool
) -> Calibration:
    sharp, small = (
        ([one.confidence for one in half], [one.exact for one in half])
        for half in ([t for t in every if not is_chosen_on(t.text)] for every in (trials, blurred))
    )
    return {
        "chosen": chosen,
        "temperature": round(temperature, 4),
        "plates": len(sharp[0]),
        "error": round(calibration_error(*sharp), 4),
        "error_at_70_px": round(calibration_error(*small), 4),
        "bins": calibration_bins(*sharp),
    }


def _wrong(trial: Trial) -> Wrong:
    sure, width = round(trial.confidence, 2), round(trial.width)
    return Wrong(text=trial.text, sign=trial.sign, width=width, read=trial.read, sure=sure)


def _with_picture(trial: Trial, crop: Picture) -> RenderedWrong:
    _, png = cv2.imencode(".png", crop)
    return RenderedWrong(**_wrong(trial), png=b64encode(png.tobytes()).decode())


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
        temperature = calibrated(model, [crop for crop in crops if is_chosen_on(crop.label.text)])
        keep_temperature(given.model, temperature)
    found = measured(model, crops, temperature, given.calibrate)
    if given.json:
        given.json.write_text(
            json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    print(table(found))


_LAST = ("by_eye", "country_right", "country_by_eye", "british_right")


def rows(groups: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Shares as a Markdown table."""
    lines = [
        "| plates | count | exact % | 95 % between | by eye % | country % | by eye % | British % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, one in groups.items():
        low, high = one["low"] * 100, one["high"] * 100
        last = (f"{one[of] * 100:.1f}" if of in one else "-" for of in _LAST)
        told = (name, one["plates"], f"{one['exact'] * 100:.1f}", f"{low:.1f} to {high:.1f}", *last)
        lines.append(f"| {' | '.join(map(str, told))} |")
    return lines


def table(found: Figures) -> str:
    """The figures in short, as Markdown."""
    told = found["calibration"]
    return "\n".join(
        [
            *rows(found["groups"]),
            "",
            f"ms a crop: {found['ms_a_crop']}",
            f"calibration error: {told['error']} ({told['error_at_70_px']} at 70 px) on "
            f"{told['plates']} plates, temperature {told['temperature']}",
            "",
            *(
                f"{w['text']} ({w['sign']}, {w['width']} px): {w['read']} {w['sure']:.2f}"
                for w in found["wrong"]
            ),
        ]
    )


if __name__ == "__main__":
    main()
