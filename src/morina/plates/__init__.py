"""What a plate is: text, issuing country, grammar, look-alikes. Pure."""

from morina.plates.countries import COUNTRIES, country_of_sign, sign_of
from morina.plates.look_alikes import Swap, count_look_alikes, look_alikes, skeleton, swaps
from morina.plates.plate import NotAPlateError, Plate, plate_text

__all__ = [
    "COUNTRIES",
    "NotAPlateError",
    "Plate",
    "Swap",
    "count_look_alikes",
    "country_of_sign",
    "look_alikes",
    "plate_text",
    "sign_of",
    "skeleton",
    "swaps",
]
