"""What came of it, out of every node's database, held against the oracle.

Right times are those of commits, by the clock of PostgreSQL, which is right throughout.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from typing import Any

import psycopg
from psycopg.rows import dict_row

from federating import oracle
from federating.drawing import Book, Posted, Said
from federating.nodes import Node
from federating.oracle import Knowledge, Learnt, Wanted, verdicts

_MESSAGES = """
SELECT pg_xact_commit_timestamp(xmin) AS changed_at,
    message_id, sender, receiver, seq, is_ours, kind, created_at, at, done_at, refused, why,
    digest, previous, signed, agreement_id, officer, receipt IS NOT NULL AS has_receipt
FROM exchange_message ORDER BY seq"""
_TRAIL = """
SELECT pg_xact_commit_timestamp(xmin) AS entered_at,
    what -> 'ids' ->> 0 AS id, what ->> 'digest' AS digest, what ->> 'step' AS step, with_whom
FROM trail WHERE what ->> 'kind' = 'messages'"""
_REPORTS = """
SELECT DISTINCT ON (partner, sender) partner, sender, verdict, up_to FROM exchange_report
ORDER BY partner, sender, number DESC"""
_SIGHTINGS = "SELECT told_by, sighting_id::text AS id, fields FROM sighting"
_ITEMS = "SELECT owner, item_id::text AS id FROM operation_item WHERE owner <> %s"

Row = dict[str, Any]


@dataclass
class Found:
    """What was missed, a sentence each, and counts."""

    missed: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    turned_down: Counter[str] = field(default_factory=Counter)

    def miss(self, kind: str, said: str) -> None:
        self.counts[f"MISSED {kind}"] += 1
        self.missed.append(f"{kind}: {said}")


@dataclass
class Kept:
    """What one node's database holds."""

    ours: dict[str, Row]
    theirs: dict[str, Row]
    trail: list[Row]
    reports: list[Row]
    sightings: list[Row]
    items: list[Row]


def kept_of(node: Node) -> Kept:
    """All of it."""
    with psycopg.connect(node.dsn, row_factory=dict_row) as connection:
        rows = connection.execute(_MESSAGES).fetchall()
        return Kept(
            ours={str(one["message_id"]): one for one in rows if one["is_ours"]},
            theirs={str(one["message_id"]): one for one in rows if not one["is_ours"]},
            trail=connection.execute(_TRAIL).fetchall(),
            reports=connection.execute(_REPORTS).fetchall(),
            sightings=connection.execute(_SIGHTINGS).fetchall(),
            items=connection.execute(_ITEMS, (node.name,)).fetchall(),
        )  # fmt: skip


def judged(nodes: Mapping[str, Node], book: Book) -> Found:
    """Everything the issue asks for."""
    found = Found()
    kept = {name: kept_of(node) for name, node in nodes.items()}
    knowledge = {name: _knowledge(nodes[name], kept, book, found) for name in nodes}
    for pair in permutations(nodes, 2):
        _passed(pair, kept, found)
        _trails(pair, kept, found)
        _reconciled(pair, kept, found)
    for name, node in nodes.items():
        _acted_on(node, kept, knowledge[name], found)
        _at_rest(name, kept, found)
    for one in book.posts:
        _posting(one, knowledge[one.sender], kept, found)
    return found


def _knowledge(node: Node, kept: Mapping[str, Kept], book: Book, found: Found) -> Knowledge:
    """What the node knew of agreements when, from the messages that carried signatures; each must
    be of a text the driver had signed."""
    made = Knowledge()
    entered = {one["id"]: one["entered_at"] for one in kept[node.name].trail}
    for row in [*kept[node.name].ours.values(), *kept[node.name].theirs.values()]:
        if row["kind"] != "agreement" or not (row["is_ours"] or _is_acted_on(row)):
            continue
        text = oracle.read(bytes(row["signed"]))["body"]["said"]["agreement"]
        if not _is_known(text, book):
            found.miss("agreement", f"{node.name} has a text nobody drew: {text}")
        at = entered[str(row["message_id"])] if row["is_ours"] else row["changed_at"]
        learnt = Learnt(at.timestamp(), text, row["sender"])
        made.learnt[text["agreement_id"]].append(learnt)
    return made


def _is_known(text: Said, book: Book) -> bool:
    texts = book.texts.get(text["agreement_id"], [])
    if text["ended"]:
        same = ("giver", "receiver", "category")
        return text["agreement_id"] in book.ended and any(
            all(one[name] == text[name] for name in same) for one in texts
        )
    return text in texts


