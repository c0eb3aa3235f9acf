"""What was seen: reads and pictures kept."""

from morina.records.figures import CameraFigures, Period
from morina.records.images import ImageStore, NoSuchImageError
from morina.records.store import Disputed, NoSuchReadError, ReadStore

__all__ = [
    "CameraFigures",
    "Disputed",
    "ImageStore",
    "NoSuchImageError",
    "NoSuchReadError",
    "Period",
    "ReadStore",
]
