"""What cameras and drones saw. Types only: nothing here reads a file or holds an array."""

from morina.sense.capture import Capture, NaiveTimeError, OutOfRangeError, zoned
from morina.sense.correction import Correction
from morina.sense.put_right import PutRight, put_right
from morina.sense.read import Evidence, Read
from morina.sense.said import Said
from morina.sense.vehicle import Vehicle

__all__ = [
    "Capture",
    "Correction",
    "Evidence",
    "NaiveTimeError",
    "OutOfRangeError",
    "PutRight",
    "Read",
    "Said",
    "Vehicle",
    "put_right",
    "zoned",
]
