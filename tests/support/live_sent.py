"""Live streams sent over UDP without loss, however slow the machine is: never further ahead of who
takes them in than the kernel holds for a socket."""

import socket
import time
from collections.abc import Callable, Iterator

import psutil

DATAGRAM = 7 * 188
AHEAD = 32 * DATAGRAM
"""Bytes on the way at most; the kernel holds over twice as many, whatever its settings."""

WITHIN_S = 120.0
"""For every wait: it costs nothing where all is well."""

STUFFING = (b"\x47\x1f\xff\x10" + b"\xff" * 184) * 140
"""Packets of nothing, sent behind a stream: once they are written, all before them is."""


def until(is_so: Callable[[], object]) -> None:
    """Waits for it; AssertionError where it does not come."""
    ends_by = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < ends_by, "it did not come"
        time.sleep(0.01)


def datagrams(stream: bytes) -> Iterator[bytes]:
    for at in range(0, len(stream), DATAGRAM):
        yield stream[at : at + DATAGRAM]


def send(
    stream: bytes, port: int, taken: Callable[[], int] | None = None, seconds: float = 0.0
) -> None:
    """All of it, spread over ``seconds``; ``taken`` tells how many bytes are in, None: some may be
    lost. Blocking."""
    before, begun, sent = taken() if taken else 0, time.monotonic(), 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for datagram in datagrams(stream):
            time.sleep(max(0.0, begun + seconds * sent / len(stream) - time.monotonic()))
            if taken:
                until(lambda: taken() - before >= sent - AHEAD)  # noqa: B023 - waited for at once
            out.sendto(datagram, ("127.0.0.1", port))
            sent += len(datagram)


def heard_at(port: int) -> bool:
    """Whether somebody has the port. It is not bound to try: who wants it then would not get it."""
    return any(one.laddr and one.laddr.port == port for one in psutil.net_connections("udp"))


def unstuffed(recorded: bytes) -> bytes:
    """A recording without what only stuffs."""
    packets = (recorded[at : at + 188] for at in range(0, len(recorded), 188))
    return b"".join(one for one in packets if one[:3] != STUFFING[:3])
