"""Whom we look for: hotlists, vehicles of interest, hits. Pure."""

from morina.watch.clones import (
    ClonedPlates,
    NoSuchLabelError,
    RefusedLabelError,
    SuspectedClone,
    Withdrawal,
    label_of,
)
from morina.watch.copies import CopyPart, ListChanges, ListCopies, Tally, id_here
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
from morina.watch.past import purpose_of
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
    NotOurListError,
)

__all__ = [
    "FIELD_NAMES",
    "MOST_ROWS",
    "Action",
    "AlreadyListedError",
    "Changes",
    "ClonedPlates",
    "CopyKeys",
    "CopyPart",
    "Difference",
    "Differs",
    "FileFormat",
    "Found",
    "Hit",
    "Hotlist",
    "HotlistStore",
    "Hotlists",
    "Likeness",
    "ListChanges",
    "ListCopies",
    "Listed",
    "NoSuchHotlistError",
    "NoSuchLabelError",
    "NoSuchListingError",
    "NotOurListError",
    "ReasonCode",
    "RefusedCopyError",
    "RefusedFileError",
    "RefusedLabelError",
    "RowError",
    "SiteCopy",
    "SubjectCategory",
    "SuspectedClone",
    "Tally",
    "VehicleOfInterest",
    "Withdrawal",
    "accepted_misreads",
    "compare",
    "dump_hotlist",
    "expected_false_hits_a_day",
    "for_site",
    "id_here",
    "label_of",
    "landing_share",
    "listing_from",
    "opened",
    "parse_hotlist",
    "purpose_of",
    "seal",
]
