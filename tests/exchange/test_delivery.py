"""Messages from node to node over HTTPS: once, in order, through cuts and deaths."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from exchanging import ExchangeNode, ExchangeNodes, exchanging, until
from morina.accountability.signing import Signer
from morina.exchange import Category, Kind, Message, RefusedMessageError
from morina.exchange.delivering import Queue, SoughtMessages, State
from morina.exchange.receipts import Receipt
from morina.exchange.sealing import Keys, sealed_to
from morina.exchange.transport import RefusedAtDoorError
from morina.settings.exchange import Exchange


@pytest.fixture
async def nodes(engines: Any, tmp_path: Path) -> AsyncIterator[ExchangeNodes]:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB") as started:
        yield started


async def test_a_message_arrives_and_both_trails_name_the_same_digest(
    nodes: ExchangeNodes,
) -> None:
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    posted = await nodes["AL"].post("GB", Kind.SIGHTING, agreement)
    await until(lambda: nodes["GB"].took.messages)
    assert nodes["GB"].took.messages == [posted]
    await until(lambda: _state_is(nodes["AL"], State.RECEIVED))
    for name, act, partner in (("AL", "disclosure", "GB"), ("GB", "collection", "AL")):
        rows = await nodes[name].rows(
            "SELECT act, with_whom, what ->> 'digest', why ->> 'case_number' FROM trail"
        )
        assert rows == [(act, partner, posted.digest, "C-1")]


async def test_what_is_told_of_a_case_without_an_agreement_is_told_and_collected_in_the_trails(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    gone = replace(nodes.agree("AL", "GB", Category.SIGHTING), agreement_id=uuid4())
    for kind in (Kind.SIGHTING_CORRECTION, Kind.FOLLOW_UP_REFUSE, Kind.HOTLIST_WITHDRAW):
        await al.post("GB", kind, gone, items=())
    await until(lambda: gb.has_kept(3))
    for node, act in ((al, "disclosure"), (gb, "collection")):
        rows = await node.rows("SELECT act FROM trail ORDER BY number")
        assert rows == [(act,), (act,), ("configuration",)]


async def test_all_arrive_in_order_where_the_partner_ends_and_begins_meanwhile(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    posted = []
    for step in range(30):
        if step == 10:
            await gb.stop()
        if step == 20:
            await gb.start()
        posted.append(await al.post("GB", Kind.SIGHTING, agreement))
    await until(lambda: gb.has_kept(30))
    # what was taken when it ended, and not kept, is taken again
    assert list(dict.fromkeys(one.digest for one in gb.took.messages)) == [
        one.digest for one in posted
    ]
    assert await gb.rows("SELECT count(*) FROM exchange_attack") == [(0,)]


async def test_a_queue_says_what_keeps_it_and_goes_on_when_told(nodes: ExchangeNodes) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    await gb.stop()
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await al.post("GB", Kind.SIGHTING, agreement)
    queue = await until(lambda: _tried(al))
    assert (queue.partner, queue.waiting) == ("GB", 1)
    assert "GB does not answer" in queue.why
    await al.rows("UPDATE exchange_message SET next_try_at = now() + interval '1 day'")
    await gb.start()
    await al.on.delivery.deliveries.retry_now("GB")
    await until(lambda: _state_is(al, State.RECEIVED))
    assert (await al.on.delivery.deliveries.queues())[0].waiting == 0


async def test_what_needs_no_agreement_arrives_though_it_names_one_that_is_not_in_force(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    gone = replace(agreement, agreement_id=uuid4())
    await al.post("GB", Kind.HOTLIST_WITHDRAW, gone, items=())
    await al.post("GB", Kind.SIGHTING, agreement)
    await until(lambda: gb.has_kept(2))


async def test_a_clock_set_back_keeps_nothing_waiting(nodes: ExchangeNodes) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await gb.stop()
    await al.post("GB", Kind.SIGHTING, agreement)
    ahead = "UPDATE exchange_message SET next_try_at = now() + interval '1 hour' WHERE tries > 0"
    await until(lambda: _failed_once(al))
    await al.stop()
    await al.rows(ahead)
    await gb.start()
    await al.start()
    await until(lambda: gb.took.messages)


LONG_CUT = """
UPDATE exchange_message SET tries = 30, next_try_at = now() + interval '250 s' WHERE is_ours"""


async def test_a_partner_that_is_heard_again_is_tried_at_once(engines: Any, tmp_path: Path) -> None:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB", retry_max_s=300) as nodes:
        al, gb = nodes["AL"], nodes["GB"]
        agreement = nodes.agree("AL", "GB", Category.SIGHTING)
        await gb.stop()
        await al.post("GB", Kind.SIGHTING, agreement)
        await until(lambda: _failed_once(al))
        await al.rows(LONG_CUT)
        await gb.start()
        await gb.post("AL", Kind.HOTLIST_WITHDRAW)
        await until(lambda: gb.took.messages)


async def test_unless_set_otherwise_a_silent_partner_is_tried_again_within_ten_seconds(
    engines: Any, tmp_path: Path
) -> None:
    usual = Exchange.model_fields["retry_max_s"].default
    async with exchanging(engines.postgres, tmp_path, "AL", "GB", retry_max_s=usual) as nodes:
        al = nodes["AL"]
        agreement = nodes.agree("AL", "GB", Category.SIGHTING)
        await nodes["GB"].stop()
        await al.post("GB", Kind.SIGHTING, agreement)
        await until(lambda: _failed_once(al))
        await al.rows("UPDATE exchange_message SET tries = 30, next_try_at = NULL")
        pause = "SELECT next_try_at - now() FROM exchange_message WHERE tries > 30"
        ((left,),) = await until(lambda: al.rows(pause))
        assert left <= timedelta(seconds=10)


async def _failed_once(node: ExchangeNode) -> bool:
    return bool(await node.rows("SELECT 1 FROM exchange_message WHERE tries > 0"))


async def test_one_partner_away_keeps_nobody_else_waiting(engines: Any, tmp_path: Path) -> None:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB", "XK") as nodes:
        await nodes["GB"].stop()
        agreed = {to: nodes.agree("AL", to, Category.SIGHTING) for to in ("GB", "XK")}
        for _ in range(5):
            for to in ("GB", "XK"):
                await nodes["AL"].post(to, Kind.SIGHTING, agreed[to])
        await until(lambda: nodes["XK"].has_kept(5))
        assert (await nodes["AL"].on.delivery.deliveries.queues())[0].waiting == 5


async def test_what_is_not_acted_on_is_undone_and_told_to_its_sender(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)

    def refuse(_message: Message) -> None:
        raise RefusedMessageError("no_place", "no place is given; give one")

    gb.took.before = refuse
    posted = await al.post("GB", Kind.SIGHTING, agreement)
    await until(lambda: _state_is(al, State.REFUSED))
    (shown,) = await al.on.delivery.deliveries.messages(SoughtMessages(state=State.REFUSED))
    assert (shown.message_id, shown.why) == (posted.message_id, "no place is given; give one")
    assert await gb.rows("SELECT message_id FROM took") == []
    told = await al.on.delivery.deliveries.conversation(posted.conversation)
    assert [one.kind for one in told] == [Kind.SIGHTING, Kind.REFUSED]


async def test_what_fails_is_tried_again_then_set_aside_and_the_next_go_on(
    engines: Any, tmp_path: Path
) -> None:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB", handling_tries=2) as nodes:
        al, gb = nodes["AL"], nodes["GB"]
        agreement = nodes.agree("AL", "GB", Category.SIGHTING)

        def fail(message: Message) -> None:
            if message.seq == 1:
                raise KeyError("a mistake in the program")

        gb.took.before = fail
        for _ in range(2):
            await al.post("GB", Kind.SIGHTING, agreement)
        await until(lambda: gb.took.messages)
        deliveries = gb.on.delivery.deliveries
        (aside,) = await deliveries.messages(SoughtMessages(state=State.SET_ASIDE))
        assert (aside.seq, aside.tries) == (1, 2)
        assert any("could not be acted on" in one for one in await deliveries.troubles(_now()))
        gb.took.before = lambda _message: None
        await deliveries.retry_now("AL")
        await until(lambda: gb.has_kept(2))

        async def mended() -> bool:  # once that it was handled is committed too
            return await deliveries.troubles(_now()) == []

        await until(mended)


async def test_a_receiver_asks_its_own_agreement_and_keeps_nothing_it_does_not_allow(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    gb.agreed = type(gb.agreed)([])
    await gb.stop()
    await gb.start()
    await al.post("GB", Kind.SIGHTING, agreement)
    await until(lambda: _state_is(al, State.REFUSED))
    assert gb.took.messages == []
    rows = await gb.rows(
        "SELECT refused, signed IS NULL, digest <> '' FROM exchange_message WHERE NOT is_ours"
    )
    assert rows == [("no_agreement", True, True)]


async def test_an_expired_message_keeps_its_place_and_is_not_acted_on(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await al.post("GB", Kind.SIGHTING, agreement, expires_at=_now() - timedelta(seconds=1))
    await al.post("GB", Kind.SIGHTING, agreement)
    await until(lambda: gb.took.messages)
    assert [one.seq for one in gb.took.messages] == [2]
    await until(lambda: _state_is(al, State.REFUSED))


async def test_what_was_signed_with_a_replaced_key_is_signed_anew_and_nothing_is_lost(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await al.post("GB", Kind.SIGHTING, agreement)
    await until(lambda: _state_is(al, State.RECEIVED))
    await gb.stop()
    for _ in range(3):
        await al.post("GB", Kind.SIGHTING, agreement)
    await al.stop()
    fresh = Keys("AL", Signer(Ed25519PrivateKey.generate()), X25519PrivateKey.generate())
    old, al.keys = al.keys, fresh
    party = _with_old(al, old)
    for node in (al, gb):
        node.known.put(party)
    await al.start()
    await gb.start()
    await until(lambda: gb.has_kept(4))
    assert [one.seq for one in gb.took.messages] == [1, 2, 3, 4]
    anew = await al.rows(
        "SELECT seq FROM exchange_message JOIN trail ON what -> 'ids' ->> 0 = message_id::text"
        " WHERE what ->> 'step' = 'signed anew' AND kind = 'sighting' ORDER BY seq"
    )
    assert anew == [(2,), (3,), (4,)]


async def test_a_receipt_that_was_lost_when_the_key_was_replaced_is_given_again(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await al.post("GB", Kind.SIGHTING, agreement)
    await until(lambda: _state_is(al, State.RECEIVED))
    await al.stop()
    await al.rows("UPDATE exchange_message SET done_at = NULL, receipt = NULL WHERE is_ours")
    old = al.keys
    al.keys = Keys("AL", Signer(Ed25519PrivateKey.generate()), X25519PrivateKey.generate())
    for node in (al, gb):
        node.known.put(_with_old(al, old))
    await al.start()
    await until(lambda: _state_is(al, State.RECEIVED))
    assert await gb.rows("SELECT count(*) FROM exchange_attack") == [(0,)]


async def test_a_fresh_sealing_key_of_the_partner_opens_what_was_posted_before(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await gb.stop()
    await al.post("GB", Kind.SIGHTING, agreement)
    gb.keys = Keys("GB", gb.keys.signer, X25519PrivateKey.generate())
    for node in (al, gb):
        node.known.put(gb.party)
    await gb.start()
    await until(lambda: gb.took.messages)


async def test_content_is_forgotten_when_its_time_is_over_and_the_digest_stays(
    nodes: ExchangeNodes,
) -> None:
    al = nodes["AL"]
    agreement = nodes.agree("AL", "GB", Category.SIGHTING, log_days=2000)
    posted = await al.post("GB", Kind.SIGHTING, agreement)
    await until(lambda: _state_is(al, State.RECEIVED))
    upkeep = al.on.delivery.upkeep
    assert await upkeep.forget(_now() + timedelta(days=1999)) == 0
    assert await upkeep.forget(_now() + timedelta(days=2001)) == 1
    assert await al.on.delivery.deliveries.message(posted.message_id) is None
    (shown,) = await al.on.delivery.deliveries.messages(SoughtMessages())
    assert (shown.digest, shown.is_kept) == (posted.digest, False)
    assert (await al.rows("SELECT count(*) FROM trail WHERE act = 'erasure'")) == [(1,)]


def _with_old(node: ExchangeNode, old: Keys) -> Any:
    return replace(node.party, old_keys=(old.signer.public,))


def _now() -> datetime:
    return datetime.now(UTC)


async def _state_is(node: ExchangeNode, state: State) -> bool:
    sought = SoughtMessages(state=state)
    return bool(await node.on.delivery.deliveries.messages(sought))


async def _tried(node: ExchangeNode) -> Queue | None:
    (queue,) = await node.on.delivery.deliveries.queues()
    return queue if queue.tries else None


async def test_several_come_in_one_request_and_each_has_its_receipt(nodes: ExchangeNodes) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    _by_stick_only(al, gb)
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    posted = [await al.post("GB", Kind.SIGHTING, agreement) for _ in range(3)]
    rows = await al.rows("SELECT signed FROM exchange_message ORDER BY seq")
    sealed = [sealed_to(bytes(signed), gb.party) for (signed,) in rows]
    inbox = gb.on.delivery.inbox
    spoilt = [*sealed[:2], sealed[2][:-9] + b"AAAAAAAAA"]
    receipts = await inbox.accept_all(spoilt, "AL", _now())
    assert [Receipt.read(one).message_id for one in receipts] == [
        one.message_id for one in posted[:2]
    ]
    with pytest.raises(RefusedAtDoorError):
        await inbox.accept_all(spoilt[2:], "AL", _now())
    again = await inbox.accept_all(sealed, "AL", _now())
    assert (again[:2], Receipt.read(again[2]).seq) == (receipts, 3)
    await until(lambda: gb.has_kept(3))
    assert gb.took.messages == posted


async def test_many_that_waited_are_received_each_with_its_own_receipt(
    nodes: ExchangeNodes,
) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    _by_stick_only(al, gb)
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    posted = [await al.post("GB", Kind.SIGHTING, agreement) for _ in range(40)]
    al.known.put(gb.party)
    await until(lambda: gb.has_kept(40))
    assert gb.took.messages == posted

    async def received() -> list[tuple[Any, ...]]:
        rows = await al.rows("SELECT receipt FROM exchange_message WHERE receipt IS NOT NULL")
        return rows if len(rows) == 40 else []

    kept = await until(received)
    assert {Receipt.read(bytes(one)).seq for (one,) in kept} == set(range(1, 41))


async def test_what_was_changed_in_the_database_is_not_sent(nodes: ExchangeNodes) -> None:
    al, gb = nodes["AL"], nodes["GB"]
    _by_stick_only(al, gb)
    agreement = nodes.agree("AL", "GB", Category.SIGHTING)
    await al.post("GB", Kind.SIGHTING, agreement)
    await al.rows("UPDATE exchange_message SET signed = signed || '\\x41'::bytea")
    al.known.put(gb.party)
    queue = await until(lambda: _tried(al))
    assert "was changed in the database" in queue.why
    assert gb.took.messages == []


def _by_stick_only(giver: ExchangeNode, receiver: ExchangeNode) -> None:
    """Until the directory gives the receiver's address again, nothing goes to it by itself."""
    giver.known.put(replace(receiver.party, address=""))
