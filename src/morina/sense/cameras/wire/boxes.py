"""Where a plate is in the picture: (left, top, width, height) in pixels."""

from collections.abc import Sequence

from morina.sense.cameras.reports import Box

LARGEST_SIDE = 65_536


def sized(values: Sequence[float | None]) -> Box | None:
    """Left, top, width and height as a box; None unless four numbers a picture can hold."""
    if len(values) != 4:
        return None
    left, top, width, height = values
    if left is None or top is None or width is None or height is None:
        return None
    if min(left, top) < 0 or min(width, height) <= 0:
        return None
    if left + width > LARGEST_SIDE or top + height > LARGEST_SIDE:
        return None
    return (left, top, width, height)


def cornered(values: Sequence[float | None]) -> Box | None:
    """Left, top, right and bottom as a box; None as in ``sized``."""
    if len(values) != 4:
        return None
    left, top, right, bottom = values
    if left is None or top is None or right is None or bottom is None:
        return None
    return sized((left, top, right - left, bottom - top))