def _passed(pair: tuple[str, str], kept: Mapping[str, Kept], found: Found) -> None:
    """Nothing posted is lost, and both sides hold the same, gapless and chained."""
    sender, to = pair
    sent = [one for one in kept[sender].ours.values() if one["receiver"] == to]
    came = [one for one in kept[to].theirs.values() if one["sender"] == sender]
    found.counts["messages"] += len(sent)
    for side, rows in (("sent", sent), ("taken", came)):
        rows.sort(key=lambda one: one["seq"])
        if [one["seq"] for one in rows] != list(range(1, len(rows) + 1)):
            found.miss("numbers", f"{sender} to {to}, {side}: gaps in 1 to {len(rows)}")
        for before, after in pairwise(rows):
            if after["previous"] != before["digest"]:
                found.miss("chain", f"{sender} to {to}, {side}: broken at {after['seq']}")
    digests = [one["digest"] for one in sent], [one["digest"] for one in came]
    if digests[0] != digests[1]:
        found.miss("lost", f"{sender} to {to}: {len(sent)} sent, {len(came)} taken, or others")
    for one in sent:
        if not one["has_receipt"]:
            found.miss("receipt", f"{sender} to {to}: none for number {one['seq']}")


def _trails(pair: tuple[str, str], kept: Mapping[str, Kept], found: Found) -> None:
    """Both trails name each message once with one digest."""
    sender, to = pair
    rows = [one for one in kept[sender].ours.values() if one["receiver"] == to]
    wanted = Counter((str(one["message_id"]), one["digest"]) for one in rows)
    for name, other in (pair, pair[::-1]):
        mine = {str(one["message_id"]) for one in rows}
        said = Counter(
            (one["id"], one["digest"])
            for one in kept[name].trail
            if one["with_whom"] == other and one["id"] in mine
        )
        if said != wanted:
            found.miss("trail", f"of {name}: not the messages {sender} sent {to}")
    named = {one["id"] for one in kept[to].trail} | {one["id"] for one in kept[sender].trail}
    found.counts["trail digests compared"] += len(wanted) if named else 0


def _reconciled(pair: tuple[str, str], kept: Mapping[str, Kept], found: Found) -> None:
    """The newest comparison of each direction says that both agree."""
    name, partner = pair
    said = {
        one["sender"]: one["verdict"] for one in kept[name].reports if one["partner"] == partner
    }
    for sender in pair:
        if said.get(sender) != "agrees":
            found.miss("checkpoint", f"at {name}, of what {sender} sent: {said.get(sender)}")
        found.counts["checkpoints that agree"] += said.get(sender) == "agrees"


def _acted_on(node: Node, kept: Mapping[str, Kept], knowledge: Knowledge, found: Found) -> None:
    """Each message that came in, acted on or refused: was that right?"""
    before: dict[tuple[str, ...], int] = defaultdict(int)
    rows = sorted(kept[node.name].theirs.values(), key=lambda one: (one["sender"], one["seq"]))
    for row in rows:
        if row["done_at"] is None or row["refused"] == "set_aside":
            found.miss("not handled", f"{row['kind']} {row['seq']} at {node.name}: {row['why']}")
            continue
        wanted = _wanted(row, kept)
        right = verdicts(knowledge, wanted, (row["changed_at"].timestamp(),))
        _one(node.name, row, right, found)
        if wanted.kind in oracle.CAPPED:
            _cap(row, knowledge, before, found)


def _wanted(row: Row, kept: Mapping[str, Kept]) -> Wanted:
    """What the receiver had to judge; where it dropped the content, by the sender's copy."""
    copy = row["signed"] or kept[row["sender"]].ours[str(row["message_id"])]["signed"]
    said = oracle.read(bytes(copy))
    return Wanted(
        sender=said["from"], to=said["to"], kind=said["type"], agreement=said["agreement_id"],
        purpose=said["purpose_code"], items=said["body"]["items"], at=row["at"],
        made_at=row["created_at"],
    )  # fmt: skip


