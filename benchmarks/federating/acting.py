"""What a node can be told to do: each act through the product's own services."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from federating import mishaps
from federating.arranging import end, listed, prepare, share, sign, unshare
from federating.staging import JUSTIFICATION, Heedless, Stage, approved, now, purpose_for
from morina.accountability import PurposeCode
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.signing import PublicKey
from morina.accountability.trail_check import verify
from morina.exchange import Draft, Item, Kind, Why
from morina.exchange.follow_ups import Grant, Handling, RefusedBecause, ToFollowUp, Urgency
from morina.exchange.follow_ups import Stage as FollowUpStage
from morina.exchange.message import Value
from morina.exchange.operations.item import Actor, ItemKind, Key, Writing
from morina.exchange.questions import Result, ToAsk
from morina.exchange.register import Named
from morina.plates import Plate


async def post(  # noqa: PLR0913 - as it comes over the socket
    stage: Stage, to: str, kind: str, why: dict[str, str] | None = None, forced: bool = False,
    said: dict[str, Any] | None = None, items: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Post one message as it is given."""
    ground, at = stage.scene.ground, now()
    outbox = ground.outbox
    if forced:
        outbox = replace(outbox, judge=Heedless(ground.agreements))
    reason = Why(
        agreement_id=UUID(why["agreement"]), purpose=PurposeCode(why["purpose"]),
        case_number="C-1", justification=JUSTIFICATION, officer=ground.as_known(why["officer"]),
    ) if why else None  # fmt: skip
    told = tuple(
        Item(fields=one["fields"], camera_group=one.get("group", ""),
             at=at - timedelta(seconds=one["age_s"]) if "age_s" in one else None)
        for one in items or ()
    )  # fmt: skip
    draft = Draft(to=to, kind=Kind(kind), said=said or {}, items=told, why=reason)
    async with ground.pool.connection() as connection:
        message = await outbox.post(connection, draft, at)
    return {"posted": str(message.message_id), "at": at.isoformat()}


async def ask(  # noqa: PLR0913 - as it comes over the socket
    stage: Stage, partner: str, plate: str, country: str, purpose: str, officer: str
) -> dict[str, Any]:
    """An officer asks a partner about a plate."""
    named = Named(plate=Plate.of(plate, country))
    asked = ToAsk(partners=(partner,), named=named, purpose=purpose_for(purpose, officer))
    [one] = await stage.shown["questions"].ask(asked, now())
    return {"asked": str(one.question_id)}


async def answer(stage: Stage, question: str, officer: str) -> dict[str, Any]:
    """What came of a question, and how long it took."""
    one = await stage.shown["questions"].question(UUID(question), officer)
    return {"took_ms": one.answer.took_ms if one.answer else None}


async def follow_up(
    stage: Stage, officer: str, partner: str, wanted: list[str], purpose: str
) -> dict[str, Any]:
    """Ask for details after the newest hit of the partner; a supervisor says yes."""
    newest = await stage.shown["questions"].newest(officer, 100)
    hits = [
        one
        for one in newest
        if one.partner == partner and one.answer and one.answer.result is Result.HIT
    ]
    if not hits:
        return {"error": "NoHit", "code": "", "said": "no hit to follow"}
    asked = ToFollowUp(
        partner=partner, about=hits[0].question_id, offence="theft of a vehicle",
        purpose=purpose_for(purpose, officer), urgency=Urgency.ROUTINE, wanted=tuple(wanted),
    )  # fmt: skip
    follow_ups = stage.shown["follow_ups"]
    one = await follow_ups.write(asked, now())
    await approved(stage, one.approval_id)
    await follow_ups.send(one.follow_up_id, officer, now())
    return {"sent": str(one.follow_up_id)}


