"""Live streams over real sockets on this machine: kept byte for byte, read on the way."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tstrans import srt
from tstrans.exceptions import SrtError

from klv_made import said, transport
from live_sent import DATAGRAM, datagrams, heard_at, send, until
from morina.sense.aerial import Telemetry
from morina.sense.aerial.adapters.live_ts import (
    AddressError,
    Joined,
    LiveTransport,
    Lost,
    Patience,
    SrtLink,
    UdpLink,
    opened,
)
from morina.sense.aerial.sources.klv import flight
from running import free_port

SOON = Patience(silent_s=1.5, again_s=0.05)
"""For what is to be lost. A busy machine may lose a link in between: more of them count as well."""

LONG = Patience(silent_s=600.0, again_s=0.05)
CALM = "latency=200&tlpktdrop=0"
"""SRT gives nothing up because it comes late: machines are busy."""
Event = Telemetry | Joined | Lost


@contextmanager
def followed(address: str, patience: Patience = SOON) -> Iterator[tuple[list[Event], bytearray]]:
    """Events and bytes of a live stream, gathered by a thread until the end of the block."""
    events: list[Event] = []
    kept = bytearray()
    live = LiveTransport(address, kept.extend, patience=patience)

    def gather() -> None:
        for one in live.events():
            events.append(one)

    thread = threading.Thread(target=gather)
    thread.start()
    try:
        yield events, kept
    finally:
        live.stop()
        thread.join(120)
        assert not thread.is_alive()


def moments(events: list[Event]) -> list[Telemetry]:
    return [one for one in list(events) if isinstance(one, Telemetry)]


def kinds(events: list[Event]) -> list[str]:
    """Joined and Lost in their order."""
    return [type(one).__name__ for one in list(events) if not isinstance(one, Telemetry)]


def ends_lost(events: list[Event]) -> bool:
    """Whether the link was there and is lost again."""
    return "Joined" in kinds(events) and kinds(events)[-1] == "Lost"


def test_udp_is_kept_and_read() -> None:
    stream, port = transport([said(number) for number in range(40)]), free_port()
    with followed(f"udp://127.0.0.1:{port}", LONG) as (events, kept):
        until(lambda: heard_at(port))
        send(stream, port, lambda: len(kept))
        until(lambda: len(kept) == len(stream))
        until(lambda: len(moments(events)) >= 38)
    assert bytes(kept) == stream
    assert moments(events) == list(flight([stream]).telemetry[1 : 1 + len(moments(events))])
    assert kinds(events) == ["Joined"]


def test_udp_that_falls_silent_goes_on_later() -> None:
    port = free_port()
    early = transport([said(number) for number in range(20)])
    late = transport([said(100 + number) for number in range(20)], first_s=14.0)
    with followed(f"udp://127.0.0.1:{port}") as (events, kept):
        until(lambda: heard_at(port))
        send(early, port, lambda: len(kept))
        until(lambda: len(kept) == len(early) and ends_lost(events))
        send(late, port, lambda: len(kept))
        until(lambda: len(kept) == len(early) + len(late) and ends_lost(events))
    times = [one.at_s for one in moments(events)]
    assert times == sorted(times) and times[-1] == pytest.approx(4.72, abs=0.1)
    assert kinds(events).count("Joined") >= 2


def sent_by_srt(stream: bytes, port: int, arrived: Callable[[], bool]) -> None:
    """Calls until somebody hears, sends all, and hangs up once it has arrived."""
    calls: list[srt.Sender] = []

    def called() -> bool:
        try:
            calls.append(srt.Sender.from_url(f"srt://127.0.0.1:{port}?{CALM}"))
        except SrtError:
            return False
        return True

    until(called)
    [sender] = calls
    for datagram in datagrams(stream):
        sender.send_bytes(datagram)
        time.sleep(0.001)
    sender.flush()
    until(arrived)
    sender.close()


def test_srt_that_is_called_is_kept_and_called_again() -> None:
    port = free_port()
    early = transport([said(number) for number in range(20)])
    late = transport([said(100 + number) for number in range(20)], first_s=3000.0)
    with followed(f"srt://127.0.0.1:{port}?mode=listener&{CALM}") as (events, kept):
        sent_by_srt(early, port, lambda: bytes(kept) == early)
        until(lambda: ends_lost(events))
        sent_by_srt(late, port, lambda: bytes(kept) == early + late)
        until(lambda: ends_lost(events))
    assert bytes(kept) == early + late
    times = [round(one.at_s, 3) for one in moments(events)]
    assert len(times) >= 30 and times == sorted(times)
    assert times[-1] < 3, "a clock that began anew goes on from where the old one was"


def test_srt_that_calls_waits_for_who_answers() -> None:
    port = free_port()
    stream = transport([said(number) for number in range(20)])
    with followed(f"srt://127.0.0.1:{port}?{CALM}") as (events, kept):
        until(lambda: kinds(events) == ["Lost"])
        listener = srt.Builder(f"srt://127.0.0.1:{port}?mode=listener&{CALM}").listener().listen()
        sender = listener.accept(timeout_ms=120_000).into_sender()
        for datagram in datagrams(stream):
            sender.send_bytes(datagram)
            time.sleep(0.001)
        sender.flush()
        until(lambda: len(kept) == len(stream))
        sender.close()
        listener.close()
        until(lambda: ends_lost(events))
    assert bytes(kept) == stream and kinds(events)[:2] == ["Lost", "Joined"]


def test_noise_is_kept_told_and_survived() -> None:
    """What comes while the link is made anew is lost to it: it is sent until it is heard."""
    port = free_port()
    noise, stream = b"\x11" * DATAGRAM, transport([said(number) for number in range(20)])
    with followed(f"udp://127.0.0.1:{port}") as (events, kept):
        until(lambda: heard_at(port))

        def told_of(sent: bytes, so: Callable[[], bool]) -> bool:
            send(sent, port, lambda: len(kept))
            return so()

        until(lambda: told_of(noise, lambda: "Lost" in kinds(events)))
        until(lambda: told_of(stream, lambda: len(moments(events)) > 10))
    assert noise in bytes(kept)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "127.0.0.1:5000", ""])
def test_no_address_of_a_stream_is_refused(address: str) -> None:
    with pytest.raises(AddressError, match=r"udp://host:port"):
        opened(address)


def test_links_say_their_port() -> None:
    for link in (UdpLink("udp://127.0.0.1:0"), SrtLink("srt://127.0.0.1:0?mode=listener")):
        assert link.port > 0
        link.close()
