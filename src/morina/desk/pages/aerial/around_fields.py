"""The fields of a point and of how far around it, as forms of the map have them."""

from morina.desk.pages.markup import Fields, field
from morina.desk.words import Words

FURTHEST_KM = 15.0
NUMBER = {"inputmode": "decimal", "required": True, "maxlength": 14}


def around_fields(t: Words) -> None:
    """A press on the map fills in the place."""
    field(t("Latitude"), "latitude", data_spot="latitude", **NUMBER)
    field(t("Longitude"), "longitude", data_spot="longitude", **NUMBER)
    field(t("Kilometres around"), "reach", value="5", **NUMBER)


def reach_m(fields: Fields) -> float:
    """In metres; ValueError."""
    reach = float(fields.get("reach", "").replace(",", "."))
    if not 0 < reach <= FURTHEST_KM:
        raise ValueError("out of range")
    return reach * 1000


def around_unwritten(t: Words) -> str:
    """What is to be written, and how."""
    return t("Write degrees, and up to {far} km.", far=f"{FURTHEST_KM:.0f}")
