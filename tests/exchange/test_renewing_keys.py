"""A node's own keys renewed while everything goes on: nothing lost, and old evidence holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exchanging import ExchangeNode, ExchangeNodes, exchanging, until
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.signing import PublicKey, SignatureError, Signer
from morina.engines import Home
from morina.exchange import Agreement, Category, Kind, Party, compact
from morina.exchange.adapters.agreement_takes import DirectoryTakes, Told, refuse_forged, tell
from morina.exchange.adapters.postgres_judge import Judge
from morina.exchange.adapters.postgres_outbox import PostgresOutbox
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.directory import Bundle, opened
from morina.exchange.directory_making import Change, changed, founded, signed
from morina.exchange.entries import LONGEST_OVERLAP, Entry
from morina.exchange.evidence import evidence_of
from morina.exchange.evidence_check import verified
from morina.exchange.sealing import Keys
from morina.settings import Settings
from morina.wiring.database import Database
from morina.wiring.ending import ended
from morina.wiring.exchange.evidence_commands import Wanted, written_out
from morina.wiring.exchange.ground import keys_of
from morina.wiring.exchange.key_commands import entry_with
from morina.wiring.exchange.own_keys import SEALING, SIGNING
from two_nodes import hotlist_agreement

WHY = {"case_number": "C-1", "justification": "for the court"}


class Authorities:
    """Nodes whose directory is signed by their authorities and told from node to node."""

    def __init__(self, nodes: ExchangeNodes) -> None:
        self.nodes = nodes
        self.secrets = {name: Ed25519PrivateKey.generate() for name in nodes.by_name}
        entries = [
            Entry(nodes[name].party, PublicKey(key.public_key().public_bytes_raw().hex()))
            for name, key in self.secrets.items()
        ]
        self.bundle = self.signed(founded(entries, len(entries), datetime.now(UTC)))

    def signed(self, bundle: Bundle) -> Bundle:
        for key in self.secrets.values():
            bundle = signed(bundle, key)
        return bundle

    def next(self, entry: Entry, now: datetime | None = None) -> Bundle:
        """The next directory, with this entry in place of the one there was."""
        made = changed(self.bundle, Change(entries=[entry]), now or datetime.now(UTC))
        self.bundle = self.signed(made)
        return self.bundle

    async def take(self, name: str, bundle: Bundle) -> None:
        """As ``morina exchange directory take`` does."""
        ground, now = self.nodes[name].on.ground, datetime.now(UTC)
        directory = ground.partners
        assert isinstance(directory, TufDirectory)
        async with ground.pool.connection() as connection:
            known = await directory.take(connection, bundle, "an officer", now)
            told = Told(bundle, [one for one in known if one != name])
            await tell(connection, ground.outbox, told, now)


@asynccontextmanager
async def with_directories(nodes: ExchangeNodes) -> AsyncIterator[Authorities]:
    """The same nodes with the secrets of a home and the real directory."""
    for node in nodes.by_name.values():
        await node.stop()
        node.keys = keys_of(node.settings(), Home(node.folder))
    made = Authorities(nodes)
    async with AsyncExitStack() as stack:
        for name, node in nodes.by_name.items():
            looks = Database(node.dsn, open=False, min_size=1, max_size=3)
            await stack.enter_async_context(looks)
            root = node.folder / "root.json"
            root.write_text(made.bundle.roots[0])
            directory = TufDirectory(looks, root, PostgresTrail())
            node.known = directory
            outbox = PostgresOutbox(node.keys, directory, Judge(nodes.agreed), PostgresTrail())
            node.takes = [DirectoryTakes(name, directory, outbox)]
            await node.start()
            await made.take(name, made.bundle)
        yield made
        for node in nodes.by_name.values():
            await node.stop()


def renewed(node: ExchangeNode, bundle: Bundle, *, stolen: bool = False) -> Entry:
    """New keys of both sorts in the node's home, and the entry for them."""
    listed = opened(bundle, bundle.roots[0]).entries[node.name]
    home = Home(node.folder)
    SIGNING.add(home)
    SEALING.add(home)
    return entry_with(listed, keys_of(node.settings(), home), stolen, datetime.now(UTC))


