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
from morina.watch.matching import Hotlists, compare
from morina.watch.preview import accepted_misreads, expected_false_hits_a_day, landing_share
from morina.watch.store import (
    AlreadyListedError,
    Changes,
    HotlistStore,
    NoSuchHotlistError,
    NoSuchListingError,
)

__all__ = [
    "Action",
    "AlreadyListedError",
    "Changes",
    "Difference",
    "Differs",
    "Hit",
    "Hotlist",
    "HotlistStore",
    "Hotlists",
    "Likeness",
    "Listed",
    "NoSuchHotlistError",
    "NoSuchListingError",
    "ReasonCode",
    "SubjectCategory",
    "VehicleOfInterest",
    "accepted_misreads",
    "compare",
    "expected_false_hits_a_day",
    "landing_share",
]
