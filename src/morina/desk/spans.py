"""Spans of time as people say them."""

from morina.desk.words import Words, mark
from morina.sense.cameras.spans import shape

SHAPES = (
    mark("{seconds} s"),
    mark("{minutes} min"),
    mark("{hours} h {minutes} min"),
    mark("{days} d"),
)


def span(seconds: float, t: Words) -> str:
    """``seconds`` in the largest units that tell enough, a minus before a negative span."""
    length = abs(seconds)
    words, numbers = shape(length)
    said = t(words, **numbers)
    return f"-{said}" if seconds < 0 and round(length, 1) else said
