"""What other systems read: MISP events, Cursor on Target, signed webhooks. Values in, bytes out.

Data leaves the node by them, so only what a person confirmed goes, and every time is in the trail.
"""

from morina.exchange.formats.passage import (
    NotConfirmedError,
    NotOursError,
    Passage,
    confirmed,
    refuse_partners,
)

__all__ = ["NotConfirmedError", "NotOursError", "Passage", "confirmed", "refuse_partners"]
