"""What the demo's authorities agree: drafted at the giver, signed at both, two persons at each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from morina.accountability import PurposeCode
from morina.exchange import Category
from morina.exchange.fields import known_fields
from morina.exchange.listing_fields import TELLABLE
from morina.wiring.demonstrating.authorities import GB, XK
from morina.wiring.demonstrating.officers import PLAYED, PlayedDesk, until

LEGAL_BASIS = "None: a demonstration with invented plates"
DAYS = 365

FIELDS: Mapping[Category, frozenset[str]] = {
    Category.HOTLIST: frozenset(TELLABLE),
    Category.SIGHTING: known_fields(Category.SIGHTING) - {"lane", "note"},
    Category.VEHICLE: frozenset({
        "hit", "category", "reference", "action", "issued_at", "plate", "register_country", "make",
        "model", "colour", "status",
    }),
    Category.FOLLOW_UP: frozenset({"authority", "contact", "case_number", "case_summary", "note"}),
    Category.OPERATION: known_fields(Category.OPERATION),
}  # fmt: skip
"""What may be told: no agreement of the demo names a person's particulars."""

WITH: Mapping[str, Sequence[Category]] = {
    GB: (Category.HOTLIST, Category.SIGHTING, Category.VEHICLE, Category.FOLLOW_UP),
    XK: (Category.HOTLIST, Category.SIGHTING, Category.OPERATION),
}
"""What AL and each partner tell one another, both ways."""

Agreed = dict[tuple[str, str, Category], str]
"""Ids of agreements by giver, receiver and category."""


async def agree(al: PlayedDesk, partner: PlayedDesk) -> Agreed:
    """Every agreement between both, in force when this returns."""
    made: Agreed = {}
    for category in WITH[partner.node_id]:
        for giver, receiver in ((al, partner), (partner, al)):
            agreement_id = str(uuid4())
            terms = _terms(giver.node_id, receiver.node_id, category)
            await giver.put("liaison", f"/exchange/drafts/{agreement_id}", terms)
            await _sign(giver, agreement_id)
            made[giver.node_id, receiver.node_id, category] = agreement_id
    for (giver_id, _, _), agreement_id in made.items():
        await _sign_there(partner if giver_id == al.node_id else al, agreement_id)
    for (giver_id, _, _), agreement_id in made.items():
        await _signed_by_both(al if giver_id == al.node_id else partner, agreement_id)
    return made


async def _sign(desk: PlayedDesk, agreement_id: str) -> None:
    reason = f"agreed for the demonstration, {PLAYED}"
    path = f"/exchange/agreements/{agreement_id}/signature"
    await desk.with_a_second("liaison", path, {"reason": reason})


async def _sign_there(desk: PlayedDesk, agreement_id: str) -> None:
    """Sign what the giver signed, once it is here."""
    path = f"/exchange/agreements/{agreement_id}"
    await until(lambda: desk.has("liaison", path), "an agreement to sign")
    await _sign(desk, agreement_id)


async def _signed_by_both(desk: PlayedDesk, agreement_id: str) -> None:
    async def both() -> bool:
        newest = (await desk.get("liaison", f"/exchange/agreements/{agreement_id}"))[0]
        return len(newest["signed_by"]) == 2

    await until(both, "an agreement signed by both")


def _terms(giver: str, receiver: str, category: Category) -> dict[str, Any]:
    now = datetime.now(UTC)
    asked = category in (Category.VEHICLE, Category.FOLLOW_UP)
    return {
        "giver": giver, "receiver": receiver, "category": category.value,
        "purposes": [PurposeCode.STOLEN_VEHICLE, PurposeCode.SERIOUS_CRIME],
        "fields": sorted(FIELDS[category]), "legal_basis": LEGAL_BASIS,
        "valid_from": (now - timedelta(hours=1)).isoformat(),
        "valid_to": (now + timedelta(days=DAYS)).isoformat(), "keep_days": 30,
        "camera_groups": ["*"] if category is Category.SIGHTING else [],
        "officer_cap": 50 * asked, "node_cap": 500 * asked,
    }  # fmt: skip
