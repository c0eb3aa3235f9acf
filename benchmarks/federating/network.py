"""A network namespace for each node, joined by a bridge; links are cut and mended.

Needs root and ``ip``. Elsewhere every node answers on loopback, and no link is cut.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Place:
    """Where one node lives: its address, and the namespace its process runs in (empty: ours)."""

    name: str
    host: str
    namespace: str = ""

    @property
    def within(self) -> list[str]:
        """What a command begins with to run there."""
        return ["ip", "netns", "exec", self.namespace] if self.namespace else []


@dataclass(frozen=True, slots=True)
class Network:
    """The places of all nodes."""

    places: dict[str, Place]

    @property
    def is_real(self) -> bool:
        """Whether links can be cut."""
        return all(place.namespace for place in self.places.values())

    def cut(self, one: str, other: str) -> None:
        """Let nothing pass between two nodes."""
        for here, there in ((one, other), (other, one)):
            _ip("-n", self.places[here].namespace, "route", "add", "blackhole",
                f"{self.places[there].host}/32")  # fmt: skip

    def mend(self, one: str, other: str) -> None:
        """Let everything pass again."""
        for here, there in ((one, other), (other, one)):
            _ip("-n", self.places[here].namespace, "route", "del", "blackhole",
                f"{self.places[there].host}/32")  # fmt: skip

    def pull(self, name: str) -> None:
        """Pull the cable of one node."""
        _ip("-n", self.places[name].namespace, "link", "set", "wire", "down")

    def plug(self, name: str) -> None:
        """Put it back."""
        _ip("-n", self.places[name].namespace, "link", "set", "wire", "up")


@contextmanager
def network(names: Sequence[str]) -> Iterator[Network]:
    """Namespaces for these nodes while the body runs; loopback where that cannot be."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        yield Network({name: Place(name, "127.0.0.1") for name in names})
        return
    mark = uuid4().hex[:6]
    bridge, made = f"mb{mark}", []
    _ip("link", "add", "name", bridge, "type", "bridge")
    try:
        _ip("link", "set", bridge, "up")
        for number, name in enumerate(names, 1):
            place = Place(name, f"10.77.0.{number}", f"m{mark}{number}")
            made.append(place)
            _joined(place, bridge, f"mv{mark}{number}")
        yield Network({place.name: place for place in made})
    finally:
        for place in made:
            _ip("netns", "del", place.namespace, check=False)
        _ip("link", "del", bridge, check=False)


def _joined(place: Place, bridge: str, outside: str) -> None:
    _ip("netns", "add", place.namespace)
    _ip("link", "add", outside, "type", "veth", "peer", "name", "wire", "netns", place.namespace)
    _ip("link", "set", outside, "master", bridge, "up")
    _ip("-n", place.namespace, "addr", "add", f"{place.host}/24", "dev", "wire")
    _ip("-n", place.namespace, "link", "set", "lo", "up")
    _ip("-n", place.namespace, "link", "set", "wire", "up")


def _ip(*words: str, check: bool = True) -> None:
    subprocess.run([shutil.which("ip") or "ip", *words], check=check, capture_output=True)
