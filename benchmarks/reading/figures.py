"""The figures of a recogniser, and which targets of its issue are missed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from reading.trials import MET, Tally, Trial

from morina.sense.cameras.chances import wilson
from morina.sense.recogniser.finding import overlap

WIDTHS = (0, 45, 60, 100, 200, 10_000)
AT_LEAST = {
    "exact_share": 0.99,
    "exact_share_at_55px": 0.95,
    "exact_share_at_45px": 0.80,
    "exact_share_gb_60px": 0.97,
    "exact_share_other_european_60px": 0.97,
}
AT_MOST = {"ms_median": 25.0, "calibration_error": 0.03}
READABLE_PX = 60
NOT_OTHER_EUROPEAN = frozenset({"GB", "RO", "US", "BR", "?"})
"""Countries measured apart: most Romanian plates come from one dashcam; ``?`` is not known."""

Figures = dict[str, Any]


def share(outcomes: Iterable[bool]) -> float:
    """The part that is true; 0 of nothing."""
    known = list(outcomes)
    return round(sum(known) / max(len(known), 1), 4)


def interval(right: int, of: int) -> tuple[float, float]:
    """Where the true share lies with 95 % (Wilson, 1927)."""
    found = wilson(right, of)
    return (round(found.low, 4), round(found.high, 4)) if found else (0.0, 1.0)


def calibration_error(trials: Sequence[Trial], bins: int = 10) -> float:
    """Mean distance of confidence and share of right texts, over bins of confidence (ECE)."""
    said: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for trial in trials:
        here = [r for r in trial.readings if overlap(r.box, trial.label.box) > MET]
        for reading in here[:1]:
            right = reading.plate.text == trial.label.text
            said[min(int(reading.confidence * bins), bins - 1)].append((reading.confidence, right))
    gaps = [abs(sum(c for c, _ in b) - sum(right for _, right in b)) for b in said.values()]
    return round(sum(gaps) / max(sum(map(len, said.values())), 1), 4)


def figures(tally: Tally, photos: int) -> Figures:
    """Everything measured of one recogniser."""
    trials = [trial for trial in tally.trials if trial.label.text]
    british = [t for t in trials if t.label.country == "GB"]
    foreign = [t for t in trials if t.label.country not in ("GB", "?")]
    first = 1 if 1 in tally.ms else next(iter(tally.ms))
    return {
        **_exact("exact_share", trials),
        **_of_wide_plates(trials),
        "look_alikes_folded_share": share(trial.alike for trial in trials),
        "character_error_rate": round(
            sum(t.errors for t in trials) / max(sum(len(t.label.text) for t in trials), 1), 4
        ),
        "finder_recall": share(trial.found for trial in tally.trials),
        "false_plates": len(tally.false),
        "false_plates_a_photograph": round(len(tally.false) / photos, 4),
        "calibration_error": calibration_error(trials),
        **{
            key: value
            for width, found in tally.shrunk.items()
            for key, value in _exact(f"exact_share_at_{width}px", found).items()
        },
        "british_said_british": [sum(map(_said_british, british)), len(british)],
        "others_said_british": [sum(map(_said_british, foreign)), len(foreign)],
        "by_country": _counted((t.label.country, t.exact) for t in trials),
        "by_width": _counted((_width_class(t.label.width), t.exact) for t in trials),
        "ms_median": round(float(np.median(tally.ms[first])), 1),
        "ms_p95": round(float(np.percentile(tally.ms[first], 95)), 1),
        "ms_median_by_threads": {n: round(float(np.median(ms)), 1) for n, ms in tally.ms.items()},
        "wrong": [
            f"{t.label.text} ({t.label.country}, {t.label.width:.0f} px): "
            + (", ".join(r.plate.text for r in t.readings) or "-")
            for t in trials
            if not t.exact
        ],
        "false": tally.false,
    }


def _exact(name: str, trials: Sequence[Trial]) -> Figures:
    """The share read exactly, between which bounds it lies, and of how many."""
    right = sum(trial.exact for trial in trials)
    bounds = interval(right, len(trials))
    return {name: share(t.exact for t in trials), f"{name}_95": bounds, f"{name}_of": len(trials)}


def _of_wide_plates(trials: Sequence[Trial]) -> Figures:
    """Of plates at least 60 px wide the British and the other European, where there are any."""
    wide = [trial for trial in trials if trial.label.width >= READABLE_PX]
    kinds = {
        "exact_share_gb_60px": [t for t in wide if t.label.country == "GB"],
        "exact_share_other_european_60px": [
            t for t in wide if t.label.country not in NOT_OTHER_EUROPEAN
        ],
    }
    return {
        key: value for name, of in kinds.items() if of for key, value in _exact(name, of).items()
    }


def _said_british(trial: Trial) -> bool:
    return trial.best is not None and trial.best.plate.country == "GB"


def _width_class(width: float) -> str:
    place = int(np.searchsorted(WIDTHS, width, side="right"))
    return f"{WIDTHS[place - 1]} to {WIDTHS[place]} px"


def _counted(outcomes: Iterable[tuple[str, bool]]) -> dict[str, list[int]]:
    """Of each kind how many are true, and how many there are; the commonest first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for kind, right in outcomes:
        counts[kind][0] += right
        counts[kind][1] += 1
    return dict(sorted(counts.items(), key=lambda item: -item[1][1]))


def missed(found: Mapping[str, Figures]) -> list[str]:
    """The targets the own models do not reach (issue 3), of those that were measured."""
    own = found.get("own")
    if own is None:
        return []
    wrong = [f"{n} {own[n]} < {least}" for n, least in AT_LEAST.items() if own.get(n, 1) < least]
    wrong += [f"{n} {own[n]} > {most}" for n, most in AT_MOST.items() if own[n] > most]
    said, of = own["british_said_british"]
    wrong += [f"british_said_british {said} of {of}"] * (said < of)
    peer = found.get("fast-alpr")
    if peer and own["false_plates"] > peer["false_plates"] / 2:
        wrong.append(f"false_plates {own['false_plates']} > half of {peer['false_plates']}")
    return wrong


def unmeasured(found: Mapping[str, Figures]) -> list[str]:
    """The targets about which this run says nothing."""
    own = found.get("own", {})
    return [name for name in AT_LEAST if name not in own] + (
        [] if "fast-alpr" in found else ["false_plates beside fast-alpr"]
    )
