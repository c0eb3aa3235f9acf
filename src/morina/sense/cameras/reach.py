"""Where a camera may be: no address of a camera leads the node to itself or its neighbours.

Whoever may put up a camera chooses an address the node then connects to. It may not be used to ask
this machine's own services, or those of a cloud that answer without a login (OWASP: server-side
request forgery).
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from morina.sense.cameras.sources import Kind, Source, parse

_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 addresses written as IPv6 for a translator (RFC 6052)."""

_METADATA = frozenset({ip_address("100.100.100.200"), ip_address("fd00:ec2::254")})
"""Services of clouds that are not link-local as all others are."""

LOCAL = (
    "leads to this machine or its link, where no camera is; write the camera's own address, or set "
    "cameras.may_be_local where it really is there"
)
INSIDE = (
    "no source may lie there; put files of a camera into a folder of their own, outside the home "
    "and within cameras.files"
)


class OutOfReachError(ValueError):
    """An address at which no camera is asked; the message names it without its secrets."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What cameras' addresses may lead to. ``kept`` is the home; ``files``, where not empty, are
    the folders files may lie in."""

    may_be_local: bool = False
    kept: Path | None = None
    files: tuple[Path, ...] = ()

    def refuse(self, source: str) -> None:
        """OutOfReachError by what is written alone, when a camera is put up; names are not asked
        for. ValueError where it is no source."""
        parsed = parse(source)
        if parsed.kind in (Kind.FILE, Kind.FOLDER):
            self._refuse_file(parsed)
        elif parsed.host and not self.may_be_local:
            _refuse_local(parsed, _written(parsed.host))

    def looked_up(self, host: str, shown: str) -> str:
        """The address a host is to be connected to, its name asked for once; empty where it may be
        connected to whatever it means.

        A name may mean something else a moment later (DNS rebinding), so whoever connects takes
        this address. OutOfReachError where one of its addresses may not be connected to; OSError
        where nobody knows the name.
        """
        if self.may_be_local or not host:
            return ""
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
        if any(map(is_local, found)):
            raise OutOfReachError(f"source {shown}: {LOCAL}")
        return min(found, key=lambda one: ":" in one)  # IPv4 first: few cameras have the other

    def opened(self, source: Source) -> Source:
        """A source that is about to be opened, with the address its host has been found at.

        OutOfReachError, OSError."""
        if source.kind in (Kind.FILE, Kind.FOLDER):
            self._refuse_file(source)
            return source
        address = self.looked_up(source.host, source.shown)
        return source.at(address) if address not in ("", source.host) else source

    def _refuse_file(self, source: Source) -> None:
        path = Path(source.address).resolve()
        within = not self.files or any(path.is_relative_to(one.resolve()) for one in self.files)
        own = self.kept is not None and path.is_relative_to(self.kept.resolve())
        clips = (
            own and self.kept is not None and path.is_relative_to((self.kept / "clips").resolve())
        )
        if not within or (own and not clips):
            raise OutOfReachError(f"source {source.shown}: {INSIDE}")


ANYWHERE = Reach(may_be_local=True)
"""No bounds: for tests, and a camera file its machine's administrator wrote."""


def is_local(address: str) -> bool:
    """Whether an IP address is this machine's, its link's, or nobody's in particular."""
    one = ip_address(address.partition("%")[0])
    return any(
        inner.is_loopback or inner.is_link_local or inner.is_unspecified or inner.is_multicast
        or inner.is_reserved or inner in _METADATA
        for inner in _meant(one)
    )  # fmt: skip


def _meant(one: IPv4Address | IPv6Address) -> Iterable[IPv4Address | IPv6Address]:
    """The address, or the IPv4 address that is written inside it."""
    if isinstance(one, IPv4Address):
        return (one,)
    inner = one.ipv4_mapped or one.sixtofour
    if one in _TRANSLATED:
        inner = IPv4Address(one.packed[12:])
    return (inner,) if inner else (one,)


def _written(host: str) -> str | None:
    """The address a host is where it is written in numbers, also as 127.1 or 0x7f000001."""
    if host == "localhost" or host.endswith(".localhost"):
        return "127.0.0.1"
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


def _refuse_local(source: Source, address: str | None) -> None:
    if address is not None and is_local(address):
        raise OutOfReachError(f"source {source.shown}: {LOCAL}")
