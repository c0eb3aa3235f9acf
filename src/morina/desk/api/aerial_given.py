"""A sortie's tracks as a file for other programs: each time for a purpose, in the trail."""

import asyncio
import json
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from morina.desk.aerial import AerialServices
from morina.desk.api.aerial_route import AerialRoute, aerial_of, cleared_for
from morina.desk.api.asked import PurposeIn
from morina.desk.api.route import Desk, Officer
from morina.desk.coverages import Wanted, of_flight
from morina.desk.problems import ProblemError
from morina.sense.aerial import Sortie, Track
from morina.sense.aerial.coverage.grid import RefusedAreaError
from morina.sense.aerial.giving import geojson, kml, vmti_flight
from morina.sense.aerial.giving.allowed import Words
from morina.sense.aerial.giving.vmti import VmtiError

routes = APIRouter(prefix="/aerial/sorties", tags=["aerial"], route_class=AerialRoute)

Form = Literal["geojson", "kml", "vmti"]

TYPES: dict[Form, tuple[str, str]] = {
    "geojson": ("application/geo+json", "geojson"),
    "kml": ("application/vnd.google-earth.kml+xml", "kml"),
    "vmti": ("application/octet-stream", "klv"),
}
"""Media type and ending of each form."""

Folders = Sequence[tuple[str, Sequence[geojson.Feature]]]

EVERY_S = 5.0
"""How far apart the places of the way flown and the footprints are in a file."""


class GivenIn(BaseModel):
    """As what the tracks are given, and for what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: Form
    purpose: PurposeIn


@routes.post(
    "/{sortie_id}/given", summary="A flight's tracks as a file", response_class=Response,
    responses={200: {"content": {kind: {} for kind, _ in TYPES.values()}}},
)  # fmt: skip
async def given(sortie_id: UUID, sent: GivenIn, desk: Desk, officer: Officer) -> Response:
    """``geojson`` and ``kml`` hold way, footprints, tracks and gaps to fly again; ``vmti`` is MISB
    ST 0903, a packet for each picture worked through. Who took it and why is entered in the trail
    before it is answered."""
    aerial = aerial_of(desk)
    if aerial.given is None:
        raise ProblemError(404, "this node gives no tracks", place="node", mend="ask another")
    sortie = await aerial.sorties.sortie(sortie_id)
    purpose = await cleared_for(desk, sent.purpose.purpose(officer.name))
    tracks, words = await aerial.given.tracks(sortie_id, purpose, sent.form)
    if sent.form == "vmti":
        made = await _vmti(aerial, sortie, tracks)
    else:
        made = _mapped(sent.form, sortie.name, await _folders(aerial, sortie, (tracks, words)))
    kind, ending = TYPES[sent.form]
    return Response(made, media_type=kind, headers={
        "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="sortie-{sortie_id}.{ending}"',
    })  # fmt: skip


async def _vmti(aerial: AerialServices, sortie: Sortie, tracks: Sequence[Track]) -> bytes:
    moments = await aerial.sorties.moments(sortie.sortie_id)
    try:
        return await asyncio.to_thread(
            lambda: b"".join(vmti_flight.packets(sortie, moments, tracks, aerial.ground))
        )
    except VmtiError as error:
        said, _, mend = str(error).partition("; ")
        raise ProblemError(409, said, place="form", mend=mend) from None


async def _folders(
    aerial: AerialServices, sortie: Sortie, of: tuple[Sequence[Track], Words]
) -> Folders:
    moments = await aerial.sorties.moments(sortie.sortie_id, EVERY_S)
    tracks, words = of
    try:
        gaps = (await of_flight(aerial, sortie.sortie_id, Wanted())).gaps["features"]
    except RefusedAreaError:
        gaps = []
    return [
        ("Way", [geojson.path(sortie, moments)]),
        ("Ground seen", geojson.footprints(sortie, moments)),
        ("Tracks", [geojson.track(sortie, one, words) for one in tracks]),
        ("Gaps: a person found with a chance under a half", gaps),
    ]


def _mapped(form: Form, name: str, folders: Folders) -> bytes:
    if form == "kml":
        return kml.document(name, folders)
    found = [feature for _, features in folders for feature in features]
    return json.dumps(geojson.collection(found)).encode()
