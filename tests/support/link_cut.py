"""A site whose link is cut while cameras go on, killed meanwhile; what arrives at the node."""

import asyncio
import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec
import nats
import psycopg
from nats.aio.msg import Msg

from beside import Cameras, Hosts, RunningSite, namespaces_are_permitted, two_hosts
from mishaps import listing, put_on_a_hotlist, stored_reads, traffic
from morina.sense import Read
from morina.sense.site import SiteState
from running import RunningNode, free_port

T = TypeVar("T")
SITE = "kukes"
LANES = 3
CLONE_NEWNET = 0x40000000
ARRIVED_WITHIN_S = 600.0


@dataclass(frozen=True)
class Plan:
    """Reads a second, and for how long: before the cut, during it, after it. All in seconds."""

    a_second: float
    before_s: float
    cut_s: float
    after_s: float
    hits: int = 20

    @property
    def live_within_s(self) -> int:
        """Hits are captured between the cut and the middle of its time, so none can arrive live."""
        return max(1, int(self.cut_s / 2))


@dataclass(frozen=True)
class Outcome:
    """What the node has. ``twice`` came over the link again and changed nothing.

    ``waited`` is how many reads the site had when the link was mended, and ``cameras_behind_s`` how
    far the cameras were then behind their pace: a host too slow for it makes them wait.
    """

    given: int
    arrived: int
    twice: int
    out_of_order: int
    rows: int
    stored: int
    hits: int
    alerts_late: int
    alerts_live: int
    alerts_repeated: int
    cut_s: float
    waited: int
    drained_s: float
    cameras_behind_s: float
    network: str

    def missed(self) -> list[str]:
        """What was not as it must be, in words."""
        found = []
        if not self.given == self.arrived == self.rows == self.stored:
            found.append(f"{self.stored} of {self.given} reads kept in {self.rows} rows")
        if self.out_of_order:
            found.append(f"{self.out_of_order} reads before an earlier one of their camera")
        if (self.alerts_late, self.alerts_live, self.alerts_repeated) != (self.hits, 0, 0):
            found.append(f"{self.alerts_late} late and {self.alerts_live} live of {self.hits} hits")
        return found


class Network(Protocol):
    """Where node and site stand, and what is between them."""

    name: str
    address: str
    listens: str

    def at_node(self, work: Callable[[], T]) -> T:
        """Do this on the node's host."""

    def at_site(self, work: Callable[[], T]) -> T:
        """Do this on the site's host."""

    def reached_at(self, port: int) -> int:
        """The port under which the site finds the node's."""

    def link(self, up: bool) -> None:
        """Cut the link, or mend it."""


@dataclass
class Namespaces:
    """Two network namespaces with a cable."""

    hosts: Hosts
    name: str = "two network namespaces"
    listens: str = "0.0.0.0"  # noqa: S104 - of a namespace of its own

    @property
    def address(self) -> str:
        """The node's, on the cable."""
        return self.hosts.node_address

    def at_node(self, work: Callable[[], T]) -> T:
        """See Network."""
        return _within(self.hosts.node, work)

    def at_site(self, work: Callable[[], T]) -> T:
        """See Network."""
        return _within(self.hosts.site, work)

    def reached_at(self, port: int) -> int:
        """See Network."""
        return port

    def link(self, up: bool) -> None:
        """See Network."""
        self.hosts.link(up)


@dataclass
class Loopback:
    """One host, and a TCP relay that can be cut; where namespaces are not permitted."""

    name: str = "one host and a TCP relay"
    address: str = "127.0.0.1"
    listens: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    _to: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None

    def __post_init__(self) -> None:
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def at_node(self, work: Callable[[], T]) -> T:
        """See Network."""
        return work()

    at_site = at_node

    def reached_at(self, port: int) -> int:
        """See Network."""
        self._to = port
        self.link(True)
        return self.port

    def link(self, up: bool) -> None:
        """See Network."""
        work = self._mend() if up else self._cut()
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _mend(self) -> None:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", self.port)

    async def _cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.close()
            return
        self._open |= {writer, far_writer}
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        self._open -= {writer, far_writer}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def network() -> Iterator[Network]:
    """Two namespaces where this user may make them, else one host with a relay."""
    if namespaces_are_permitted():
        with two_hosts() as hosts:
            yield Namespaces(hosts)
    else:
        yield Loopback()