def _one(name: str, row: Row, right: set[str], found: Found) -> None:
    said = f"{row['kind']} {row['seq']} from {row['sender']} at {name}"
    if len(right) > 1 and "" in right:
        found.counts["in the moment of a change: either is right"] += 1
        return
    if _is_acted_on(row):
        found.counts["acted on"] += 1
        if "" not in right:
            found.miss("not allowed and acted on", f"{said}: {right}")
    elif row["refused"] in oracle.DENIALS:
        found.counts["refused, not allowed"] += 1
        if right == {""} and row["refused"] not in oracle.CAPS:
            found.miss("allowed and refused", f"{said}: {row['refused']} {row['why']}")
    else:
        found.turned_down[row["refused"]] += 1


def _cap(row: Row, knowledge: Knowledge, before: dict[tuple[str, ...], int], found: Found) -> None:
    """As many questions a day as agreed, and no more."""
    day = str(row["created_at"].astimezone(UTC).date())
    agreement = str(row["agreement_id"])
    node, officer = (agreement, row["sender"], day), (agreement, row["officer"], day)
    texts = {one.text["version"]: one.text for one in knowledge.learnt.get(agreement, [])}
    caps = [(one["officer_cap"], one["node_cap"]) for one in texts.values()]
    used = before[officer], before[node]
    over = [used[0] >= one[0] or used[1] >= one[1] for one in caps]
    if _is_acted_on(row) and over and all(over):
        found.miss("over the cap", f"{row['kind']} {row['seq']} from {row['sender']}")
    if row["refused"] in oracle.CAPS and not any(over):
        found.miss("allowed and refused", f"{row['kind']} {row['seq']}: cap, {used} of {caps}")
    if row["refused"] not in oracle.DENIALS:
        before[officer] += 1
        before[node] += 1


def _at_rest(name: str, kept: Mapping[str, Kept], found: Found) -> None:
    """No data of a partner lies here but what a message that was acted on told."""
    told: dict[tuple[str, str], Said] = {}
    items: set[tuple[str, str]] = set()
    for row in kept[name].theirs.values():
        if not _is_acted_on(row) or row["kind"] not in ("sighting", "operation.item"):
            continue
        body = oracle.read(bytes(row["signed"]))["body"]
        if row["kind"] == "sighting":
            told[(row["sender"], body["said"]["sighting_id"])] = body["items"][0]["fields"]
        else:
            items.add((row["sender"], body["said"]["item"]))
    here = {(one["told_by"], one["id"]): one["fields"] for one in kept[name].sightings}
    found.counts["sightings at rest"] += len(here)
    if here != told:
        found.miss("at rest", f"{name} keeps {len(here)} sightings and was told {len(told)}")
    there = {(one["owner"], one["id"]) for one in kept[name].items}
    found.counts["items of operations at rest"] += len(there)
    if there != items:
        found.miss("at rest", f"{name} keeps {len(there)} items and was told {len(items)}")


def _posting(one: Posted, knowledge: Knowledge, kept: Mapping[str, Kept], found: Found) -> None:
    """Whether what a node said to a post was right, and what it said it queued is queued."""
    if one.message_id and one.message_id not in kept[one.sender].ours:
        found.miss("lost", f"{one.kind} of {one.sender}: posted, and not there any more")
    if one.forced or not (one.message_id or one.denied):
        found.counts["forced past the sender's judge"] += one.forced
        return
    believed = datetime.fromtimestamp(one.begun + one.off, UTC)
    wanted = Wanted(
        sender=one.sender, to=one.to, kind=one.kind, agreement=one.agreement,
        purpose=one.purpose, items=one.items, at=believed,
    )  # fmt: skip
    late = Wanted(**{name: getattr(wanted, name) for name in Wanted.__slots__}
                  | {"at": believed + timedelta(seconds=one.done - one.begun)})  # fmt: skip
    right = verdicts(knowledge, wanted, _span(one)) | verdicts(knowledge, late, _span(one))
    if len(right) > 1 and "" in right:
        return
    if one.message_id:
        found.counts["posts let go"] += 1
        if "" not in right:
            found.miss("not allowed and posted", f"{one.kind} {one.sender} to {one.to}: {right}")
    elif one.denied in oracle.DENIALS:
        found.counts["posts denied"] += 1
        if right == {""} and one.denied not in oracle.CAPS:
            found.miss("allowed and not posted", f"{one.kind} of {one.sender}: {one.denied}")
    else:
        found.counts[f"posts that failed: {one.denied}"] += 1


def _span(one: Posted) -> Iterable[float]:
    return (one.begun, (one.begun + one.done) / 2, one.done)


def _is_acted_on(row: Row) -> bool:
    return row["done_at"] is not None and row["refused"] == ""
