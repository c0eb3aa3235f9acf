"""A site: one small machine beside the road that belongs to a node.

What it sees goes into its own log on disk and from there to the node, in order and once.
"""

from morina.sense.site.clock import CameraClocks, Offset, OffsetMeter, offset_of
from morina.sense.site.forwarding import (
    Forwarder,
    LinkError,
    NodeLink,
    Outbox,
    RefusedByNodeError,
    Waiting,
    WaitingPictures,
)
from morina.sense.site.join import (
    JoinError,
    JoinToken,
    Site,
    new_site,
    site_name,
    token_of,
    written,
)
from morina.sense.site.rules import SiteRules, narrower
from morina.sense.site.state import Ledger, SiteHeard, SiteState
from morina.sense.site.subjects import READS_OF_SITES, Subjects

__all__ = [
    "READS_OF_SITES",
    "CameraClocks",
    "Forwarder",
    "JoinError",
    "JoinToken",
    "Ledger",
    "LinkError",
    "NodeLink",
    "Offset",
    "OffsetMeter",
    "Outbox",
    "RefusedByNodeError",
    "Site",
    "SiteHeard",
    "SiteRules",
    "SiteState",
    "Subjects",
    "Waiting",
    "WaitingPictures",
    "narrower",
    "new_site",
    "offset_of",
    "site_name",
    "token_of",
    "written",
]
