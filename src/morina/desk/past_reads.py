"""A new hotlist entry looked for among past reads: a search like any other, never an alert."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from morina.desk.services import Services
from morina.records import Period
from morina.records.leave import Leave
from morina.watch import purpose_of


async def ask_of_past(services: Services, hotlist_id: UUID, listing_id: UUID, officer: str) -> UUID:
    """Ask for the entry's plate and its look-alikes; the question's id.

    NoSuchHotlistError, NoSuchListingError, and what Asking.ask raises.
    """
    search, now = services.search, datetime.now(UTC)
    listed = await services.hotlists.listing(hotlist_id, listing_id)
    period = Period(now - timedelta(days=search.entry_days_back), now)
    question = search.of_listing(listed.listing.plate, period)
    return await search.asking.ask(purpose_of(listed, officer), question, Leave(by_hand=False))
