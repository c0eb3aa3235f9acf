"""Whom we look for: hotlists, vehicles of interest, hits. Pure."""

from morina.watch.listing import (
    Action,
    Difference,
    Differs,
    Hit,
    Hotlist,
    Likeness,
    Listed,
    ReasonCode,
    SubjectCategory,
    VehicleOfInterest,
)
from morina.watch.store import Changes, HotlistStore, NoSuchHotlistError

__all__ = [
    "Action",
    "Changes",
    "Difference",
    "Differs",
    "Hit",
    "Hotlist",
    "HotlistStore",
    "Likeness",
    "Listed",
    "NoSuchHotlistError",
    "ReasonCode",
    "SubjectCategory",
    "VehicleOfInterest",
]
