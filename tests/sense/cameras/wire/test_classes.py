"""Kinds of vehicle in six plain words."""

import pytest

from morina.sense.cameras.wire import classes
from morina.sense.cameras.wire.classes import CLASSES, Table, class_of

TABLES = {name: table for name, table in vars(classes).items() if name.isupper()}
del TABLES["CLASSES"]


@pytest.mark.parametrize(
    ("said", "table", "kind"),
    [
        ("vehicle", classes.HIKVISION, "car"),
        ("SUVMPV", classes.HIKVISION, "car"),
        ("largeBus", classes.HIKVISION, "bus"),
        ("containerTruck", classes.HIKVISION, "lorry"),
        ("pickupTruck", classes.HIKVISION, "other"),
        ("twoWheelVehicle", classes.HIKVISION, None),
        ("motorVehicle", classes.HIKVISION, None),
        ("PassengerCar", classes.DAHUA, "bus"),
        ("Microbus", classes.DAHUA, "van"),
        ("Unknown", classes.DAHUA, None),
        ("suv-crossover", classes.REKOR, "car"),
        ("tractor-trailer", classes.REKOR, "lorry"),
        ("truck-standard", classes.REKOR, None),
        ("Big Truck", classes.PLATE_RECOGNIZER, "lorry"),
        ("Truck", classes.ONVIF, "lorry"),
        ("motorcycle", classes.FRIGATE, "motorcycle"),
        ("person", classes.FRIGATE, None),
        ("SEDAN", classes.SAMPLES, "car"),
        ("", classes.ONVIF, None),
        (None, classes.ONVIF, None),
    ],
)
def test_a_makers_word_becomes_a_plain_one_or_none(
    said: str | None, table: Table, kind: str | None
) -> None:
    assert class_of(said, table) == kind


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_gives_known_words_for_words_in_plain_form(name: str) -> None:
    assert set(TABLES[name].values()) <= set(CLASSES)
    assert all(class_of(word, TABLES[name]) for word in TABLES[name])
