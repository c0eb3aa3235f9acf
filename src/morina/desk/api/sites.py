"""Sites beside the road: whether each is connected, what waits there, what its clock says."""

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import BaseModel

from morina.desk.api.route import Desk, Officer, Route
from morina.sense.site import SiteHeard, SiteState

routes = APIRouter(tags=["upkeep"], route_class=Route)


class SiteOut(BaseModel):
    """A site, and what it last told of itself; null before it first did."""

    site: str
    scope: tuple[str, ...]
    connected: bool
    heard_at: datetime | None
    state: SiteState | None

    @classmethod
    def of(cls, one: SiteHeard, now: datetime) -> "SiteOut":
        """As it is known at ``now``."""
        return cls(
            site=one.site,
            scope=one.scope,
            connected=one.connected_at(now),
            heard_at=one.heard_at,
            state=one.state,
        )


@routes.get("/sites", summary="How every site is")
async def sites(desk: Desk, _officer: Officer) -> list[SiteOut]:
    """By name; of one that is not connected, what it last told."""
    now = datetime.now(UTC)
    return [SiteOut.of(one, now) for one in await desk.sites.sites()]
