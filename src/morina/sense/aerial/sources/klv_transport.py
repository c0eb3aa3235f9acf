"""MPEG-TS taken apart: the times of its pictures, and its telemetry with the time of each piece.

By tstrans. Synchronous KLV bears its time; asynchronous KLV often bears none, and then the picture
it came beside is named.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tstrans.exceptions import DemuxError
from tstrans.mpegts import Demuxer, DemuxerConfig, DemuxEvent, MetadataKindTag

from morina.sense.aerial.telemetry import TelemetryError

PACKET = 188
"""Bytes of a transport packet (ISO/IEC 13818-1), the first always ``SYNC``."""

SYNC = 0x47

_PIECE = 256 * PACKET

VIDEO_TYPES = frozenset({0x01, 0x02, 0x10, 0x1B, 0x24, 0x33})
"""Stream types that are video: MPEG-1, MPEG-2, MPEG-4 part 2, H.264, H.265, H.266. Also those
that the library does not name."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture was sent that is shown at ``pts_s`` of the stream's own clock."""

    pts_s: float


@dataclass(frozen=True, slots=True)
class Carried:
    """Telemetry of a moment. ``timed``: ``pts_s`` is its own time; otherwise that of the picture
    last sent, and None where none was."""

    pts_s: float | None
    timed: bool
    klv: bytes


def is_transport(start: bytes) -> bool:
    """Whether bytes begin a transport stream: two packets in a row, or one where that is all."""
    return start[:1] == b"\x47" and start[PACKET : PACKET + 1] in (b"", b"\x47")


class Parted:
    """Takes a stream in pieces of any size and gives what is in it, in the order it was sent."""

    def __init__(self) -> None:
        self._demuxer = Demuxer(DemuxerConfig(unwrap_timestamps=True))
        self._shown: float | None = None
        self._fed = 0

    def feed(self, chunk: bytes) -> Iterator[Picture | Carried]:
        """TelemetryError where the stream is too damaged to go on."""
        for at in range(0, len(chunk), _PIECE):
            piece = chunk[at : at + _PIECE]
            self._do(piece)
            self._fed += len(piece)
            yield from self._drain()

    def end(self) -> Iterator[Picture | Carried]:
        """What was held back until now."""
        self._demuxer.flush()
        yield from self._drain()

    def _do(self, piece: bytes) -> None:
        try:
            self._demuxer.feed(piece)
        except DemuxError as error:
            raise TelemetryError(
                f"byte {self._fed}", f"the transport stream is damaged ({error})",
                "send the file as the ground station wrote it",
            ) from error  # fmt: skip

    def _drain(self) -> Iterator[Picture | Carried]:
        while (event := self._demuxer.next_event()) is not None:
            one = self._one(event)
            if one is not None:
                yield one

    def _one(self, event: DemuxEvent) -> Picture | Carried | None:
        match event:
            case DemuxEvent.Video(pts=pts):
                self._shown = pts.seconds
                return Picture(pts.seconds)
            case DemuxEvent.UnknownSample(pts=pts, stream_type=kind) if kind in VIDEO_TYPES:
                self._shown = pts.seconds
                return Picture(pts.seconds)
            case DemuxEvent.Metadata(pts=pts, kind=kind, payload=payload):
                timed = kind is MetadataKindTag.KLV_SYNC_AU_CELL or pts.raw != 0
                return Carried(pts.seconds if timed else self._shown, timed, payload)
        return None


def first_shown(head: bytes) -> float | None:
    """When the first picture of a stream is shown, by its own clock; None where none is in its
    ``head``, or that is damaged."""
    try:
        shown = (one.pts_s for one in Parted().feed(head) if isinstance(one, Picture))
        return next(shown, None)
    except TelemetryError:
        return None


def parted(chunks: Iterable[bytes]) -> Iterator[Picture | Carried]:
    """All that is in a whole stream."""
    stream = Parted()
    for chunk in chunks:
        yield from stream.feed(chunk)
    yield from stream.end()
