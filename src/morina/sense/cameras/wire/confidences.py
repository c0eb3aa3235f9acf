"""Confidences: 0 to 1, 0 to 100, 0 to 255, 0 to 999, as numbers or text."""

import math
import re

from morina.sense.cameras.reports import PayloadError

NUMBER = re.compile(r"[+-]?\d{1,6}(?:[.,]\d{0,12})?", re.ASCII)
SHOWN = 24


def confidence_of(said: object, scale: float) -> float | None:
    """``said`` put on 0 to 1, where the camera's greatest is ``scale``; None where it says none.

    Takes numbers and text ("0.719", "97", "093", "92,5", "97 %"). Raises PayloadError for anything
    else and for a number outside the scale: never a made-up number.
    """
    if said is None or (isinstance(said, str) and not said.strip()):
        return None
    number = number_of(said)
    if not math.isfinite(scale) or scale <= 0:
        raise PayloadError(f"confidence scale {scale} is not above 0; mend the camera's settings")
    if not 0.0 <= number <= scale:
        raise PayloadError(
            f"confidence {shown(said)} is not between 0 and {scale:g}; "
            "set the camera's confidence scale"
        )
    return number / scale


def number_of(said: object) -> float:
    """The number in a JSON number or its text; raises PayloadError where there is none."""
    if isinstance(said, str):
        bare = said.strip().removesuffix("%").rstrip()
        if NUMBER.fullmatch(bare):
            return float(bare.replace(",", "."))
    elif isinstance(said, int | float) and not isinstance(said, bool) and abs(said) < 1e15:
        return float(said)
    raise PayloadError(f"confidence {shown(said)} is not a number that can be one")


def shown(said: object) -> str:
    """``said`` cut short for a message; a number of a thousand digits cannot be written out."""
    if isinstance(said, str):
        return repr(said[:SHOWN])
    short = isinstance(said, float) or (isinstance(said, int) and abs(said) < 10**SHOWN)
    return str(said) if short else f"({type(said).__name__})"
