"""Agreements and acts at random: what is drawn, and what is remembered of it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

Said = dict[str, Any]

CATEGORIES = ("hotlist", "sighting", "vehicle", "follow_up", "operation")
PURPOSES = ("stolen_vehicle", "serious_crime", "missing_person")
GROUPS = ("border", "city", "port")
OFFICERS = ("ian", "ana")
FIELDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "hotlist": (("plate", "country", "reason_code", "action", "valid_from", "valid_to"),
                ("make", "model", "colour", "owner_unit", "legal_basis", "listing_id",
                 "subject_category", "source_reference", "review_at")),
    "sighting": (("plate",), ("country", "place", "colour", "make", "lane", "note", "camera",
                              "direction")),
    "vehicle": ((), ("category", "plate", "make", "model", "colour", "status", "reference",
                     "action", "vin")),
    "follow_up": (("holder_name",), ("route", "case_summary", "contact", "companions")),
    "operation": (("words",), ("name", "purpose", "purpose_code", "case_number", "legal_basis",
                               "authorities", "begins_at", "ends_at")),
}  # fmt: skip
"""Per category the fields most agreements have, and those that some have."""

DAY_S = 86_400


@dataclass
class Book:
    """What the driver did: agreements with every text of them, lists, operations, posts."""

    begun: datetime
    texts: dict[str, list[Said]] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)
    """Agreement to whoever has to sign its newest text."""

    ended: set[str] = field(default_factory=set)
    lists: dict[str, Said] = field(default_factory=dict)
    operations: list[tuple[str, str, list[str]]] = field(default_factory=list)
    items: list[tuple[str, str]] = field(default_factory=list)
    posts: list["Posted"] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)
    """Answers of nodes, by act and outcome."""

    def newest(self, category: str = "") -> list[Said]:
        """The newest text of each, of one category or all."""
        return [one[-1] for one in self.texts.values() if category in ("", one[-1]["category"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message the driver had a node post, and what the node said: an id, a code of a denial, or
    neither where it died meanwhile. Times are right ones, seconds; ``off`` its clock's fault."""

    sender: str
    to: str
    kind: str
    agreement: str
    purpose: str
    officer: str
    items: list[Said]
    forced: bool
    begun: float
    done: float
    off: float
    message_id: str = ""
    denied: str = ""


def agreements(
    names: Sequence[str], count: int, begun: datetime, dice: random.Random
) -> list[Said]:
    """``count`` of them; few are not in force yet, or no longer, or tell little."""
    pairs = list(permutations(names, 2))
    made = []
    for category in CATEGORIES:
        order = dice.sample(pairs, len(pairs))
        share = count // len(CATEGORIES)
        made += [_agreement(category, order[n % len(order)], begun, dice) for n in range(share)]
    return made


def _agreement(category: str, pair: tuple[str, str], begun: datetime, dice: random.Random) -> Said:
    chance, from_, to = dice.random(), begun - timedelta(days=2), begun + timedelta(days=20)
    if chance < 0.05:
        from_ = begun + timedelta(days=3)
    elif chance < 0.1:
        to = begun + timedelta(seconds=dice.choice((150, 240, 330)))
    text = {
        "agreement_id": str(uuid4()), "version": 1, "giver": pair[0], "receiver": pair[1],
        "category": category, "legal_basis": "Treaty of the benchmark", "keep_days": 30,
        "valid_from": from_.isoformat(), "valid_to": to.isoformat(), "onward": "never",
        "tells_refusal": dice.random() < 0.5, "log_days": 1096, "ended": False,
    }  # fmt: skip
    return text | terms(category, dice)


def terms(category: str, dice: random.Random) -> Said:
    """What two authorities may change about an agreement."""
    needed, more = FIELDS[category]
    fields = set(needed) | {one for one in more if dice.random() < 0.6}
    if category == "operation" and dice.random() < 0.8:
        fields |= set(more)
    caps = dice.choice(((10_000, 10_000), (10_000, 10_000), (12, 20), (0, 0)))
    return {
        "purposes": sorted(dice.sample(PURPOSES, dice.randint(1, 3))), "fields": sorted(fields),
        "max_age_days": dice.choice((0, 1, 7)),
        "camera_groups": dice.choice((["*"], ["*"], ["border"], ["border", "city"], [])),
        "officer_cap": caps[0], "node_cap": caps[1],
    }  # fmt: skip


def next_version(text: Said, dice: random.Random) -> Said:
    """The same agreement with other terms."""
    return text | terms(text["category"], dice) | {"version": text["version"] + 1}


def sighting(book: Book, dice: random.Random) -> tuple[str, Said]:
    """Who posts, and what: mostly what an agreement allows, often a little more than that."""
    text = dice.choice(book.newest("sighting" if dice.random() < 0.9 else ""))
    giver, receiver = text["giver"], text["receiver"]
    if dice.random() < 0.05:
        giver, receiver = receiver, giver
    listed = book.lists[receiver]
    fields = _some(text["fields"], dice) or ["plate"]
    if dice.random() < 0.1:
        fields = [*fields, dice.choice(("picture_note", "holder_name", "lane", "colour"))]
    oldest = text["max_age_days"] * DAY_S
    age = dice.uniform(0, (oldest or 9 * DAY_S) - 7200)
    if dice.random() < 0.1:
        age = oldest + 7200 + dice.uniform(0, DAY_S)
    groups = [one for one in text["camera_groups"] if one != "*"] or list(GROUPS)
    item = {
        "fields": {one: "AA111BB" if one == "plate" else "invented" for one in fields},
        "group": dice.choice(groups if dice.random() < 0.9 else GROUPS), "age_s": age,
    }  # fmt: skip
    said = {"sighting_id": str(uuid4()), "list_id": listed["hotlist"],
            "listing_id": listed["listing"], "state": 3}  # fmt: skip
    return giver, {"to": receiver, "kind": "sighting", "said": said, "items": [item],
                   "why": why(text, dice)}  # fmt: skip


def stray(book: Book, dice: random.Random) -> tuple[str, Said]:
    """A message of any kind under any agreement: most are nobody's right."""
    text = dice.choice(book.newest())
    ends = [text["giver"], text["receiver"]]
    dice.shuffle(ends)
    kind = dice.choice(("query", "answer", "operation.item", "sighting.correction",
                        "follow_up.request", "follow_up.grant", "hotlist.delta"))  # fmt: skip
    fields = {one: "invented" for one in _some(text["fields"], dice)}
    if kind == "query":
        fields = {"plate": "AA111BB", "country": "AL"}
    items = [{"fields": fields}] if fields else []
    return ends[0], {"to": ends[1], "kind": kind, "items": items, "why": why(text, dice)}


def why(text: Said, dice: random.Random) -> Said:
    """A reason under this agreement; one in ten names any purpose."""
    purposes = text["purposes"] if dice.random() < 0.9 else PURPOSES
    return {"agreement": text["agreement_id"], "purpose": dice.choice(purposes),
            "officer": dice.choice(OFFICERS)}  # fmt: skip


def now() -> datetime:
    """The right time."""
    return datetime.now(UTC)


def _some(names: Sequence[str], dice: random.Random) -> list[str]:
    return dice.sample(list(names), dice.randint(0, len(names)))
