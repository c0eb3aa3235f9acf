"""A site's NATS and a node's, real ones, with a link between them that is cut."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import nats
import nats.errors
import pytest
from nats.aio.msg import Msg

from invented import read
from morina.engines import (
    Home,
    Hub,
    LeafListener,
    NodeNats,
    Supervisor,
    site_nats_server,
)
from morina.sense import Read
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.site import Forwarder, JoinToken, Ledger, LinkError, Site, Subjects, new_site
from morina.sense.site.adapters.folder import FolderPictures
from morina.sense.site.adapters.nats import OUTAGES, LeafLink, SiteStream
from morina.sense.site.certificate import self_signed
from morina.wiring.site_folder import leaf_of
from running import free_port

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BYTES = 1_000_000_000


@dataclass
class Node:
    """A node's NATS, which can be away."""

    nats: NodeNats
    site: Site
    token: JoinToken
    supervisor: Supervisor

    async def come(self) -> None:
        self.supervisor = Supervisor()
        await self.supervisor.start(self.nats.engine)

    async def go(self) -> None:
        await self.supervisor.stop()


@dataclass
class AtSite:
    """A site's NATS with what works on it."""

    stream: SiteStream
    link: LeafLink
    pictures: FolderPictures
    ledger: Ledger

    def forwarder(self, ledger: Ledger | None = None) -> Forwarder:
        return Forwarder(
            self.stream, self.link, self.pictures, ledger or self.ledger, lambda _: None,
            lambda: 1.5, lambda offset_s: offset_s > 1, OUTAGES,
        )  # fmt: skip


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    home = Home.open(tmp_path / "node")
    certificate, key = self_signed("127.0.0.1", datetime.now(UTC))
    files = home.folder("sites") / "node.pem", home.folder("secrets") / "key.pem"
    for file, text in zip(files, (certificate, key), strict=True):
        home.write_private(file, text)
    listener = LeafListener(host="127.0.0.1", port=free_port(), certificate=files[0], key=files[1])
    site, token = new_site("kukes", (), f"127.0.0.1:{listener.port}", certificate, b"k" * 32)
    own = NodeNats(home, home.port("nats"), BYTES, listener)
    own.write([leaf_of(site)])
    node = Node(own, site, token, Supervisor())
    await node.come()
    yield node
    await node.go()
    home.close()


@pytest.fixture
async def site(tmp_path: Path, node: Node) -> AsyncIterator[AtSite]:
    home = Home.open(tmp_path / "site")
    hub = Hub(
        address=node.token.address,
        certificate=node.token.certificate,
        seed=node.token.seed,
        site=node.token.site,
    )
    supervisor = Supervisor()
    engine, own_url, link_url = site_nats_server(home, BYTES, hub)
    await supervisor.start(engine)
    captured = await NatsHandOver.connect(own_url)
    stream = await SiteStream.over(captured.client, captured, 100_000_000)
    link = await LeafLink.connect(link_url, "kukes")
    yield AtSite(stream, link, FolderPictures(tmp_path / "pictures", BYTES), Ledger())
    await stream.close()
    await link.close()
    await supervisor.stop()
    home.close()


def reads(first: int, count: int) -> list[Read]:
    return [
        read(None, evidence=None, captured_at=NOON + timedelta(seconds=number))
        for number in range(first, first + count)
    ]


async def taken(node: Node, count: int) -> list[Read]:
    """What the node's stream delivers, in order."""
    stream = await NatsHandOver.connect(node.nats.url)
    found: list[Read] = []
    async with asyncio.timeout(120):
        batches = stream.reads()
        while len(found) < count:
            batch = await anext(batches)
            found += batch.items
            await batch.acknowledge()
        await batches.aclose()
    await stream.close()
    return found


async def make_streams(node: Node) -> None:
    await (await NatsHandOver.connect(node.nats.url)).close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not true():
            await asyncio.sleep(0.05)


async def send_all(forwarder: Forwarder) -> None:
    """Until there is nothing left, through any outage."""
    async with asyncio.timeout(120):
        while True:
            try:
                if not await forwarder.send_some_reads():
                    return
            except LinkError:
                await asyncio.sleep(0.1)


async def test_reads_arrive_in_order_with_the_clock_offset(node: Node, site: AtSite) -> None:
    await make_streams(node)
    given = reads(0, 1200)
    await site.stream.publish_reads(given)
    await send_all(site.forwarder())
    marked = [replace(one, clock_offset_s=1.5, clock_wrong=True) for one in given]
    assert await taken(node, 1200) == marked
    assert (await site.stream.state()).messages == 0
    assert site.ledger.reads_sent == 1200


async def test_what_was_logged_without_a_node_arrives_when_it_is_back(
    node: Node, site: AtSite
) -> None:
    await make_streams(node)
    await node.go()
    given = reads(0, 700)
    await site.stream.publish_reads(given)
    forwarder = site.forwarder()
    with pytest.raises(LinkError):
        await forwarder.send_some_reads()
    assert (await site.stream.state()).messages == 700
    await node.come()
    await send_all(forwarder)
    assert [one.read_id for one in await taken(node, 700)] == [one.read_id for one in given]


