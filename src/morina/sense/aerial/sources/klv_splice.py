"""Telemetry laid beside the video of an MPEG-TS stream that is otherwise left as it is.

ISO/IEC 13818-1: the table of the programme (PMT) gets one more stream, synchronous metadata, and
its packets go in front of the first picture that is not earlier. So the video's codec does not
matter, and what plays the video plays it still.
"""

from collections.abc import Iterable, Iterator

from tstrans.mpegts import (
    KlvStreamType,
    Muxer,
    MuxerConfig,
    MuxerProgramConfigBuilder,
    Pts90khz,
    VideoCodec,
)

from morina.sense.aerial.sources.klv_transport import PACKET, SYNC
from morina.sense.aerial.telemetry import TelemetryError

KLV_PID = 0x1F0
"""Of the telemetry; the video may not use it."""

_DUMMY_PID, _DUMMY_PMT = 0x1EF, 0x1EE
_HZ, _WRAP = 90_000, 1 << 33
_ROOM = PACKET - 4
_METADATA = b"\x15"
"""Stream type of metadata in PES packets: synchronous KLV."""

_DESCRIPTORS = (
    b"\x05\x04KLVA\x26\x09\x01\x00\xffKLVA\x00\x0f\x27\x09\xc0\x00\x00\xc0\x00\x00\xc0\x00\x00"
)
"""Registration, metadata and metadata_std descriptors, as MISB ST 1402 asks of synchronous KLV."""


class Splicer:
    """One stream on its way. ``klv``: (seconds from the first picture, bytes), in time order."""

    def __init__(self, klv: Iterable[tuple[float, bytes]]) -> None:
        self._klv = iter(klv)
        self._next = next(self._klv, None)
        self._beside = _Beside()
        self._first: int | None = None
        self._table: int | None = None
        self.tables = 0

    def packet(self, packet: bytes, place: int) -> bytes:
        """What goes out for one packet: it, its replacement, or telemetry and it."""
        if packet[0] != SYNC:
            raise _damaged(place, "no transport packet begins here")
        pid, payload = (packet[1] & 0x1F) << 8 | packet[2], _payload(packet)
        if pid == KLV_PID:
            raise _damaged(place, f"stream {KLV_PID} is there already")
        if not packet[1] & 0x40:
            return packet
        if pid == 0:
            self._table = _table_of(payload)
        elif pid == self._table:
            self.tables += 1
            return packet[:4] + _with_metadata(payload, place)
        elif (pts := _pts(payload)) is not None:
            return self._due(pts) + packet
        return packet

    def rest(self) -> bytes:
        """Telemetry later than the last picture."""
        return self._until(float("inf"))

    def _due(self, pts: int) -> bytes:
        if self._first is None:
            self._first = pts
        ticks = (pts - self._first) % _WRAP
        return self._until((ticks - _WRAP if ticks > _WRAP // 2 else ticks) / _HZ)

    def _until(self, at_s: float) -> bytes:
        made = b""
        while self._next is not None and self._next[0] <= at_s and self._first is not None:
            seconds, klv = self._next
            made += self._beside.packets(klv, (self._first + round(seconds * _HZ)) % _WRAP)
            self._next = next(self._klv, None)
        return made


class _Beside:
    """Telemetry as transport packets, by tstrans: of a stream that is never sent, only its KLV."""

    def __init__(self) -> None:
        programme = (
            MuxerProgramConfigBuilder(1, _DUMMY_PMT)
            .add_video(_DUMMY_PID, VideoCodec.H264)
            .add_klv(KLV_PID, KlvStreamType.SYNCHRONOUS_METADATA, carries_pts=True)
            .build()
        )
        self._muxer = Muxer(MuxerConfig.builder().add_program(programme).build())
        self._out = bytearray(1024 * PACKET)

    def packets(self, klv: bytes, pts: int) -> bytes:
        self._muxer.push_klv(klv, pts=Pts90khz(pts))
        made = bytes(self._out[: self._muxer.pull(self._out)])
        each = (made[at : at + PACKET] for at in range(0, len(made), PACKET))
        return b"".join(one for one in each if (one[1] & 0x1F) << 8 | one[2] == KLV_PID)


def muxed(video: Iterable[bytes], klv: Iterable[tuple[float, bytes]]) -> Iterator[bytes]:
    """A video in MPEG-TS with telemetry beside it, in pieces of any size, the pictures untouched.

    ``klv``: (seconds from the first picture, packets), in time order. TelemetryError where the
    video is no transport stream of one programme.
    """
    splicer, held, place = Splicer(klv), b"", 0
    for chunk in video:
        held += chunk
        whole = len(held) // PACKET * PACKET
        parts = range(0, whole, PACKET)
        yield b"".join(splicer.packet(held[at : at + PACKET], place + at) for at in parts)
        held, place = held[whole:], place + whole
    if not splicer.tables:
        raise _damaged(0, "no table of its programme is in it")
    yield splicer.rest()


def _payload(packet: bytes) -> bytes:
    kinds = packet[3] >> 4 & 3
    start = 4 + (1 + packet[4] if kinds & 2 else 0)
    return packet[start:] if kinds & 1 else b""


def _table_of(payload: bytes) -> int | None:
    """The stream of the table of the first programme, from the list of programmes (PAT)."""
    section = payload[1 + payload[0] :] if payload else b""
    end = 3 + _length(section) - 4
    for at in range(8, min(end, len(section) - 3), 4):
        if section[at] or section[at + 1]:
            return (section[at + 2] & 0x1F) << 8 | section[at + 3]
    return None


def _with_metadata(payload: bytes, place: int) -> bytes:
    if not payload or payload[0]:
        raise _damaged(place, "the table of its programme begins in the middle of a packet")
    old = payload[1:]
    about = KLV_PID.to_bytes(2, "big"), len(_DESCRIPTORS).to_bytes(2, "big")
    streams = old[3 : 3 + _length(old) - 4] + _METADATA
    streams += bytes((0xE0 | about[0][0], about[0][1], 0xF0 | about[1][0], about[1][1]))
    length = len(streams) + len(_DESCRIPTORS) + 4
    section = bytes((old[0], 0xB0 | length >> 8, length & 0xFF)) + streams + _DESCRIPTORS
    section += _crc(section).to_bytes(4, "big")
    if len(section) >= _ROOM:
        raise _damaged(place, "the table of its programme has no room for telemetry")
    return (b"\x00" + section).ljust(_ROOM, b"\xff")


def _length(section: bytes) -> int:
    return (section[1] & 0x0F) << 8 | section[2] if len(section) > 2 else 0


def _pts(payload: bytes) -> int | None:
    """Of the start of a picture, in 1/90,000 s; None of anything else."""
    if len(payload) < 14 or payload[:3] != b"\0\0\1" or payload[3] >> 4 != 0xE:
        return None
    if not payload[7] & 0x80:
        return None
    a, b, c, d, e = payload[9:14]
    return (a >> 1 & 7) << 30 | b << 22 | c >> 1 << 15 | d << 7 | e >> 1


def _crc(section: bytes) -> int:
    """CRC of tables (ISO/IEC 13818-1, annex A)."""
    crc = 0xFFFFFFFF
    for byte in section:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc >> 31 else 0)) & 0xFFFFFFFF
    return crc


def _damaged(place: int, fault: str) -> TelemetryError:
    return TelemetryError(f"byte {place}", fault, "give a transport stream of one programme")