async def test_keys_are_renewed_while_messages_pass_and_none_is_lost(
    engines: Any, tmp_path: Path
) -> None:
    async with (
        exchanging(engines.postgres, tmp_path, "AL", "GB", "XK") as nodes,
        with_directories(nodes) as authorities,
    ):
        ways = [("AL", "GB"), ("GB", "AL"), ("AL", "XK"), ("XK", "AL")]
        agreed = {way: nodes.agree(*way, Category.SIGHTING) for way in ways}
        going = asyncio.create_task(traffic(nodes, agreed))
        await until(lambda: len(nodes["GB"].took.messages) > 5)
        before = nodes["AL"].on.ground.keys
        entry = renewed(nodes["AL"], authorities.bundle)
        bundle = authorities.next(entry)
        await authorities.take("XK", bundle)  # XK tells AL and GB of it
        for name in nodes.by_name:
            await until(lambda name=name: in_force(nodes[name], 2))
        before_it = await counted(nodes, agreed)
        await until(lambda: five_more(nodes, agreed, before_it))
        await ended([going])  # a post that was under way is counted, or was not made
        posted = await counted(nodes, agreed)
        for (sender, to), count in posted.items():
            await until(lambda s=sender, t=to, c=count: len(sightings(nodes[t], s)) == c)
            seqs = [one.seq for one in sightings(nodes[to], sender)]
            assert seqs == sorted(seqs)
        assert entry.party.old_keys == (before.signer.public,)
        [last] = await nodes["GB"].rows(
            "SELECT signed FROM exchange_message WHERE sender = 'AL' ORDER BY seq DESC LIMIT 1"
        )
        assert signer_of(bytes(last[0])).endswith(entry.party.signing.fingerprint)


async def traffic(nodes: ExchangeNodes, agreed: dict[tuple[str, str], Agreement]) -> None:
    while True:
        for (sender, to), agreement in agreed.items():
            await nodes[sender].post(to, Kind.SIGHTING, agreement)
        await asyncio.sleep(0.02)


async def counted(
    nodes: ExchangeNodes, agreed: dict[tuple[str, str], Agreement]
) -> dict[tuple[str, str], int]:
    query = """
    SELECT count(*) FROM exchange_message WHERE is_ours AND kind = 'sighting' AND receiver = %s"""
    return {way: int((await nodes[way[0]].rows(query, way[1]))[0][0]) for way in agreed}


async def five_more(
    nodes: ExchangeNodes, agreed: dict[tuple[str, str], Agreement],
    before: dict[tuple[str, str], int],
) -> bool:  # fmt: skip
    """Whether so many were posted each way since: all but the first under the directory of now."""
    posted = await counted(nodes, agreed)
    return all(count >= before[way] + 5 for way, count in posted.items())


def sightings(node: ExchangeNode, sender: str) -> list[Any]:
    took = node.took.messages
    return [one for one in took if one.sender == sender and one.kind is Kind.SIGHTING]


async def in_force(node: ExchangeNode, version: int) -> bool:
    return bool(await node.known.version() == version)


def signer_of(signed_bytes: bytes) -> str:
    return compact.signer_of(signed_bytes)


async def test_its_own_directory_is_told_under_the_key_partners_know(
    engines: Any, tmp_path: Path
) -> None:
    """AL takes it first: the message that brings it must be one GB can check."""
    async with (
        exchanging(engines.postgres, tmp_path, "AL", "GB") as nodes,
        with_directories(nodes) as authorities,
    ):
        agreement = nodes.agree("AL", "GB", Category.SIGHTING)
        bundle = authorities.next(renewed(nodes["AL"], authorities.bundle))
        await authorities.take("AL", bundle)
        await nodes["AL"].post("GB", Kind.SIGHTING, agreement)
        await until(lambda: sightings(nodes["GB"], "AL"))
        assert await nodes["GB"].known.version() == 2


