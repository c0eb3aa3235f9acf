"""What a node does for its lists and agreements, through the product's own services."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from federating.staging import JUSTIFICATION, Stage, approved, now
from morina.accountability import PurposeCode
from morina.exchange.agreeing import Signing
from morina.exchange.agreement_rules import agreement_of
from morina.exchange.lists import ListShare
from morina.plates import Plate
from morina.watch import Action, Hotlist, ReasonCode, SubjectCategory, VehicleOfInterest
from morina.watch.adapters.postgres import PostgresHotlists


async def prepare(stage: Stage, plates: list[str], country: str) -> dict[str, Any]:
    """A register with these vehicles, and a hotlist of this node's own."""
    async with stage.pool.connection() as connection:
        for number, plate in enumerate(plates):
            await connection.execute(
                "INSERT INTO registered_vehicle (plate, register_country, vin, make, model,"
                " colour, status, holder_name, valid_from) VALUES (%s, %s, %s, 'Invented',"
                " 'Golf', 'silver', 'registered', 'Arta Invented', now() - interval '1 year')",
                (plate, country, f"WVWZZZ1KZ{number:08d}"),
            )
        await connection.execute("ANALYZE registered_vehicle")
    hotlist = Hotlist(
        hotlist_id=uuid4(), name=f"Stolen {country}", owner=f"Police of {country}",
        purpose="finding stolen vehicles", legal_basis="Law 1", review_at=date(2030, 1, 1),
    )  # fmt: skip
    hotlists = PostgresHotlists(stage.pool, stage.scene.ground.trail)
    await hotlists.create(hotlist)
    listing = await listed(stage, str(hotlist.hotlist_id), plates[0], country)
    return {"hotlist": str(hotlist.hotlist_id), **listing}


async def listed(stage: Stage, hotlist: str, plate: str, country: str) -> dict[str, Any]:
    """A new entry of the own hotlist."""
    now = datetime.now(UTC)
    entry = VehicleOfInterest(
        listing_id=uuid4(), plate=Plate.of(plate, country), reason_code=ReasonCode.STOLEN,
        subject_category=SubjectCategory.OTHER, action=Action.STOP, owner_unit="North",
        contact_24h="+0", legal_basis="Law 1", created_by="a.owner",
        valid_from=now - timedelta(days=5), valid_to=now + timedelta(days=50),
        review_at=date(2030, 1, 1), source_reference="C-77",
    )  # fmt: skip
    hotlists = PostgresHotlists(stage.pool, stage.scene.ground.trail)
    await hotlists.add(UUID(hotlist), entry, "a.owner")
    return {"listing": str(entry.listing_id)}


async def share(
    stage: Stage, hotlist: str, partner: str, agreement: str, purpose: str
) -> dict[str, Any]:
    """Share the own hotlist with a partner."""
    one = ListShare(
        hotlist_id=UUID(hotlist), partner=partner, agreement_id=UUID(agreement),
        purpose=PurposeCode(purpose), case_number="L-7", justification=JUSTIFICATION,
        officer="a.owner",
    )  # fmt: skip
    await stage.shown["lists"].share(one, now())
    return {"shared": True}


async def unshare(stage: Stage, hotlist: str, partner: str) -> dict[str, Any]:
    """Share it no longer."""
    await stage.shown["lists"].stop(UUID(hotlist), partner, "a.owner", now())
    return {"stopped": True}


async def sign(
    stage: Stage, said: dict[str, Any] | None = None, agreement: str = ""
) -> dict[str, Any]:
    """Draft what is said, or take the newest text known of an agreement, and sign it."""
    agreeing, at = stage.shown["agreeing"], now()
    if said is not None:
        one = agreement_of(said)
        await agreeing.draft(one, "ian", at)
    else:
        known = await agreeing.agreements.versions(UUID(agreement))
        if not known:
            return {"error": "NotYet", "code": "", "said": "it did not come yet"}
        one = known[0].agreement
    request = await agreeing.to_approve(one, "ian", "agreed in writing by both heads")
    approval = await stage.scene.guard.four_eyes.approvals.ask(request, at)
    await approved(stage, approval.approval_id)
    signing = Signing(
        officer="ian", reason="agreed in writing by both heads", at=now(),
        approval_id=approval.approval_id,
    )  # fmt: skip
    await agreeing.sign(one, signing)
    return {"signed": one.version}


async def end(stage: Stage, agreement: str) -> dict[str, Any]:
    """End an agreement."""
    reason = "nobody needs it any more"
    signing = Signing(officer="ian", reason=reason, approval_id=None, at=now())
    await stage.shown["agreeing"].end(UUID(agreement), signing)
    return {"ended": True}
