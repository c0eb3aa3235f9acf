"""What chance alone would do: Poisson counts and shares of a sample."""

from dataclasses import dataclass
from math import exp, sqrt

Z95 = 1.959963984540054
"""The normal distribution's 97.5 % point."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A share of a sample and its 95 % interval, each 0 to 1."""

    share: float
    low: float
    high: float
    of: int


def wilson(hits: int, of: int) -> Interval | None:
    """The share ``hits / of`` with Wilson's score interval; None of an empty sample.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212. Unlike the
    plain normal interval it stays within 0 to 1 and is honest for few samples and shares near 1.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share; count again")
    if of == 0:
        return None
    share, z2 = hits / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == of else min(1.0, middle + half)
    return Interval(share, low, high, of)


def at_most(count: int, expected: float) -> float:
    """The chance of ``count`` or fewer where ``expected`` come on average (Poisson)."""
    if expected > 500:
        return _by_normal(count, expected)
    term = total = exp(-expected)
    for number in range(1, count + 1):
        term *= expected / number
        total += term
    return min(1.0, total)


def _by_normal(count: int, expected: float) -> float:
    """For large counts, where the sum would be long and its terms too small: the square root's
    normal approximation (Anscombe), on the safe side here as it is used far below the mean."""
    z = 2 * (sqrt(expected + 3 / 8) - sqrt(count + 1 + 3 / 8))
    return 1.0 if z <= 0 else exp(-z * z / 2) / 2