async def release(stage: Stage, grants: bool) -> dict[str, Any]:
    """Decide on one follow-up partners asked."""
    follow_ups = stage.shown["follow_ups"]
    for one in await follow_ups.all_of("sup", releases=True):
        if one.side.value != "owning" or one.stage is not FollowUpStage.ASKED:
            continue
        await follow_ups.acknowledge(one.follow_up_id, "sup", now())
        if grants:
            until = now() + timedelta(hours=20)
            fields = dict.fromkeys(one.wanted, "as invented")
            grant = Grant(
                fields=fields, handling=Handling.POLICE_USE, forget_at=until,
                at=now() - timedelta(hours=1),
            )  # fmt: skip
            await follow_ups.grant(one.follow_up_id, "sup", grant, now())
        else:
            because = RefusedBecause.NOT_HELD
            await follow_ups.refuse(one.follow_up_id, "sup", because, now())
        return {"decided": str(one.follow_up_id)}
    return {"error": "Nothing", "code": "", "said": "nothing to decide"}


async def begin_operation(stage: Stage, to: list[str], purpose: str) -> dict[str, Any]:
    """A joint operation with these partners, and a note to them."""
    at = now()
    fields: dict[str, Value] = {
        "name": "Ferry", "purpose": "vans taken over the sea", "purpose_code": purpose,
        "case_number": "O-1", "legal_basis": "Memorandum",
        "authorities": sorted([stage.scene.ground.node_id, *to]),
        "begins_at": at.isoformat(), "ends_at": (at + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    writing = Writing(ItemKind.CASE, fields, frozenset(to))
    case = await stage.shown["operations"].begin(writing, Actor("sup", at))
    return {"operation": str(case.key)}


async def note(stage: Stage, operation: str, to: list[str], words: str) -> dict[str, Any]:
    """A note to partners of an operation."""
    writing = Writing(ItemKind.NOTE, {"words": words}, frozenset(to))
    operations = stage.shown["operations"]
    item = await operations.add(Key.of(operation), writing, Actor("ian", now()))
    return {"item": str(item.key)}


async def withdraw_item(stage: Stage, item: str) -> dict[str, Any]:
    """Take an own item back."""
    await stage.shown["operations"].withdraw(Key.of(item), Actor("ian", now()))
    return {"withdrawn": True}


async def compare(stage: Stage, partner: str) -> dict[str, Any]:
    """Send a checkpoint."""
    await stage.started.delivery.comparing.send(partner, now())
    return {"sent": True}


async def disturb(stage: Stage, chance: float, seed: int, off_s: float) -> dict[str, Any]:  # noqa: ARG001 - an act
    """Mishaps from now on, and a clock that is off."""
    mishaps.FAULTS.chance = chance
    mishaps.FAULTS.dice.seed(seed)
    mishaps.Clock.off = timedelta(seconds=off_s)
    return {"counts": mishaps.FAULTS.counts}


async def clock(stage: Stage, off_s: float) -> dict[str, Any]:  # noqa: ARG001 - an act
    """A clock that is off."""
    mishaps.Clock.off = timedelta(seconds=off_s)
    return {"counts": mishaps.FAULTS.counts}


async def queues(stage: Stage, at_once: bool = False) -> dict[str, Any]:
    """How much waits to go and to be acted on; ``at_once``: without a pause before the next try."""
    deliveries = stage.started.delivery.deliveries
    found = await deliveries.queues()
    for one in found:
        if at_once and (one.waiting or one.unhandled):
            await deliveries.retry_now(one.partner)
    why = [f"{one.partner}: {one.why}" for one in found if one.waiting and one.why]
    return {"waiting": sum(one.waiting for one in found), "why": why,
            "unhandled": sum(one.unhandled for one in found),
            "aside": sum(one.set_aside for one in found)}  # fmt: skip


async def check_trail(stage: Stage) -> dict[str, Any]:
    """Whether the trail's chain holds, by the product's own check."""
    reader = PostgresTrailReader(stage.pool)
    entries = [one async for one in reader.raw()]
    key: PublicKey = stage.scene.ground.keys.signer.public
    found = verify(entries, [], key)
    return {"entries": len(entries), "faults": [str(one) for one in found.found][:5]}


ACTS: Mapping[str, Callable[..., Awaitable[dict[str, Any]]]] = {
    one.__name__: one
    for one in (post, ask, answer, prepare, listed, share, unshare, follow_up, release,
                begin_operation, note, withdraw_item, sign, end, compare, disturb, clock,
                queues, check_trail)
}  # fmt: skip
