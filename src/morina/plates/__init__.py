"""What a plate is: text, issuing country, grammar, look-alikes. Pure."""

from morina.plates.countries import COUNTRIES, country_of_sign, sign_of
from morina.plates.grammar import (
    Fit,
    best_by_grammar,
    decide_country,
    grammar_weight,
    readings_of,
    weigh_countries,
)
from morina.plates.look_alikes import (
    LOOK_ALIKE_HEADS,
    Swap,
    count_look_alikes,
    look_alikes,
    skeleton,
    swaps,
)
from morina.plates.neighbours import NEIGHBOURS
from morina.plates.plate import NotAPlateError, Plate, plate_text
from morina.plates.series import ALL_SERIES, Series

__all__ = [
    "ALL_SERIES",
    "COUNTRIES",
    "LOOK_ALIKE_HEADS",
    "NEIGHBOURS",
    "Fit",
    "NotAPlateError",
    "Plate",
    "Series",
    "Swap",
    "best_by_grammar",
    "count_look_alikes",
    "country_of_sign",
    "decide_country",
    "grammar_weight",
    "look_alikes",
    "plate_text",
    "readings_of",
    "sign_of",
    "skeleton",
    "swaps",
    "weigh_countries",
]
