"""What a compromised partner may try at the inbox's door: each refused, recorded, and told why."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from exchanging import (
    ExchangeNode,
    ExchangeNodes,
    exchanging,
    new_certificates,
    until,
    write_certificate,
)
from morina.exchange import Category, Kind, Message
from morina.exchange.adapters.https_inbox import PATH
from morina.exchange.adapters.mutual_tls import OwnCertificate, partner_context
from morina.exchange.message import NOTHING_BEFORE
from morina.exchange.receipts import Receipt
from morina.exchange.sealing import seal, sealed_to

NOW = datetime.now(UTC)


@dataclass
class Attacker:
    """XK's node in other hands: its keys and its certificate, against GB."""

    nodes: ExchangeNodes
    folder: Path

    @property
    def xk(self) -> ExchangeNode:
        return self.nodes["XK"]

    @property
    def gb(self) -> ExchangeNode:
        return self.nodes["GB"]

    def message(self, seq: int = 1, previous: str = NOTHING_BEFORE, **changed: Any) -> Message:
        plain = Message(
            message_id=uuid4(), sender="XK", to="GB", kind=Kind.CHECKPOINT, conversation=uuid4(),
            seq=seq, previous=previous, created_at=datetime.now(UTC), said={},
        )  # fmt: skip
        return replace(plain, **changed)

    def sealed(self, message: Message) -> tuple[bytes, str]:
        made = seal(message, self.xk.keys, self.gb.party)
        return made.sealed, made.digest

    async def send(self, sealed: bytes, own: OwnCertificate | None = None) -> httpx.Response:
        context = partner_context(own or self.xk.own, self.gb.party)
        async with httpx.AsyncClient(verify=context, trust_env=False) as client:
            return await client.post(self.gb.address + PATH, content=sealed)

    async def refused(self, sealed: bytes, code: str, own: OwnCertificate | None = None) -> Any:
        """It is refused with this code, keeps nothing, and is recorded."""
        before = await self.count()
        answer = await self.send(sealed, own)
        assert (answer.status_code // 100, answer.json()["code"]) == (4, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert await self.count() == before
        recorded = await self.gb.on.delivery.deliveries.attacks(1)
        assert code == "gap" or recorded[0].code == code
        return answer.json()

    async def count(self) -> int:
        return int((await self.gb.rows("SELECT count(*) FROM exchange_message"))[0][0])


@pytest.fixture
async def attacker(engines: Any, tmp_path: Path) -> AsyncIterator[Attacker]:
    async with exchanging(engines.postgres, tmp_path, "GB", "XK") as nodes:
        await nodes["XK"].stop()
        yield Attacker(nodes, tmp_path)
        await nodes["XK"].start()


async def test_replayed_it_gets_the_same_receipt_and_is_kept_once(attacker: Attacker) -> None:
    sealed, digest = attacker.sealed(attacker.message())
    first, again = await attacker.send(sealed), await attacker.send(sealed)
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert Receipt.read(first.content).digest == digest
    assert await attacker.count() == 1


async def test_another_message_in_the_place_of_one_that_came(attacker: Attacker) -> None:
    first = attacker.message()
    await attacker.send(attacker.sealed(first)[0])
    await attacker.refused(attacker.sealed(attacker.message())[0], "seen")
    same_id = attacker.message(seq=2, message_id=first.message_id)
    await attacker.refused(attacker.sealed(same_id)[0], "seen")


async def test_reordered_or_left_out_the_awaited_number_is_told(attacker: Attacker) -> None:
    told = await attacker.refused(attacker.sealed(attacker.message(seq=3))[0], "gap")
    assert told["awaited"] == 1


async def test_a_chain_that_forks(attacker: Attacker) -> None:
    await attacker.send(attacker.sealed(attacker.message())[0])
    await attacker.refused(attacker.sealed(attacker.message(2, "ab" * 32))[0], "chain")


async def test_backdated_to_escape_the_days_cap(attacker: Attacker) -> None:
    sealed, digest = attacker.sealed(attacker.message())
    await attacker.send(sealed)
    yesterday = attacker.message(2, digest, created_at=datetime.now(UTC) - timedelta(days=1))
    await attacker.refused(attacker.sealed(yesterday)[0], "backdated")


async def test_from_a_clock_ahead_it_waits(attacker: Attacker) -> None:
    ahead = attacker.message(created_at=datetime.now(UTC) + timedelta(hours=1))
    await attacker.refused(attacker.sealed(ahead)[0], "clock")


async def test_truncated_or_changed_on_the_way(attacker: Attacker) -> None:
    sealed, _ = attacker.sealed(attacker.message())
    await attacker.refused(sealed[: len(sealed) // 2], "shape")
    changed = sealed[:-3] + (b"AAA" if sealed[-3:] != b"AAA" else b"BBB")
    await attacker.refused(changed, "broken_seal")
    await attacker.refused(b"", "shape")


async def test_readdressed(attacker: Attacker) -> None:
    to_al = attacker.message(to="AL")
    signed = seal(to_al, attacker.xk.keys, replace(attacker.gb.party, node_id="AL")).signed
    await attacker.refused(sealed_to(signed, attacker.gb.party), "recipient")


async def test_in_another_nodes_name(attacker: Attacker) -> None:
    forged = replace(attacker.message(), sender="GB", to="GB")
    keys = replace(attacker.xk.keys, node_id="GB")
    await attacker.refused(seal(forged, keys, attacker.gb.party).sealed, "unknown_key")


async def test_anothers_message_brought_by_it(engines: Any, tmp_path: Path) -> None:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB", "XK") as nodes:
        await nodes["AL"].stop()
        attacker = Attacker(nodes, tmp_path)
        theirs = replace(attacker.message(), sender="AL")
        sealed = seal(theirs, nodes["AL"].keys, nodes["GB"].party).sealed
        await attacker.refused(sealed, "peer")
        await nodes["AL"].start()


async def test_larger_than_is_taken(attacker: Attacker) -> None:
    answer = await attacker.send(b"x" * 8_000_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_partners_root_vouches_for_no_other_partner(attacker: Attacker) -> None:
    pair = attacker.xk.certificates.partner("GB", ["127.0.0.1"], NOW)
    own = write_certificate(pair, attacker.folder, "other")
    await attacker.refused(attacker.sealed(attacker.message())[0], "certificate", own)


async def test_a_name_no_directory_has(attacker: Attacker) -> None:
    pair = attacker.xk.certificates.partner("DE", ["127.0.0.1"], NOW)
    own = write_certificate(pair, attacker.folder, "other")
    await attacker.refused(attacker.sealed(attacker.message())[0], "certificate", own)


async def test_a_root_of_its_own(attacker: Attacker) -> None:
    pair = new_certificates("XK").partner("XK", ["127.0.0.1"], NOW)
    own = write_certificate(pair, attacker.folder, "other")
    with pytest.raises(httpx.TransportError):
        await attacker.send(attacker.sealed(attacker.message())[0], own)
    assert await attacker.count() == 0


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_an_older_tls(attacker: Attacker, version: ssl.TLSVersion) -> None:
    context = partner_context(attacker.xk.own, attacker.gb.party)
    context.minimum_version, context.maximum_version = version, version
    context.set_ciphers("ALL:@SECLEVEL=0")
    async with httpx.AsyncClient(verify=context, trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.post(attacker.gb.address + PATH, content=b"")


async def test_no_certificate(attacker: Attacker) -> None:
    context = ssl.create_default_context(cadata=attacker.gb.party.tls_root)
    async with httpx.AsyncClient(verify=context, trust_env=False) as client:
        with pytest.raises(httpx.TransportError):
            await client.post(attacker.gb.address + PATH, content=b"")


async def test_a_partner_taken_out_of_the_directory_is_not_known_any_more(
    attacker: Attacker,
) -> None:
    context = partner_context(attacker.xk.own, attacker.gb.party)
    async with httpx.AsyncClient(verify=context, trust_env=False) as client:
        sealed, digest = attacker.sealed(attacker.message())
        answer = await client.post(attacker.gb.address + PATH, content=sealed)
        assert answer.status_code == 200
        attacker.gb.known.drop("XK")
        sealed, _ = attacker.sealed(attacker.message(2, digest))
        answer = await client.post(attacker.gb.address + PATH, content=sealed)
        assert (answer.status_code, answer.json()["code"]) == (403, "certificate")


async def test_an_answer_to_what_was_not_asked_so(attacker: Attacker) -> None:
    asked = await attacker.gb.post("XK", Kind.CHECKPOINT)
    other = attacker.message(in_reply_to=asked.message_id, request_hash="ab" * 32)
    sealed, digest = attacker.sealed(other)
    assert (await attacker.send(sealed)).status_code == 200
    unknown = attacker.message(2, digest, in_reply_to=uuid4(), request_hash="ab" * 32)
    sealed, digest = attacker.sealed(unknown)
    assert (await attacker.send(sealed)).status_code == 200
    right = attacker.message(3, digest, in_reply_to=asked.message_id, request_hash=asked.digest)
    assert (await attacker.send(attacker.sealed(right)[0])).status_code == 200

    async def codes() -> list[tuple[Any, ...]]:
        return await attacker.gb.rows(
            "SELECT refused FROM exchange_message WHERE NOT is_ours AND done_at IS NOT NULL"
            " ORDER BY seq"
        )

    await until(lambda: _three(codes))
    assert await codes() == [("request_hash",), ("unknown_request",), ("",)]


async def _three(codes: Callable[[], Awaitable[list[tuple[Any, ...]]]]) -> bool:
    return len(await codes()) == 3


async def test_a_flood_leaves_few_records(engines: Any, tmp_path: Path) -> None:
    async with exchanging(engines.postgres, tmp_path, "GB", "XK", attacks_kept=3) as nodes:
        await nodes["XK"].stop()
        attacker = Attacker(nodes, tmp_path)
        for _ in range(5):
            await attacker.refused(b"x" * 9000, "shape")
        recorded = await attacker.gb.on.delivery.deliveries.attacks()
        assert [(one.code, one.times, one.peer) for one in recorded] == [("shape", 5, "XK")]
        assert await attacker.gb.rows("SELECT length(body) FROM exchange_attack") == [(4096,)]
        for hour in range(1, 8):
            await attacker.gb.rows("UPDATE exchange_attack SET at = at - interval '2 hours'")
            await attacker.refused(b"x" * hour, "shape")
        assert len(await attacker.gb.on.delivery.deliveries.attacks()) == 3
        await nodes["XK"].start()


async def test_two_conversations_of_one_pair_stand_in_one_order(attacker: Attacker) -> None:
    """Every kind shares the numbers of its pair: one left out is found by the next of any kind."""
    nodes = attacker.nodes
    agreement = nodes.agree("GB", "XK", Category.SIGHTING)
    made = [
        await attacker.gb.post("XK", Kind.SIGHTING, agreement),
        await attacker.gb.post("XK", Kind.CHECKPOINT),
    ]
    assert [one.seq for one in made] == [1, 2]
    await attacker.xk.start()
    await until(lambda: attacker.xk.took.messages)
    await attacker.xk.stop()
