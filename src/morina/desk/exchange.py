"""What the desk is given of the exchange with partners; None in Services where there is none.

Each part is a role of ``morina.exchange``; one that is None is not kept at this node, and the pages
that show it say so.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from morina.accountability.trail import Deed
from morina.desk.to_see import ToSee
from morina.exchange import Agreements, Partners
from morina.exchange.agreeing import Agreeing
from morina.exchange.delivering import Deliveries
from morina.exchange.disclosed import Disclosed
from morina.exchange.follow_up_clocks import Hours
from morina.exchange.follow_ups import FollowUps
from morina.exchange.lists import SharedLists
from morina.exchange.operations import Operations
from morina.exchange.questions import AnswersGiven, Questions
from morina.exchange.register import VehicleRegister
from morina.exchange.sightings import SightingPreview, Sightings
from morina.exchange.webhooks import Webhooks

Enter = Callable[[Deed], Awaitable[None]]
"""Enters in the trail that something was looked at or taken out."""

Evidence = Callable[[UUID, str], Awaitable[bytes]]
"""The evidence of one conversation with a partner ("": the only one) as a file that can be verified
without this node; LookupError where nothing of it is kept, or several partners take part."""

MoreToSee = Callable[[datetime], Awaitable[Sequence[ToSee]]]
"""What a conversation puts into the inbox, as it is at a time: follow-ups whose clock runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeServices:
    """Roles the pages and routes of the exchange call; ``node_id`` is this node's own name.

    ``directory_until`` is when the directory in force stops being so, None where nobody knows.
    """

    node_id: str
    partners: Partners
    agreements: Agreements
    enter: Enter
    agreeing: Agreeing | None = None
    deliveries: Deliveries | None = None
    evidence: Evidence | None = None
    directory_until: Callable[[], Awaitable[datetime | None]] | None = None
    more_to_see: Sequence[MoreToSee] = ()
    operations: Operations | None = None
    lists: SharedLists | None = None
    sightings: Sightings | None = None
    sighting_preview: SightingPreview | None = None
    list_old_after: timedelta = timedelta(hours=48)
    questions: Questions | None = None
    answers_given: AnswersGiven | None = None
    follow_ups: FollowUps | None = None
    follow_up_hours: Hours = field(default_factory=Hours)
    register: VehicleRegister | None = None
    disclosed: Disclosed | None = None
    webhooks: Webhooks | None = None
