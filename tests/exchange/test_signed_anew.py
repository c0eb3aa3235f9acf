"""Messages signed anew after their sender's key was replaced, and those that respond to them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from exchanging import ExchangeNode, ExchangeNodes, exchanging, until
from morina.accountability.signing import Signer
from morina.exchange import Category, Kind
from morina.exchange.sealing import Keys


@pytest.fixture
async def nodes(engines: Any, tmp_path: Path) -> AsyncIterator[ExchangeNodes]:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB") as started:
        yield started


async def with_new_keys(nodes: ExchangeNodes) -> None:
    """AL's keys are replaced, and it and GB begin again."""
    al, gb = nodes["AL"], nodes["GB"]
    await al.stop()
    old = al.keys.signer.public
    al.keys = Keys("AL", Signer(Ed25519PrivateKey.generate()), X25519PrivateKey.generate())
    for node in (al, gb):
        node.known.put(replace(al.party, old_keys=(old,)))
    await al.start()
    await gb.start()


async def refused(node: ExchangeNode) -> list[tuple[Any, ...]]:
    return await node.rows("SELECT seq, refused, why FROM exchange_message WHERE refused <> ''")


async def test_one_that_responds_to_another_of_its_own_node_names_its_new_hash(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await gb.stop()
    first = await al.post("GB", Kind.SIGHTING, agreement)
    for _ in range(2):  # the second of them responds to one that itself responds
        await al.post("GB", Kind.SIGHTING_CORRECTION, agreement, answers=first, items=())
    await with_new_keys(nodes)
    await until(lambda: gb.has_kept(3))
    sighting, *corrections = gb.took.messages
    assert sighting.digest != first.digest
    assert {one.request_hash for one in corrections} == {sighting.digest}
    assert await refused(gb) == []


async def test_one_posted_after_it_names_the_hash_it_has_now(nodes: ExchangeNodes) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await gb.stop()
    first = await al.post("GB", Kind.SIGHTING, agreement)
    await with_new_keys(nodes)
    await until(lambda: gb.took.messages)
    await al.post("GB", Kind.SIGHTING_CORRECTION, agreement, answers=first, items=())
    await until(lambda: gb.has_kept(2))
    assert await refused(gb) == []


async def test_the_partners_answer_to_it_is_taken(nodes: ExchangeNodes) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("GB", "AL", Category.VEHICLE)
    await gb.stop()
    asked = await al.post("GB", Kind.QUERY, agreement)
    await with_new_keys(nodes)
    [got] = await until(lambda: gb.took.messages)
    assert (got.message_id, got.digest != asked.digest) == (asked.message_id, True)
    await gb.post("AL", Kind.ANSWER, agreement, answers=got, conversation=got.conversation)
    [answer] = await until(lambda: al.took.messages)
    assert (answer.in_reply_to, answer.request_hash) == (asked.message_id, got.digest)
    assert await refused(al) == await refused(gb) == []


async def test_an_answer_to_what_was_taken_before_the_key_was_replaced(
    nodes: ExchangeNodes,
) -> None:
    """Its receipt was lost: it keeps the hash the partner has, and is not signed anew."""
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("GB", "AL", Category.VEHICLE)
    asked = await al.post("GB", Kind.QUERY, agreement)
    [got] = await until(lambda: gb.took.messages)
    await until(lambda: received(al))
    await gb.stop()
    await al.rows("UPDATE exchange_message SET done_at = NULL, receipt = NULL WHERE is_ours")
    await al.post("GB", Kind.QUERY, agreement)
    await with_new_keys(nodes)
    await until(lambda: gb.has_kept(2))
    await gb.post("AL", Kind.ANSWER, agreement, answers=got, conversation=got.conversation)
    [answer] = await until(lambda: al.took.messages)
    assert answer.request_hash == asked.digest
    assert await refused(al) == []


async def test_what_bears_the_key_of_now_is_not_signed_anew(nodes: ExchangeNodes) -> None:
    """GB has a newer directory than AL: AL waits for it, and its trail is not filled."""
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    newer = Signer(Ed25519PrivateKey.generate()).public
    gb.known.put(replace(al.party, signing=newer, old_keys=(al.keys.signer.public,)))
    await al.post("GB", Kind.SIGHTING, agreement)
    await until(lambda: tried(al, 3))
    steps = await al.rows("SELECT what ->> 'step' FROM trail")
    assert steps == [("sighting",)]


async def received(node: ExchangeNode) -> bool:
    return await node.rows("SELECT 1 FROM exchange_message WHERE receipt IS NULL") == []


async def tried(node: ExchangeNode, times: int) -> bool:
    return await node.rows("SELECT 1 FROM exchange_message WHERE tries >= %s", times) != []
