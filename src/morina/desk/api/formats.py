"""Confirmed alerts in formats other systems read; each time is an export in the trail."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from morina.accountability import Purpose, PurposeCode
from morina.accountability.trail import Act, Deed, What, why_of
from morina.desk.api.exchange import exchange_of
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.api.sent import Named
from morina.desk.problems import ProblemError
from morina.exchange.formats import (
    NotConfirmedError,
    NotOursError,
    confirmed,
    misp,
    refuse_partners,
)

MEND: Mapping[type[ValueError], str] = {
    NotConfirmedError: "leave it out, or have it confirmed first",
    NotOursError: "leave it out, and ask its owner to give it",
}

routes = APIRouter(prefix="/alerts", tags=["alerts"], route_class=Route)


class MispIn(BaseModel):
    """Which confirmed alerts, and for what they leave the node."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alert_ids: list[UUID] = Field(min_length=1, max_length=100)
    info: Named = Field(examples=["Stolen vehicles seen at two crossings"])
    code: PurposeCode
    case_number: Named
    legal_basis: Named
    justification: Named
    to: Named = Field(description="whom it is given to", examples=["MISP of the ministry"])


@routes.post(
    "/misp", summary="Confirmed alerts as a MISP event", response_class=Response,
    responses={200: {"content": {"application/json": {}}}},
)  # fmt: skip
async def as_misp(sent: MispIn, desk: Desk, officer: Officer) -> Response:
    """Vehicle, place and sighting of each. Refused whole where one is not confirmed by a person
    or is on a partner's entry; that it was given, to whom and why is entered before that."""
    purpose = Purpose(
        officer=officer.name, code=sent.code, case_number=sent.case_number,
        legal_basis=sent.legal_basis, justification=sent.justification,
    )  # fmt: skip
    unchecked = await desk.search.asking.rules.clearance.check(purpose)
    passages = []
    for alert_id in sent.alert_ids:
        alert = await desk.alerts.alert(alert_id)
        camera = await desk.cameras.camera(alert.read.camera_id)
        try:
            passages.append(confirmed(alert, camera))
            refuse_partners(passages[-1])
        except (NotConfirmedError, NotOursError) as error:
            mend = MEND[type(error)]
            said = f"{alert_id}: {error}"
            raise ProblemError(409, said, place="alert_ids", mend=mend) from None
    event_id = uuid4()
    made = misp.event(passages, event_id, sent.info)
    what = What("alert", tuple(map(str, sent.alert_ids)), "exported as MISP")
    why = why_of(purpose) | ({"unchecked": unchecked} if unchecked else {})
    deed = Deed(act=Act.EXPORT, what=what, who=officer.name, why=why, with_whom=sent.to)
    await exchange_of(desk).enter(deed)
    named = f'attachment; filename="morina-{event_id}.misp.json"'
    headers = {"Cache-Control": "no-store", "Content-Disposition": named}
    return Response(made, media_type="application/json", headers=headers)
