"""What was seen: reads and pictures kept."""

from morina.records.images import ImageStore, NoSuchImageError
from morina.records.store import ReadStore

__all__ = ["ImageStore", "NoSuchImageError", "ReadStore"]
