"""Which files are videos, by their first bytes.

FFmpeg goes by content and ending, and some of what it opens are lists that name other files or
addresses (HLS, concat, SDP). Only containers that hold their pictures themselves are opened here.
"""

from pathlib import Path

HEAD = 400
"""Bytes looked at: two packets of MPEG-TS with their time stamps."""

_ISO_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
"""What MP4 (ISO/IEC 14496-12, 4.3) and QuickTime files begin with, after four bytes of size."""


def holds_pictures(file: Path) -> bool:
    """Whether the file is MPEG-TS or -PS, MP4, MOV, Matroska or AVI. OSError."""
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    return (
        _is_transport_stream(head)
        or head[4:8] in _ISO_BOXES
        or head.startswith(b"\x1a\x45\xdf\xa3")  # Matroska, WebM: EBML (RFC 8794, 11.2.1)
        or (head.startswith(b"RIFF") and head[8:12] == b"AVI ")
        or head.startswith(b"\x00\x00\x01\xba")  # programme stream (ISO/IEC 13818-1, 2.5.3.4)
    )


def _is_transport_stream(head: bytes) -> bool:
    """Packets of 188 bytes, or of 192 with a time stamp before each (ISO/IEC 13818-1, 2.4.3.2)."""
    return any(
        len(head) > at + size and head[at] == head[at + size] == 0x47
        for at, size in ((0, 188), (4, 192))
    )
