"""What a listing would cost before it is saved: which misreads it accepts, how often in vain."""

from collections.abc import Iterable, Iterator

from morina.plates import Plate, count_look_alikes, look_alikes

_LETTERS = 26
_DIGITS = 10


def accepted_misreads(listed: Plate, most_swaps: int) -> Iterator[str]:
    """Every text other than the listed one that would hit the listing, fewest swaps first.

    Take only as many as a page can show: seven characters and two swaps make some hundred texts,
    each further swap about ten times as many. ``count_look_alikes`` counts them without listing.
    """
    return look_alikes(listed.text, most_swaps)


def landing_share(listed: Iterable[Plate], most_swaps: int) -> float:
    """The share of misreads that would land on one of these listings, 0 to 1; an estimate.

    For each listing: the texts that hit it (the listed one and its accepted misreads) divided by
    the texts of the same shape (26 for each letter, 10 for each digit). The shares are added, at
    most to 1. It takes misreads as spread evenly over all texts of the shape; real ones crowd
    where plates do, so show the result as an order of magnitude.
    """
    return min(1.0, sum(_share(plate.text, most_swaps) for plate in listed))


def expected_false_hits_a_day(
    reads_a_day: float, misread_share: float, landing_share: float
) -> float:
    """Reads x share misread x share of misreads that land on a listed plate.

    To be shown before a listing or a tolerance is saved. ``misread_share`` and ``landing_share``
    are 0 to 1.
    """
    return reads_a_day * misread_share * landing_share


def _share(text: str, most_swaps: int) -> float:
    digits = sum(character.isdigit() for character in text)
    possible = float(_DIGITS**digits * _LETTERS ** (len(text) - digits))
    return (1 + count_look_alikes(text, most_swaps)) / possible
