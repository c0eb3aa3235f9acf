"""Live MPEG-TS from a ground station over UDP or SRT, kept as it comes and read on the way.

Blocking: one thread iterates. By tstrans.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from tstrans import srt, udp
from tstrans.exceptions import SrtError, SrtErrorKind, UdpError, UdpErrorKind

from morina.sense.aerial.sources.klv_live import Following
from morina.sense.aerial.telemetry import Telemetry, TelemetryError

LOOK_EVERY_MS = 200
"""How long a wait for bytes lasts at most before it is looked whether to stop."""

UDP_BUFFER = 4 << 20
"""Bytes the kernel holds while the node is busy: about four seconds of 8 Mbit/s."""


class AddressError(ValueError):
    """No address of a live stream; the text says what one looks like."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Bytes come in, for the first time or again."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Nothing comes in any more, and why; it is waited for."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """``silent_s`` without a byte is a loss; a lost link is tried again after ``again_s``."""

    silent_s: float = 5.0
    again_s: float = 2.0


class LostLinkError(OSError):
    """The link is gone and a new one is needed."""


class Link(Protocol):
    """One open way in."""

    def receive(self) -> bytes:
        """Empty where nothing came for ``LOOK_EVERY_MS``. LostLinkError."""

    def close(self) -> None:
        """Let go of it."""


class UdpLink:
    """Datagrams of transport packets at ``udp://address:port`` or ``udp://@group:port``."""

    def __init__(self, address: str) -> None:
        try:
            builder = udp.RecvTransport.builder().bind_url(address).rcvbuf(UDP_BUFFER)
            self._socket = builder.build()
        except UdpError as error:
            raise LostLinkError(str(error)) from error

    @property
    def port(self) -> int:
        """The one it hears at."""
        return self._socket.local_addr_port()

    def receive(self) -> bytes:
        """One datagram."""
        try:
            return self._socket.recv(LOOK_EVERY_MS)[0]
        except UdpError as error:
            if error.kind == UdpErrorKind.BACKPRESSURE:
                return b""
            raise LostLinkError(str(error)) from error

    def close(self) -> None:
        self._socket.close()


class SrtLink:
    """``srt://host:port`` calls; with ``?mode=listener`` it is called. Other options of SRT
    (passphrase, latency, streamid) stand in the address too."""

    def __init__(self, address: str) -> None:
        self._listener: srt.Listener | None = None
        self._receiver: srt.Receiver | None = None
        builder = srt.Builder(address, connect_timeout_ms=2000, recv_timeout_ms=LOOK_EVERY_MS)
        try:
            if parse_qs(urlsplit(address).query).get("mode") == ["listener"]:
                self._listener = builder.listener().listen()
            else:
                self._receiver = builder.caller().connect().into_receiver()
        except SrtError as error:
            raise LostLinkError(str(error)) from error

    @property
    def port(self) -> int:
        """The one it is called at."""
        if self._listener is None:
            raise LostLinkError("calls and is not called")
        return self._listener.local_addr()[1]

    def receive(self) -> bytes:
        """One transport packet."""
        try:
            if self._receiver is None and self._listener is not None:
                self._receiver = self._listener.accept(LOOK_EVERY_MS).into_receiver()
            return self._receiver.recv_bytes() if self._receiver else b""
        except SrtError as error:
            if error.kind in (SrtErrorKind.BACKPRESSURE, SrtErrorKind.TIMEOUT):
                return b""
            raise LostLinkError(str(error)) from error

    def close(self) -> None:
        for one in (self._receiver, self._listener):
            if one is not None:
                one.close()


def opened(address: str) -> Link:
    """The link of an address. AddressError, LostLinkError."""
    match urlsplit(address).scheme:
        case "udp":
            return UdpLink(address)
        case "srt":
            return SrtLink(address)
    raise AddressError(
        f"{address.split(':')[0]!r} is no scheme of a live stream; give udp://host:port or "
        "srt://host:port"
    )


class LiveTransport:
    """A stream from ``address``; every byte goes to ``keep`` before it is read.

    Iterate ``events`` in one thread; ``stop`` from any other ends it within ``LOOK_EVERY_MS`` or,
    while it calls, within two seconds.
    """

    def __init__(
        self, address: str, keep: Callable[[bytes], object], following: Following | None = None,
        patience: Patience | None = None,
        connect: Callable[[str], Link] = opened,
    ) -> None:  # fmt: skip
        self._address, self._keep, self._connect = address, keep, connect
        self._patience = patience or Patience()
        self._stopped = threading.Event()
        self._following = following or Following()
        self._joined, self._told = False, False

    def stop(self) -> None:
        """No more events."""
        self._stopped.set()

    def notes(self) -> tuple[str, ...]:
        """What was passed over until now."""
        return self._following.passed.notes()

    def events(self) -> Iterator[Telemetry | Joined | Lost]:
        """Until stopped. A link that cannot be made, breaks or falls silent is told once, until
        bytes come again, and tried again."""
        while not self._stopped.is_set():
            try:
                link = self._connect(self._address)
            except LostLinkError as error:
                yield from self._lost(str(error))
            else:
                yield from self._of(link)
            self._stopped.wait(self._patience.again_s)

    def _of(self, link: Link) -> Iterator[Telemetry | Joined | Lost]:
        heard = time.monotonic()
        try:
            while not self._stopped.is_set():
                chunk = link.receive()
                if chunk:
                    heard = time.monotonic()
                    yield from self._taken(chunk)
                elif self._joined and time.monotonic() - heard > self._patience.silent_s:
                    yield from self._lost(f"nothing for {self._patience.silent_s:g} s")
        except (LostLinkError, TelemetryError) as error:
            yield from self._lost(str(error))
        finally:
            link.close()

    def _taken(self, chunk: bytes) -> Iterator[Telemetry | Joined]:
        self._keep(chunk)
        if not self._joined:
            self._joined, self._told = True, False
            yield Joined()
        yield from self._following.feed(chunk)

    def _lost(self, why: str) -> Iterator[Lost]:
        if not self._told:
            yield Lost(why)
        self._joined, self._told = False, True
        self._following.again()