@pytest.mark.parametrize("stolen", [False, True])
async def test_what_the_old_key_signed_meanwhile_holds_as_evidence_unless_it_was_stolen(
    engines: Any, tmp_path: Path, stolen: bool
) -> None:
    async with (
        exchanging(engines.postgres, tmp_path, "AL", "GB") as nodes,
        with_directories(nodes) as authorities,
    ):
        agreement = nodes.agree("AL", "GB", Category.SIGHTING)
        conversation, al = uuid4(), nodes["AL"]

        async def told(count: int) -> None:
            await al.post("GB", Kind.SIGHTING, agreement, conversation=conversation)
            await until(lambda: len(sightings(nodes["GB"], "AL")) == count)

        await told(1)
        bundle = authorities.next(renewed(al, authorities.bundle, stolen=stolen))
        await told(2)
        await authorities.take("AL", bundle)
        await told(3)
        file = tmp_path / "evidence.json"
        assert await written_out(al.on.ground.pool, "AL", Wanted(conversation), file, WHY) == 3
        found = verified(evidence_of(file.read_bytes()), bundle.roots[0])
        failed = [one.said for one in found.failed if "was replaced" in one.said]
        assert (len(found.messages), len(failed)) == ((2, 1) if stolen else (3, 0))


def test_a_key_renewed_is_not_used_before_the_directory_names_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    keys = at_home(home)
    party = listed(keys)
    SIGNING.add(home)
    fresh = at_home(home)
    assert fresh.signer.public != keys.signer.public
    assert fresh.listed([party]).signer.public == keys.signer.public
    named = replace(party, signing=fresh.signer.public)
    for held in (keys, fresh):
        assert held.listed([named]).signer.public == fresh.signer.public
    elsewhere = replace(party, signing=Signer(Ed25519PrivateKey.generate()).public)
    assert keys.listed([elsewhere]) is keys


def test_another_renewal_adds_to_those_there_are(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = SEALING.held(home)
    SEALING.add(home)
    SEALING.add(home)
    assert SEALING.names(home) == ["sealing-exchange", "sealing-exchange-2", "sealing-exchange-3"]
    assert SEALING.held(home)[:1] == first
    assert len(set(SEALING.held(home))) == 3
    assert (tmp_path / "secrets" / "sealing-exchange-3").stat().st_mode & 0o077 == 0


def test_nobody_unsays_alone_what_it_signed(tmp_path: Path) -> None:
    """A time gone by, or far away, that an entry says of its replaced key is not heard."""
    home, now = Home(tmp_path), datetime.now(UTC)
    keys = at_home(home)
    before = Entry(listed(keys), Signer(Ed25519PrivateKey.generate()).public)
    SIGNING.add(home)
    made = entry_with(before, at_home(home), False, now)
    for said, kept in ((-400, timedelta()), (9, timedelta(days=9)), (400, LONGEST_OVERLAP)):
        [old] = made.old
        entry = replace(made, old=(replace(old, replaced_at=now + timedelta(days=said)),))
        assert entry.after(before, now).old[0].replaced_at == now + kept


def test_an_agreement_signed_with_a_key_replaced_while_it_was_on_its_way(tmp_path: Path) -> None:
    """The message that tells of it is signed anew, what it tells cannot be."""
    old, other = (Signer(Ed25519PrivateKey.generate()) for _ in range(2))
    party = replace(listed(at_home(Home(tmp_path))), old_keys=(old.public,))
    agreement = hotlist_agreement()
    refuse_forged(party, agreement, old.sign(agreement.said()))
    with pytest.raises(SignatureError):
        refuse_forged(party, agreement, other.sign(agreement.said()))


def at_home(home: Home) -> Keys:
    return keys_of(Settings(home=home.path, exchange={"node_id": "AL"}), home)


def listed(keys: Keys) -> Party:
    return Party(
        node_id="AL", name="AL", address="", signing=keys.signer.public, sealing=keys.sealing,
        tls_root="",
    )  # fmt: skip
