"""Kinds of vehicle: the makers' words put into six plain ones.

Only words whose meaning is known stand in the tables: from a published standard, a maker's own
lists, or a published sample. What may be two kinds (a "truck" that may be a pickup, a two-wheeler
that may be a bicycle) and every other word stays unsaid. A people carrier is a car.
"""

from collections.abc import Mapping

from morina.sense.cameras.wire.texts import plain

CLASSES = ("car", "van", "lorry", "bus", "motorcycle", "other")

Table = Mapping[str, str]
"""A maker's words in plain form to ours."""


def _table(**words: str) -> Table:
    """Our word to the maker's, with blanks between."""
    return {plain(word): kind for kind, said in words.items() for word in said.split()}


ONVIF = _table(car="Car", lorry="Truck", bus="Bus", motorcycle="Motorcycle", other="Bicycle")
"""``tt:VehicleType`` of metadatastream.xsd."""

HIKVISION = _table(
    car="vehicle smallCar miniCar SUVMPV coupe hatchback saloon",
    van="van",
    lorry="truck containerTruck slagTruck oilTankTruck concreteMixer mediumHeavyTruck",
    bus="bus largeBus mediumBus minibus",
    other="pickupTruck threeWheelVehicle crane",
)
"""``vehicleType`` as integrators list it; ``vehicle`` is a saloon car, ``motorVehicle`` any."""

DAHUA = _table(
    car="SaloonCar",
    van="Microbus",
    lorry="LargeTruck MidTruck",
    bus="Bus PassengerCar",
    motorcycle="Motorcycle",
    other="Bicycle Tricycle",
)
"""The maker's categories of vehicle; PassengerCar is a coach there, Microbus a small van."""

REKOR = _table(
    car="sedan-compact sedan-convertible sedan-sports sedan-standard sedan-wagon "
    "suv-crossover suv-standard suv-wagon",
    van="van-full",
    lorry="tractor-trailer",
    motorcycle="motorcycle",
)
"""``body_type``. ``truck-standard`` may be a pickup, ``van-mini`` a people carrier."""

PLATE_RECOGNIZER = _table(
    car="Sedan SUV", van="Van", lorry="BigTruck", bus="Bus", motorcycle="Motorcycle",
    other="PickupTruck",
)  # fmt: skip
"""``vehicle.type``."""

FRIGATE = _table(car="car", motorcycle="motorcycle")
"""The labels of objects whose plates it reads."""

SAMPLES = _table(car="Car Sedan")
"""Makers of whose words no more is known than what a sample shows."""


def class_of(said: str | None, table: Table) -> str | None:
    """Our word for ``said``; None where it is not in ``table``."""
    return table.get(plain(said)) if said else None
