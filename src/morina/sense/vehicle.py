"""What a camera said of the vehicle besides its plate."""

from dataclasses import dataclass, fields
from typing import Self

LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """In the camera's own words, None where it said nothing; Morina judges none of it.

    ``lane`` and ``direction`` are the maker's, ``speed_kmh`` is as measured by the camera.
    """

    make: str | None = None
    model: str | None = None
    colour: str | None = None
    vehicle_class: str | None = None
    lane: str | None = None
    direction: str | None = None
    speed_kmh: float | None = None

    @classmethod
    def of(cls, *, speed_kmh: float | None = None, **words: str | None) -> Self | None:
        """A vehicle of words cut to what can be kept; None where nothing was said."""
        vehicle = cls(speed_kmh=speed_kmh, **{name: _plain(one) for name, one in words.items()})
        said = (getattr(vehicle, one.name) for one in fields(vehicle))
        return vehicle if any(one is not None for one in said) else None


def _plain(word: str | None) -> str | None:
    kept = "".join(character for character in (word or "").strip() if character.isprintable())
    return kept[:LONGEST] or None
