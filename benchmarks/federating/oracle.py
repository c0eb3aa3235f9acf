"""What may pass between nodes, said independently: from what both signed and nothing else.

Shares no code with the product. An agreement is a plain dict as both sign it; what each node knows
of agreements is told by the driver as events in right time.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Said = Mapping[str, Any]
SLACK_S = 4.0
"""How long a step at a node may take from its time to its commit."""

GIVES = {
    "hotlist.part": "hotlist", "hotlist.delta": "hotlist",
    "sighting": "sighting", "answer": "vehicle",
    "follow_up.acknowledge": "follow_up", "follow_up.clarify": "follow_up",
    "follow_up.grant": "follow_up", "operation.item": "operation",
}  # fmt: skip
"""What whoever gives data sends, and the category it must be agreed under."""

ASKS = {"query": "vehicle", "follow_up.request": "follow_up", "follow_up.clarified": "follow_up"}
FREE = {"operation.withdraw", "hotlist.withdraw", "sighting.correction", "follow_up.refuse",
        "refused", "checkpoint", "agreement", "directory"}  # fmt: skip
CAPPED = {"query", "follow_up.request"}
DENIALS = {"no_agreement", "not_in_force", "parties", "category", "purpose", "field", "age",
           "camera_group", "officer_cap", "node_cap"}  # fmt: skip
CAPS = {"officer_cap", "node_cap"}


def read(signed: bytes) -> dict[str, Any]:
    """What a signed message says; its signature is the product's affair."""
    text = signed.decode().strip()
    part = json.loads(text)["payload"] if text.startswith("{") else text.split(".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return said


@dataclass(frozen=True, slots=True)
class Learnt:
    """At ``at`` (right time, seconds) a node knew that ``signer`` signed this text."""

    at: float
    text: Said
    signer: str


@dataclass
class Knowledge:
    """What one node knows of agreements, by their ids."""

    learnt: dict[str, list[Learnt]] = field(default_factory=lambda: defaultdict(list))

    def known_at(self, agreement: str, at: float) -> list[Said | None]:
        """The version that counts around ``at``: one, or several where it changed just then;
        None for none."""
        events = self.learnt.get(agreement, [])
        moments = [at - SLACK_S, at + SLACK_S]
        moments += [one.at for one in events if abs(one.at - at) <= SLACK_S]
        found: list[Said | None] = []
        for moment in moments:
            one = _counts(one for one in events if one.at <= moment)
            if one not in found:
                found.append(one)
        return found


def _counts(events: Iterable[Learnt]) -> Said | None:
    """The newest version both signed; none after an end that either signed."""
    signers: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, Said] = {}
    for one in events:
        key = json.dumps(one.text, sort_keys=True)
        texts[key] = one.text
        signers[key].add(one.signer)
        if one.text["ended"] and one.signer in (one.text["giver"], one.text["receiver"]):
            return None
    both = [
        text for key, text in texts.items()
        if {text["giver"], text["receiver"]} <= signers[key]
    ]  # fmt: skip
    return max(both, key=lambda text: text["version"], default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to pass: ``items`` as they stand on the wire, judged at the node's time ``at``."""

    sender: str
    to: str
    kind: str
    agreement: str
    purpose: str
    items: Sequence[Said]
    at: datetime
    made_at: datetime | None = None


def allowed(text: Said | None, wanted: Wanted) -> str:
    """Empty where this version lets it pass, else a word on why not. Caps are counted elsewhere."""
    if wanted.kind in FREE:
        return "data without an agreement" if wanted.items else ""
    if text is None:
        return "nothing both signed"
    gives = wanted.kind in GIVES
    category = GIVES.get(wanted.kind) or ASKS.get(wanted.kind)
    way = (wanted.sender, wanted.to) if gives else (wanted.to, wanted.sender)
    checks = {
        "time": _when(text["valid_from"]) <= wanted.at < _when(text["valid_to"]),
        "category": text["category"] == category,
        "parties": (text["giver"], text["receiver"]) == way,
        "purpose": wanted.purpose in text["purposes"],
    }
    if gives:
        checks["fields"] = all(set(one["fields"]) <= set(text["fields"]) for one in wanted.items)
    checks["age"] = all(_young(one, text, wanted, gives) for one in wanted.items)
    checks["cameras"] = all(_from(one, text, gives) for one in wanted.items)
    return ", ".join(name for name, holds in checks.items() if not holds)


def _young(item: Said, text: Said, wanted: Wanted, gives: bool) -> bool:
    if not text["max_age_days"]:
        return True
    if not item["at"]:
        return not (gives and text["category"] in ("hotlist", "sighting", "follow_up"))
    made = wanted.made_at if text["category"] == "hotlist" and wanted.made_at else wanted.at
    return _when(item["at"]) >= made - timedelta(days=text["max_age_days"])


def _from(item: Said, text: Said, gives: bool) -> bool:
    groups = text["camera_groups"]
    if "*" in groups:
        return True
    seen = text["category"] == "sighting" or (
        text["category"] == "follow_up"
        and {"picture", "place", "captured_at"} & set(item["fields"])
    )
    if not item["camera_group"] and not (gives and seen):
        return True
    return item["camera_group"] in groups


def verdicts(knowledge: Knowledge, wanted: Wanted, moments: Iterable[float]) -> set[str]:
    """Every answer that may be right at these moments; {""}: it must pass, no "" in it: never."""
    if wanted.kind in FREE:
        return {allowed(None, wanted)}
    return {
        allowed(text, wanted)
        for moment in moments
        for text in knowledge.known_at(wanted.agreement, moment)
    }


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)