def _within(namespace: str, work: Callable[[], T]) -> T:
    """Do ``work`` in a thread of that network namespace; what it starts stays there."""
    result: list[T] = []
    error: list[BaseException] = []

    def entered() -> None:
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            with Path("/run/netns", namespace).open() as there:
                if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
            result.append(work())
        except BaseException as raised:  # noqa: BLE001 - raised again by the caller
            error.append(raised)

    thread = threading.Thread(target=entered, daemon=True)
    thread.start()
    thread.join()
    if error:
        raise error[0]
    return result[0]


@dataclass
class Arrivals:
    """Every read that enters the node's stream, as it enters."""

    url: str
    reads: list[Read] = field(default_factory=list)
    arrived_at: list[float] = field(default_factory=list)
    listening: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """Until ``ended``; in a thread of its own."""
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        decoder = msgspec.json.Decoder(list[Read])

        async def came(message: Msg) -> None:
            for read in decoder.decode(message.data):
                self.reads.append(read)
                self.arrived_at.append(time.monotonic())

        client = await nats.connect(self.url)
        await client.subscribe(f"MORINA.reads.{SITE}", cb=came)
        await client.flush()
        self.listening.set()
        while not self.ended.is_set():
            await asyncio.sleep(0.1)
        await client.close()

    def wait_for(self, names: set[UUID]) -> float:
        """When the last of them had arrived; AssertionError when some do not come."""
        deadline = time.monotonic() + ARRIVED_WITHIN_S
        while time.monotonic() < deadline:
            seen = {read.read_id for read in self.reads}
            if names <= seen:
                last: dict[UUID, float] = {}
                for read, at in zip(list(self.reads), list(self.arrived_at), strict=False):
                    last.setdefault(read.read_id, at)
                return max(last[name] for name in names)
            time.sleep(0.2)
        missing = len(names - {read.read_id for read in self.reads})
        raise AssertionError(f"{missing} of {len(names)} reads did not arrive")


def trial(plan: Plan, folder: Path, between: Network, kill: bool = True) -> Outcome:
    """Node and site, cameras at work; the link cut, the site killed, the link mended."""
    port = free_port()
    environment = {
        "MORINA_SITES__PORT": str(port),
        "MORINA_SITES__ADDRESS": between.address,
        "MORINA_SITES__HOST": between.listens,
        "MORINA_ALERTS__LIVE_WITHIN_S": str(plan.live_within_s),
    }
    node = between.at_node(lambda: RunningNode.start(folder / "node", environment))
    with node:
        token = folder / "token.json"
        text = node.command("site", "add", SITE).stdout
        token.write_text(text.replace(f":{port}", f":{between.reached_at(port)}"))
        site = between.at_site(lambda: RunningSite(folder / "site", token, {}).start())
        with site:
            return _cut_and_mended(plan, node, site, between, kill)


def _cut_and_mended(
    plan: Plan, node: RunningNode, site: RunningSite, between: Network, kill: bool
) -> Outcome:
    count = int(plan.a_second * (plan.before_s + plan.cut_s + plan.after_s))
    first_hit = int(plan.a_second * plan.before_s) + 1
    step = max(1, int(plan.a_second * plan.cut_s / 2 / plan.hits))
    texts = [read.plate.text for read in traffic(count, 0, seed=4).reads if read.plate]
    listed = [texts[first_hit + number * step] for number in range(plan.hits)]
    now = datetime.now(UTC)
    listings = [listing(text, now) for text in listed]
    postgres = node.addresses["postgres"]
    between.at_node(lambda: asyncio.run(put_on_a_hotlist(postgres, "Cut", listings)))
    arrivals = Arrivals(node.addresses["nats"])
    listening = threading.Thread(target=lambda: between.at_node(arrivals.listen), daemon=True)
    listening.start()
    arrivals.listening.wait(60)
    _until_linked(site)
    given = _Cameras(plan, count, first_hit)
    cameras = threading.Thread(
        target=lambda: between.at_site(lambda: given.film(site)), daemon=True
    )
    cameras.start()
    given.filming.wait()
    time.sleep(plan.before_s)
    cut_at = time.monotonic()
    between.link(False)
    given.cut.set()
    if kill:
        time.sleep(plan.cut_s * 0.4)
        site.kill()
        between.at_site(site.start)
    time.sleep(max(0.0, cut_at + plan.cut_s - time.monotonic()))
    waited = _waiting(site)
    made = list(given.made)
    before_mending = {read.read_id for read in made}
    behind_s = (datetime.now(UTC) - made[-1].captured_at).total_seconds()
    between.link(True)
    mended_at = time.monotonic()
    drained_s = arrivals.wait_for(before_mending) - mended_at
    cameras.join()
    arrivals.wait_for({read.read_id for read in given.made})
    arrivals.ended.set()
    listening.join()
    late, live, repeated = between.at_node(lambda: _alerts(postgres, plan.hits))
    between.at_node(lambda: asyncio.run(_kept(node.addresses["nats"])))
    node.stop()
    rows, stored = stored_reads(node.home)
    firsts = list({read.read_id: read for read in arrivals.reads}.values())
    return Outcome(
        given=count,
        arrived=len(firsts),
        twice=len(arrivals.reads) - len(firsts),
        out_of_order=_out_of_order(firsts),
        rows=rows,
        stored=stored,
        hits=plan.hits,
        alerts_late=late,
        alerts_live=live,
        alerts_repeated=repeated,
        cut_s=mended_at - cut_at,
        waited=waited,
        drained_s=drained_s,
        cameras_behind_s=behind_s,
        network=between.name,
    )


