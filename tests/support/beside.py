"""A site as a technician starts it: ``morina edge`` in a process of its own."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import nats
import nats.errors
from nats.aio.client import Client

from morina.sense import Read
from morina.sense.site import SiteState
from running import START_WITHIN_S

KEPT = b"kept"


@dataclass
class RunningSite:
    """A started site. ``within`` is put before each command: the way into its network.

    ``listed`` is what its file of cameras says.
    """

    home: Path
    token: Path
    environment: Mapping[str, str]
    within: Sequence[str] = ()
    process: subprocess.Popen[str] | None = None
    said: list[str] = field(default_factory=list)
    listed: str = ""

    def start(self) -> Self:
        """Start and wait until it says that it runs."""
        cameras = self.home.parent / f"{self.home.name}-cameras.toml"
        cameras.write_text(self.listed)
        own = {"MORINA_READING__WORKERS": "0", "MORINA_EDGE__CAMERAS": str(cameras)}
        self.process = subprocess.Popen(
            [*self.within, sys.executable, "-m", "morina.cli", "edge", "--join", str(self.token),
             "--home", str(self.home)],
            env={**os.environ, **own, **self.environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(self.process, ready), daemon=True).start()
        if not ready.wait(START_WITHIN_S) or self.process.poll() is not None:
            self.stop()
            raise AssertionError(f"the site did not start: {''.join(self.said)}")
        return self

    def _listen(self, process: "subprocess.Popen[str]", ready: threading.Event) -> None:
        assert process.stdout is not None
        with closing(process.stdout) as output:
            for line in output:
                self.said.append(line)
                if " runs; its node is at " in line:
                    ready.set()
        process.wait()
        ready.set()

    def kill(self) -> None:
        """End it without warning, its NATS at once with it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it as systemd does; its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(START_WITHIN_S)

    @property
    def url(self) -> str:
        """Its own NATS, as the site's user."""
        port = json.loads((self.home / "run" / "ports.json").read_text())["nats"]
        return f"nats://site:{(self.home / 'secrets' / 'nats').read_text()}@127.0.0.1:{port}"

    @property
    def state(self) -> SiteState:
        """What it last said of itself."""
        content = (self.home / "run" / "edge.json").read_bytes()
        return msgspec.json.decode(content, type=SiteState)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()


@dataclass
class Cameras:
    """What hands reads over at a site, again until the site says that it keeps them."""

    site: RunningSite
    _client: Client | None = None

    async def hand_over(self, reads: Sequence[Read]) -> None:
        """All of them in one message; returns when they are on the site's disk."""
        content = msgspec.json.encode(reads)
        while True:
            try:
                if self._client is None:
                    self._client = await nats.connect(
                        self.site.url, allow_reconnect=False, error_cb=_silent
                    )
                answer = await self._client.request("site.intake", content, timeout=5)
                if answer.data == KEPT:
                    return
            except (nats.errors.Error, OSError, ValueError, KeyError):
                await self.leave()
                await asyncio.sleep(0.2)

    async def leave(self) -> None:
        """Let go of the connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()


async def hand_over(site: RunningSite, reads: Sequence[Read]) -> None:
    """Hand these over, once."""
    cameras = Cameras(site)
    await cameras.hand_over(reads)
    await cameras.leave()


async def _silent(_error: Exception) -> None:
    """The site is being killed; that is what is tried."""


@dataclass(frozen=True)
class Hosts:
    """Two network namespaces with a cable between them."""

    node: str
    site: str
    node_address: str
    cable: str

    def within(self, name: str) -> list[str]:
        """The words before a command that runs in that namespace."""
        return ["ip", "netns", "exec", name]

    def link(self, up: bool) -> None:
        """Plug the cable in or pull it."""
        _ip("-n", self.node, "link", "set", self.cable, "up" if up else "down")


def namespaces_are_permitted() -> bool:
    """Whether this user may make network namespaces here."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"morina-try-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    if made.returncode == 0:
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return made.returncode == 0


@contextmanager
def two_hosts() -> Iterator[Hosts]:
    """A node's and a site's host, joined by a veth pair; both gone afterwards."""
    tag = f"{os.getpid() % 100_000}"
    hosts = Hosts(f"mnode{tag}", f"msite{tag}", "10.83.1.1", f"vn{tag}")
    try:
        for name in (hosts.node, hosts.site):
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        _ip("link", "add", hosts.cable, "netns", hosts.node, "type", "veth", "peer", "name",
            f"vs{tag}", "netns", hosts.site)  # fmt: skip
        for name, end, address in (
            (hosts.node, hosts.cable, f"{hosts.node_address}/24"),
            (hosts.site, f"vs{tag}", "10.83.1.2/24"),
        ):
            _ip("-n", name, "address", "add", address, "dev", end)
            _ip("-n", name, "link", "set", end, "up")
        yield hosts
    finally:
        for name in (hosts.node, hosts.site):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
