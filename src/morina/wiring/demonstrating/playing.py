"""What is played between the demo's authorities, each step by an officer of one of them.

Nobody's eyes are played: a hit stays a question until whoever watches the demo confirms it.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from morina.accountability import PurposeCode
from morina.demo.script import DemoListing
from morina.exchange import Category
from morina.watch import Action, ReasonCode, SubjectCategory
from morina.wiring.demonstrating.agreeing import LEGAL_BASIS, Agreed, agree
from morina.wiring.demonstrating.officers import PLAYED, PlayedDesk, until

ASKED_PLATE = "AB508KT"
"""On AL's own list: what GB asks about is a hit."""
UNKNOWN_PLATE = "AA123BB"


def tell(said: str) -> None:
    """A line on what was played."""
    print(f"[{PLAYED}] {said}", flush=True)


async def play(desks: Sequence[PlayedDesk], listed: Sequence[DemoListing]) -> None:
    """Agreements, a list, an operation, a question and a follow-up; ``listed`` are GB's vehicles.
    RefusedError where something of it is refused or does not come."""
    al, gb, xk = desks
    agreed = await agree(al, gb)
    tell("AL and GB agreed on hotlists, sightings, questions and follow-ups, each way: 8"
         " agreements, signed at both, approved by a second person at each")  # fmt: skip
    await _share(gb, al, agreed, await _list(gb, listed))
    agreed = await agree(al, xk)
    tell("AL and XK agreed on hotlists, sightings and joint operations, each way: 6 agreements")
    [own] = [one for one in await al.get("operator", "/hotlists") if "AL" in one["owner"]]
    await _share(al, xk, agreed, own["hotlist_id"])
    await _operation(al, xk)
    question_id = await _ask(gb)
    await _follow_up(gb, al, question_id)


async def _list(gb: PlayedDesk, listed: Sequence[DemoListing]) -> str:
    """GB's hotlist with its vehicles; its id."""
    now = datetime.now(UTC)
    hotlist = await gb.post("operator", "/hotlists", {
        "name": "Stolen vehicles", "owner": "Demo authority GB",
        "purpose": "Finding stolen vehicles (invented)", "legal_basis": LEGAL_BASIS,
        "review_at": (now + timedelta(days=90)).date().isoformat(),
    })  # fmt: skip
    for one in listed:
        await gb.post("operator", f"/hotlists/{hotlist['hotlist_id']}/listings", {
            "plate": one.listed.text, "country": one.listed.country, "colour": one.colour,
            "reason_code": ReasonCode.STOLEN, "subject_category": SubjectCategory.OTHER,
            "action": Action.STOP, "priority": 80, "owner_unit": "Demo unit GB",
            "contact_24h": "00 44 000 0000 (invented)", "legal_basis": LEGAL_BASIS,
            "source_reference": "DEMO-GB-1",
            "instruction": "Compare plate and colour, then hold the vehicle and call us.",
            "valid_from": (now - timedelta(days=1)).isoformat(),
            "valid_to": (now + timedelta(days=30)).isoformat(),
            "review_at": (now + timedelta(days=20)).date().isoformat(),
        })  # fmt: skip
        tell(f"GB lists {one.listed.text} ({one.listed.country}), a {one.colour} car, as stolen")
    return str(hotlist["hotlist_id"])


async def _share(giver: PlayedDesk, receiver: PlayedDesk, agreed: Agreed, hotlist_id: str) -> None:
    began, to = datetime.now(UTC), receiver.node_id
    await giver.post("operator", f"/hotlists/{hotlist_id}/shares", {
        "partner": to, "agreement_id": agreed[giver.node_id, to, Category.HOTLIST],
        "purpose": PurposeCode.STOLEN_VEHICLE, "case_number": "DEMO-1",
        "justification": f"stolen vehicles are taken over this border, {PLAYED}",
    })  # fmt: skip

    async def arrived() -> bool:
        heard = (await receiver.get("operator", "/exchange/lists"))["heard"]
        return any(one["entries"] and one["applied_at"] for one in heard)

    await until(arrived, f"the hotlist of {giver.node_id}")
    tell(f"{giver.node_id} shares its hotlist with {to}, which looks for its vehicles"
         f" {_since(began)} later")  # fmt: skip


