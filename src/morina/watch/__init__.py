"""Whom we look for: hotlists, vehicles of interest, hits. Pure."""

from morina.watch.exchange_file import (
    MOST_ROWS,
    FileFormat,
    dump_hotlist,
    listing_from,
    parse_hotlist,
)
from morina.watch.fields import FIELD_NAMES
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
from morina.watch.refusal import RefusedFileError, RowError
from morina.watch.site_copy import CopyKeys, RefusedCopyError, SiteCopy, for_site, opened, seal
from morina.watch.store import (
    AlreadyListedError,
    Changes,
    Found,
    HotlistStore,
    NoSuchHotlistError,
    NoSuchListingError,
)

__all__ = [
    "FIELD_NAMES",
    "MOST_ROWS",
    "Action",
    "AlreadyListedError",
    "Changes",
    "CopyKeys",
    "Difference",
    "Differs",
    "FileFormat",
    "Found",
    "Hit",
    "Hotlist",
    "HotlistStore",
    "Hotlists",
    "Likeness",
    "Listed",
    "NoSuchHotlistError",
    "NoSuchListingError",
    "ReasonCode",
    "RefusedCopyError",
    "RefusedFileError",
    "RowError",
    "SiteCopy",
    "SubjectCategory",
    "VehicleOfInterest",
    "accepted_misreads",
    "compare",
    "dump_hotlist",
    "expected_false_hits_a_day",
    "for_site",
    "landing_share",
    "listing_from",
    "opened",
    "parse_hotlist",
    "seal",
]
