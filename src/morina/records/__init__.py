"""What was seen: reads and pictures kept."""

from morina.records.images import ImageStore, NoSuchImageError
from morina.records.store import Disputed, ReadStore

__all__ = ["Disputed", "ImageStore", "NoSuchImageError", "ReadStore"]
