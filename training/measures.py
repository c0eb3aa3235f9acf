"""How far a measured share may be off, and how truthful confidences are."""

from collections.abc import Sequence
from typing import TypedDict

from morina.sense.cameras.chances import wilson

BINS = 10


class Bin(TypedDict):
    """Outcomes whose confidence lay from ``low`` to ``high``.

    ``said`` is their mean confidence, ``right`` the share that was right; both 0 where none lay.
    """

    low: float
    high: float
    count: int
    said: float
    right: float


def interval(right: int, count: int) -> tuple[float, float]:
    """Wilson's bounds of the share that ``right`` of ``count`` stands for, with 95 %."""
    found = wilson(right, count)
    return (found.low, found.high) if found else (0.0, 1.0)


def calibration_bins(sure: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """What was said and what was so, over ``bins`` equal spans of confidence."""
    if len(sure) != len(right):
        raise ValueError(f"{len(sure)} confidences for {len(right)} outcomes")
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for said, so in zip(sure, right, strict=True):
        inside[min(int(said * bins), bins - 1)].append((said, so))
    return [
        Bin(
            low=number / bins,
            high=(number + 1) / bins,
            count=len(here),
            said=sum(said for said, _ in here) / max(1, len(here)),
            right=sum(so for _, so in here) / max(1, len(here)),
        )
        for number, here in enumerate(inside)
    ]


def calibration_error(sure: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """Expected calibration error: mean gap between confidence and share right, over equal bins."""
    gaps = (
        one["count"] * abs(one["said"] - one["right"])
        for one in calibration_bins(sure, right, bins)
    )
    return sum(gaps) / max(1, len(sure))