async def test_a_site_killed_at_any_step_sends_nothing_out_of_order(
    node: Node, site: AtSite
) -> None:
    """Killed after sending, after writing the ledger, after cutting the log."""
    await make_streams(node)
    given = reads(0, 1500)
    await site.stream.publish_reads(given)
    first = await site.stream.waiting(0)
    assert first is not None
    await site.link.send_reads(first.reads)  # and killed: the ledger knows nothing of it
    ledger = Ledger()
    await site.forwarder(ledger).send_some_reads()
    noted = replace(ledger, sent_to=1000)
    second = await site.stream.waiting(500)
    assert second is not None
    await site.link.send_reads(second.reads)  # and killed before the log was cut
    await send_all(site.forwarder(noted))
    found = [one.read_id for one in await taken(node, 1500)]
    assert list(dict.fromkeys(found)) == [one.read_id for one in given]


async def test_the_same_read_logged_twice_is_sent_once(node: Node, site: AtSite) -> None:
    await make_streams(node)
    given = reads(0, 3)
    await site.stream.publish_reads([given[0], given[0], given[1]])
    await site.stream.publish_reads([given[1], given[2]])
    await send_all(site.forwarder())
    assert [one.read_id for one in await taken(node, 3)] == [one.read_id for one in given]


async def test_a_full_log_lets_go_of_its_oldest_reads_and_counts_them(
    node: Node, site: AtSite
) -> None:
    await make_streams(node)
    forwarder = site.forwarder()
    assert not await forwarder.send_some_reads()
    site.stream.most_bytes = 200_000
    await site.stream._make_log()
    given = reads(0, 1000)
    await site.stream.publish_reads(given)
    left = (await site.stream.state()).messages
    assert 100 < left < 1000
    await send_all(forwarder)
    found = [one.read_id for one in await taken(node, left)]
    assert found == [one.read_id for one in given[-left:]]
    assert site.ledger.reads_dropped == 1000 - left


async def test_pictures_follow_the_reads_and_are_counted(node: Node, site: AtSite) -> None:
    kept: list[str] = []
    client = await nats.connect(node.nats.url)

    async def keep(message: Msg) -> None:
        if message.data.startswith(b"no"):
            await message.respond(b"refused: no picture")
            return
        kept.append(hashlib.sha256(message.data).hexdigest())
        await message.respond(kept[-1].encode())

    await client.subscribe(Subjects("kukes").picture, cb=keep)
    await client.flush()
    names = [await site.pictures.put(bytes([number]) * 5000) for number in range(9)]
    await site.pictures.put(b"no picture at all")
    forwarder = site.forwarder()
    while site.pictures.waiting:
        with suppress(LinkError):  # the link may not be up yet
            await forwarder.send_some_pictures()
        await asyncio.sleep(0.05)
    assert sorted(set(kept)) == sorted(names)
    assert site.ledger.pictures_sent == 9
    assert await site.pictures.get(names[0]) == bytes([0]) * 5000
    await client.close()


async def test_a_site_reaches_its_own_subjects_and_no_other(node: Node, site: AtSite) -> None:
    await make_streams(node)
    heard: list[str] = []
    client = await nats.connect(node.nats.url)

    async def note(message: Msg) -> None:
        heard.append(message.subject)

    await client.subscribe("MORINA.>", cb=note)
    await client.flush()
    await send_all_of(site, reads(0, 1))
    own = site.link.client
    for subject in (
        "MORINA.reads.other",
        "MORINA.reads",
        "MORINA.captures",
        "MORINA.sites.x.state",
    ):
        await own.publish(subject, b"[]")
    with pytest.raises(nats.errors.Error):
        await own.request("$JS.API.STREAM.PURGE.MORINA_READS", b"", timeout=1)
    await send_all_of(site, reads(1, 1))
    await until(lambda: heard.count("MORINA.reads.kukes") >= 2)
    assert {subject for subject in heard if not subject.startswith("MORINA.to.")} == {
        "MORINA.reads.kukes"
    }
    await client.close()


async def send_all_of(site: AtSite, some: list[Read]) -> None:
    await site.stream.publish_reads(some)
    await send_all(site.forwarder())


async def test_a_stranger_cannot_join(node: Node, site: AtSite, tmp_path: Path) -> None:
    """Another key, made for another node."""
    await make_streams(node)
    await send_all_of(site, reads(0, 1))
    _, forged = new_site("kukes", (), node.token.address, node.token.certificate, b"k" * 32)
    home = Home.open(tmp_path / "forged")
    hub = Hub(
        address=forged.address, certificate=forged.certificate, seed=forged.seed, site="kukes"
    )
    supervisor = Supervisor()
    engine, _, link_url = site_nats_server(home, BYTES, hub)
    await supervisor.start(engine)
    link = await LeafLink.connect(link_url, "kukes")
    log = home.folder("logs") / "nats.log"
    await until(lambda: "Authorization Violation" in log.read_text())
    with pytest.raises(LinkError):
        await link.send_reads(reads(1, 1))
    await link.close()
    await supervisor.stop()
    home.close()


async def test_an_entry_nobody_understands_stops_nothing(node: Node, site: AtSite) -> None:
    await make_streams(node)
    await site.stream.client.jetstream().publish("site.reads", b'{"read_id": 7}')
    given = reads(0, 1)
    await send_all_of(site, given)
    assert [one.read_id for one in await taken(node, 1)] == [given[0].read_id]
    assert msgspec.json.encode(site.ledger)