async def _operation(al: PlayedDesk, xk: PlayedDesk) -> None:
    now = datetime.now(UTC)
    case = await al.post("liaison", "/operations", {
        "kind": "case", "addressed": [xk.node_id],
        "fields": {
            "name": "Evening checks (demo)", "purpose": "Stolen vehicles at the crossing, invented",
            "purpose_code": PurposeCode.STOLEN_VEHICLE, "case_number": "DEMO-3",
            "legal_basis": LEGAL_BASIS, "authorities": [al.node_id, xk.node_id],
            "begins_at": now.isoformat(), "ends_at": (now + timedelta(days=7)).isoformat(),
        },
    })  # fmt: skip
    await al.post("liaison", f"/operations/{case['operation_id']}/items", {
        "kind": "check", "addressed": [xk.node_id],
        "fields": {"title": "Check lorries from 18 to 22", "state": "open",
                   "crossing": "Morinë", "words": f"Count what you find, {PLAYED}"},
    })  # fmt: skip

    async def arrived() -> bool:
        return bool(await xk.get("liaison", "/operations"))

    await until(arrived, "the joint operation")
    tell("AL begins a joint operation with XK and asks it for a check at the crossing")


async def _ask(gb: PlayedDesk) -> str:
    """GB asks AL about two vehicles; the id of the question that was a hit."""
    unknown = await _answered(gb, UNKNOWN_PLATE, "seen beside a stolen van near the harbour")
    tell(f"GB asks AL about {UNKNOWN_PLATE} (AL): {_words(unknown)}")
    hit = await _answered(gb, ASKED_PLATE, "its driver rents a garage with stolen parts in it")
    tell(f"GB asks AL about {ASKED_PLATE} (AL): {_words(hit)}")
    return str(hit["question_id"])


async def _answered(gb: PlayedDesk, plate: str, why: str) -> Any:
    [asked] = await gb.post("investigator", "/exchange/questions", {
        "partners": ["AL"], "plate": plate, "country": "AL", "purpose": _purpose(why),
    })  # fmt: skip
    path = f"/exchange/questions/{asked['question_id']}"

    async def answered() -> Any:
        found = await gb.get("investigator", path)
        return found if found["answer"] or found["turned_down"] else None

    return await until(answered, "AL's answer")


async def _follow_up(gb: PlayedDesk, al: PlayedDesk, about: str) -> None:
    """Asked by an investigator of GB, approved by its supervisor, released by AL's liaison."""
    written = await gb.post("investigator", "/exchange/follow-ups", {
        "partner": al.node_id, "about": about, "offence": "handling stolen vehicle parts",
        "urgency": "routine", "wanted": ["authority", "contact", "case_summary"],
        "purpose": _purpose("the garage is searched next week and AL's case may be the same one"),
    })  # fmt: skip
    path = f"/exchange/follow-ups/{written['follow_up_id']}"
    await gb.approve(written["approval_id"])
    await gb.post("investigator", f"{path}/steps", {"step": "send"})
    tell("GB's investigator asks for details of that hit; GB's supervisor approves; it is sent")
    await until(lambda: al.has("liaison", path), "GB's follow-up")
    await al.post("liaison", f"{path}/steps", {"step": "acknowledge"})
    await al.post("liaison", f"{path}/steps", {
        "step": "grant", "handling": "not_as_evidence",
        "forget_at": (datetime.now(UTC) + timedelta(days=14)).isoformat(),
        "fields": {"authority": "Demo authority AL, demo unit", "contact": "00 355 000 0000"
                   " (invented)", "case_summary": "Invented: seen at night on the A1 with others."},
    })  # fmt: skip
    await until(_has_stage(gb, path, "granted"), "AL's details")
    tell("AL's liaison officer releases three fields, not as evidence, for 14 days; GB has them")


def _has_stage(desk: PlayedDesk, path: str, stage: str) -> Callable[[], Awaitable[bool]]:
    async def has() -> bool:
        found = await desk.get("investigator", "/exchange/follow-ups")
        return any(path.endswith(one["follow_up_id"]) and one["stage"] == stage for one in found)

    return has


def _purpose(why: str) -> dict[str, str]:
    return {
        "code": PurposeCode.STOLEN_VEHICLE, "case_number": "DEMO-2", "legal_basis": LEGAL_BASIS,
        "justification": f"{why} ({PLAYED})",
    }  # fmt: skip


def _words(question: Any) -> str:
    answer = question["answer"]
    if answer is None:
        return f"turned down, {question['turned_down']}"
    kinds = ", ".join(str(one.get("category", "")).replace("_", " ") for one in answer["found"])
    told = f" ({kinds})" if kinds else ""
    return f"{answer['result'].replace('_', ' ')}{told}, in {answer['took_ms']} ms"


def _since(began: datetime) -> str:
    return f"{(datetime.now(UTC) - began).total_seconds():.1f} s"
