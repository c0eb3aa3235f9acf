"""Invented plates, drawn at random from each country's grammar."""

import numpy as np

from morina.plates import Plate

_ALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST = "ABCDEFGHKLMNOPRSVWXY"
_BRITISH = _ALL.replace("I", "").replace("Q", "")
_TAG = _BRITISH.replace("Z", "")
_YEAR_LETTER = "ABCDEFGHJKLMNPRSTVWXY"
_ITALIAN = "ABCDEFGHJKLMNPRSTVWXYZ"
_FRENCH = "ABCDEFGHJKLMNPQRSTVWXYZ"
_GREEK = "ABEZHIKMNOPTYX"
_BULGARIAN = "ABEKMHOPCTYX"
_MONTENEGRIN = "ABCDEFGHJKLMNPRSTUVZ"
_CROATIAN = "ABCDEFGHIJKLMNOPRSTUVZ"
_ROMANIAN = _ALL.replace("Q", "")

_DISTRICTS: dict[str, tuple[str, ...]] = {
    "MK": ("BT", "GV", "KU", "OH", "PP", "SK", "ST", "TE", "VE"),
    "ME": ("BA", "BR", "CT", "HN", "KO", "NK", "PG", "PV", "TV", "UL"),
    "RS": ("BG", "KG", "LE", "NI", "NP", "NS", "SU", "VR"),
    "DE": ("B", "F", "HH", "K", "KA", "KS", "LEV", "M", "MTK", "S", "WI"),
    "HR": ("DU", "KA", "OS", "PU", "RI", "ST", "ZD", "ZG"),
    "BG": ("A", "B", "C", "CA", "PB", "BT", "EH", "TX"),
    "RO": ("B", "CJ", "CT", "DJ", "IS", "SB", "SV", "TM"),
}
_BARRED_GERMAN = frozenset({"HJ", "NS", "SS"})


def random_plate(rng: np.random.Generator, country: str) -> Plate:
    """An invented plate of ``country``; KeyError for a country without a design.

    The text is possible, so it may by chance be some real vehicle's: never treat one as real.
    """
    return Plate(_DRAW[country](rng), country)


def _pick(rng: np.random.Generator, letters: str, count: int = 1) -> str:
    return "".join(letters[i] for i in rng.integers(0, len(letters), count))


def _number(rng: np.random.Generator, low: int, high: int, digits: int = 0) -> str:
    return str(rng.integers(low, high + 1)).zfill(digits)


def _district(rng: np.random.Generator, country: str) -> str:
    codes = _DISTRICTS[country]
    return codes[rng.integers(0, len(codes))]


def _british(rng: np.random.Generator) -> str:
    """Mostly the current series, now and then each older one."""
    series = rng.choice(5, p=[0.84, 0.06, 0.04, 0.03, 0.03])
    if series == 1:
        return _pick(rng, _YEAR_LETTER) + _number(rng, 1, 999) + _pick(rng, _TAG, 3)
    if series == 2:
        return _pick(rng, _TAG, 3) + _number(rng, 1, 999) + _pick(rng, _YEAR_LETTER)
    if series == 3:
        return _pick(rng, _TAG, 2) + _number(rng, 1, 9999)
    if series == 4:
        return (
            _pick(rng, _TAG) + "IZ"[rng.integers(0, 2)] + _pick(rng, _TAG) + _number(rng, 1, 9999)
        )
    year = int(rng.integers(2, 27)) + (50 if rng.integers(0, 2) else 0)
    return _pick(rng, _FIRST) + _pick(rng, _TAG) + f"{year:02}" + _pick(rng, _BRITISH, 3)


def _albanian(rng: np.random.Generator) -> str:
    return "A" + _pick(rng, "ABC") + _number(rng, 1, 999, 3) + _pick(rng, _ALL, 2)


def _kosovan(rng: np.random.Generator) -> str:
    region = _number(rng, 1, 7, 2)
    return region + _number(rng, 101, 999) + _pick(rng, "ABCDEFGHIJKLMNOPQ", 2)


def _german(rng: np.random.Generator) -> str:
    pair = _pick(rng, _ALL, int(rng.integers(1, 3)))
    if pair in _BARRED_GERMAN:
        pair = pair[0]
    district = _district(rng, "DE")
    return district + pair + _number(rng, 1, 10 ** min(4, 8 - len(district + pair)) - 1)


def _romanian(rng: np.random.Generator) -> str:
    county = _district(rng, "RO")
    number = _number(rng, 10, 999) if county == "B" else _number(rng, 1, 99, 2)
    first = _ROMANIAN.replace("I", "").replace("O", "")
    return county + number + _pick(rng, first) + _pick(rng, _ROMANIAN, 2)


def _french(rng: np.random.Generator) -> str:
    letters = _FRENCH.replace("W", "")
    pairs = [_pick(rng, letters, 2).replace("SS", "ST") for _ in range(2)]
    return pairs[0] + _number(rng, 1, 999, 3) + pairs[1]


def _italian(rng: np.random.Generator) -> str:
    first = _pick(rng, "CDEFG") + _pick(rng, _ITALIAN)
    return first + _number(rng, 0, 999, 3) + _pick(rng, _ITALIAN, 2)


_DRAW = {
    "GB": _british,
    "AL": _albanian,
    "XK": _kosovan,
    "MK": lambda rng: _district(rng, "MK") + _number(rng, 1, 9999, 4) + _pick(rng, _ALL, 2),
    "ME": lambda rng: _district(rng, "ME") + _pick(rng, _MONTENEGRIN, 2) + _number(rng, 1, 999, 3),
    "RS": lambda rng: _district(rng, "RS") + _number(rng, 1, 9999, 3) + _pick(rng, _ALL, 2),
    "GR": lambda rng: _pick(rng, _GREEK, 3) + _number(rng, 1000, 9999),
    "IT": _italian,
    "DE": _german,
    "HR": lambda rng: _district(rng, "HR") + _number(rng, 1, 9999, 3) + _pick(rng, _CROATIAN, 2),
    "BG": lambda rng: _district(rng, "BG") + _number(rng, 1, 9999, 4) + _pick(rng, _BULGARIAN, 2),
    "RO": _romanian,
    "FR": _french,
}

COUNTRIES = tuple(_DRAW)
"""The countries whose plates can be drawn, Great Britain first."""
