"""A confirmed passage: what a format may tell of one alert."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from morina.alerts import Alert
from morina.exchange.sightings import confirmed_by
from morina.sense.cameras import Camera


class NotConfirmedError(ValueError):
    """The alert was not confirmed by a person, so nothing of it leaves the node."""


class NotOursError(ValueError):
    """The entry is a partner's: no agreement lets this node give it to another system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One listed vehicle seen at one camera. Texts are empty where nothing is known; coordinates
    are WGS 84 degrees. ``plate`` and ``country`` are as listed, which is what was confirmed;
    ``make``, ``model`` and ``colour`` are what the entry says. ``owner`` is the partner whose entry
    it is, empty for an own one; of a partner's entry nothing stands here but plate and country."""

    alert_id: UUID
    plate: str
    country: str
    priority: int
    camera: str
    place: str
    latitude: float
    longitude: float
    seen_at: datetime
    confirmed_at: datetime
    make: str = ""
    model: str = ""
    colour: str = ""
    reason: str = ""
    action: str = ""
    owner: str = ""


def confirmed(alert: Alert, camera: Camera) -> Passage:
    """What may be told of ``alert``; NotConfirmedError unless a confirmation stands."""
    act = confirmed_by(alert)
    if act is None:
        raise NotConfirmedError(f"the alert is {alert.state}; confirm it first")
    listing, owner = alert.listed.listing, alert.listed.hotlist.owner_node
    said = {} if owner else {
        "make": listing.make, "model": listing.model, "colour": listing.colour,
        "reason": listing.reason_code.value, "action": listing.action.value,
    }  # fmt: skip
    return Passage(
        alert_id=alert.alert_id, plate=listing.plate.text, country=listing.plate.country or "",
        priority=0 if owner else listing.priority, camera=camera.name, place=camera.site,
        latitude=camera.latitude, longitude=camera.longitude,
        seen_at=alert.read.captured_at, confirmed_at=act.at, owner=owner, **said,
    )  # fmt: skip


def refuse_partners(one: Passage) -> None:
    """NotOursError for an entry of a partner."""
    if one.owner:
        raise NotOursError(f"it is an entry of {one.owner}; only its owner gives it to others")
