"""How long reads are kept, and what is kept now."""

from datetime import UTC, date, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from morina.desk.api.kept import Kept
from morina.desk.api.route import Officer, Route
from morina.records.remembered import Remembered

routes = APIRouter(prefix="/records", tags=["retention"], route_class=Route)


class PoliciesOut(BaseModel):
    """How long reads are kept, what is kept now, and when the next are due; ``counter`` is null
    while the engine does not answer, and may be a minute old."""

    policies: dict[str, Any]
    remains: dict[str, Any]
    counter: Remembered | None
    due_next: date | None
    newest_statement: int | None
    newest_sha256: str


@routes.get("/retention", summary="How long reads are kept")
async def retention(kept: Kept, _officer: Officer) -> PoliciesOut:
    """The policies, and the counter of what there is."""
    statements, now = kept.statements.newest(1), datetime.now(UTC)
    remains = await kept.forgetting.remains(now.date())
    rules = kept.policies
    due = await kept.forgetting.records.next_due()
    return PoliciesOut(
        policies={
            "days": rules.days, "alert_days": rules.alert_days, "lists": dict(rules.lists),
            "groups": [
                {"name": one.name, "owner": one.owner, "policy": one.policy, "days": one.days,
                 "cameras": sorted(one.cameras), "sites": sorted(one.sites),
                 "match_and_forget": one.match_and_forget}
                for one in rules.groups
            ],
        },
        remains=remains,
        counter=await kept.remembering.latest(now),
        due_next=due,
        newest_statement=statements[0].number if statements else None,
        newest_sha256=statements[0].sha256 if statements else "",
    )  # fmt: skip