@dataclass
class _Cameras:
    """Cameras that pass every read on when it is due, and again until it is kept.

    The first hit waits for the cut: what was captured before may arrive while it is live.
    """

    plan: Plan
    count: int
    first_hit: int
    made: list[Read] = field(default_factory=list)
    filming: threading.Event = field(default_factory=threading.Event)
    cut: threading.Event = field(default_factory=threading.Event)

    def film(self, site: RunningSite) -> None:
        """All of it, at its own pace; a site that is away delays it."""
        asyncio.run(self._film(site))

    async def _film(self, site: RunningSite) -> None:
        started, began = datetime.now(UTC), time.monotonic()
        self.filming.set()
        block = 10
        cameras, reads = Cameras(site), traffic(self.count, 0, seed=4).reads
        for index in range(0, self.count, block):
            due_s = index / self.plan.a_second
            await asyncio.sleep(max(0.0, due_s - (time.monotonic() - began)))
            while index + block > self.first_hit and not self.cut.is_set():
                await asyncio.sleep(0.01)
            some = [
                replace(
                    read,
                    camera_id=f"lane-{number % LANES}",
                    captured_at=started + timedelta(seconds=number / self.plan.a_second),
                    received_at=datetime.now(UTC),
                )
                for number, read in enumerate(reads[index : index + block], index)
            ]
            self.made += some
            await cameras.hand_over(some)
        await cameras.leave()


def _until_linked(site: RunningSite) -> None:
    _until(site, lambda state: state.linked and state.reads_waiting == 0, "the site found no node")


def _waiting(site: RunningSite) -> int:
    """How many reads the site says that it has, once it knows of some."""
    _until(site, lambda state: state.reads_waiting > 0, "no read waits while the link is cut")
    return site.state.reads_waiting


def _until(site: RunningSite, so: Callable[[SiteState], bool], otherwise: str) -> None:
    deadline = time.monotonic() + ARRIVED_WITHIN_S
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError):
            if so(site.state):
                return
        time.sleep(0.2)
    raise AssertionError(f"{otherwise}: {''.join(site.said)}")


def _out_of_order(reads: Sequence[Read]) -> int:
    newest: dict[str, datetime] = {}
    wrong = 0
    for read in reads:
        before = newest.get(read.camera_id)
        wrong += before is not None and read.captured_at < before
        newest[read.camera_id] = max(before or read.captured_at, read.captured_at)
    return wrong


def _alerts(dsn: str, hits: int) -> tuple[int, int, int]:
    deadline = time.monotonic() + ARRIVED_WITHIN_S
    while True:
        with psycopg.connect(dsn) as connection:
            found = connection.execute(
                "SELECT count(*) FILTER (WHERE late), count(*) FILTER (WHERE NOT late), "
                "count(*) FILTER (WHERE repeats > 0) FROM alert"
            ).fetchone() or (0, 0, 0)
        if found[0] + found[1] >= hits or time.monotonic() > deadline:
            return int(found[0]), int(found[1]), int(found[2])
        time.sleep(0.5)


async def _kept(url: str) -> None:
    client = await nats.connect(url)
    async with asyncio.timeout(ARRIVED_WITHIN_S):
        while (await client.jetstream().stream_info("MORINA_READS")).state.messages:
            await asyncio.sleep(0.2)
    await client.close()


def state_of_host() -> str:
    """What else this machine has to do, for a figure's note: load over cores."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def no_namespaces_are_left() -> bool:
    """Whether this process left none behind."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=False)
    return f"{os.getpid() % 100_000}" not in listed.stdout
