"""Two nodes that spoke over the wire: the evidence of each says the same, and holds."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exchanging import ExchangeNode, ExchangeNodes, exchanging, until
from morina.accountability.signing import PublicKey
from morina.exchange import Agreement, Category, Item, Kind
from morina.exchange.directory import Bundle
from morina.exchange.directory_making import AgreementHash, Change, changed, founded, signed
from morina.exchange.entries import Entry
from morina.exchange.evidence import Evidence, evidence_of
from morina.exchange.evidence_check import verified
from morina.exchange.findings import Verdict
from morina.wiring.exchange.evidence_commands import Wanted, written_out

WHY = {"case_number": "C-1", "justification": "for the court"}


def directory(nodes: ExchangeNodes, agreement: Agreement) -> Bundle:
    """Both authorities sign it; it lists the agreement."""
    keys = {name: Ed25519PrivateKey.generate() for name in nodes.by_name}
    entries = [
        Entry(nodes[name].party, PublicKey(key.public_key().public_bytes_raw().hex()))
        for name, key in keys.items()
    ]
    now = datetime.now(UTC)
    bundle = founded(entries, 2, now)
    for key in keys.values():
        bundle = signed(bundle, key)
    bundle = changed(bundle, Change(agreements=[AgreementHash.of(agreement)]), now)
    for key in keys.values():
        bundle = signed(bundle, key)
    return bundle


async def put_down(node: ExchangeNode, nodes: ExchangeNodes, one: Agreement, held: Bundle) -> None:
    """Directory and agreement, as a node keeps them."""
    await node.rows("INSERT INTO directory VALUES (2, %s, 'test', now())", held.text())
    await node.rows(
        "INSERT INTO agreement_version VALUES (%s, %s, 1, false, %s, %s, %s::jsonb, now())",
        one.agreement_id, one.digest, one.giver, one.receiver, json.dumps(one.said()),
    )  # fmt: skip
    for name in (one.giver, one.receiver):
        await node.rows(
            "INSERT INTO agreement_signature VALUES (%s, %s, %s, %s, 'x', now())",
            one.agreement_id, one.digest, name, nodes[name].keys.signer.sign(one.said()),
        )  # fmt: skip


async def told(node: ExchangeNode, conversation: Any, file: Path) -> Evidence:
    assert await written_out(node.on.ground.pool, node.name, Wanted(conversation), file, WHY) == 2
    return evidence_of(file.read_bytes())


async def test_both_sides_hold_the_same_evidence(engines: Any, tmp_path: Path) -> None:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB") as nodes:
        al, gb = nodes["AL"], nodes["GB"]
        agreement = nodes.agree("AL", "GB", Category.VEHICLE)
        asked = await gb.post("AL", Kind.QUERY, agreement)
        [got] = await until(lambda: al.took.messages)
        assert got == asked
        items = (Item(fields={"colour": "silver"}),)
        await al.post(
            "GB", Kind.ANSWER, agreement, answers=got, conversation=got.conversation, items=items
        )
        await until(lambda: gb.took.messages)
        for node in nodes.by_name.values():  # both receipts are back
            open_ = "SELECT count(*) FROM exchange_message WHERE receipt IS NULL"
            await until(lambda node=node, open_=open_: _none(node, open_))
        held = directory(nodes, agreement)
        for node in nodes.by_name.values():
            await put_down(node, nodes, agreement, held)
        ours = await told(gb, asked.conversation, tmp_path / "gb.json")
        theirs = await told(al, asked.conversation, tmp_path / "al.json")
    assert list(ours.messages) == list(theirs.messages)
    for one in (ours, theirs):
        findings = verified(one, held.roots[0])
        assert findings.hold
        assert {found.verdict for found in findings.found} == {Verdict.HOLDS}
    assert findings.messages[1].items == items


async def _none(node: ExchangeNode, query: str) -> bool:
    return await node.rows(query) == [(0,)]
