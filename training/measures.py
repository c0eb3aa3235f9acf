"""How far a measured share may be off, and how truthful confidences are."""

from collections.abc import Sequence
from math import sqrt

_Z = 1.959964


def interval(right: int, count: int) -> tuple[float, float]:
    """Wilson's bounds of the share that ``right`` of ``count`` stands for, with 95 %."""
    if not count:
        return 0.0, 1.0
    share = right / count
    middle = share + _Z**2 / (2 * count)
    apart = _Z * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    whole = 1 + _Z**2 / count
    return max(0.0, (middle - apart) / whole), min(1.0, (middle + apart) / whole)


def calibration_error(sure: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error: mean gap between confidence and share right, over equal bins."""
    if len(sure) != len(right):
        raise ValueError(f"{len(sure)} confidences for {len(right)} outcomes")
    gap = 0.0
    for number in range(bins):
        inside = [
            (s, r)
            for s, r in zip(sure, right, strict=True)
            if min(int(s * bins), bins - 1) == number
        ]
        gap += abs(sum(s for s, _ in inside) - sum(r for _, r in inside))
    return gap / max(1, len(sure))
