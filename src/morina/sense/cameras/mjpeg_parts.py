"""Pictures out of a motion JPEG answer, as it arrives."""

from email.message import Message

from morina.sense.cameras.frames import SourceError
from morina.sense.cameras.stills import MOST_BYTES

_JPEG_BEGINS, _JPEG_ENDS = b"\xff\xd8", b"\xff\xd9"


def boundary_of(content_type: str) -> bytes | None:
    """What parts the pictures, None when the answer has no parts.

    Cameras write it with and without quotes, and with the two dashes that do not belong to it.
    """
    message = Message()
    message["content-type"] = content_type
    said = message.get_param("boundary")
    if message.get_content_maintype() != "multipart" or not isinstance(said, str):
        return None
    bare = said.strip().strip('"').lstrip("-")
    return bare.encode("latin-1", "replace") or None


class MjpegParts:
    """Feed it what arrives; ``taken()`` gives the newest whole picture, or nothing.

    A length that fits the picture ends it at once. Where it is missing or wrong, which is common,
    the next boundary does.
    """

    def __init__(self, boundary: bytes) -> None:
        self._boundary = b"--" + boundary
        self._left = b""
        self._newest = b""

    def feed(self, chunk: bytes) -> None:
        """Take in what arrived; SourceError when it is no motion JPEG."""
        self._left += chunk
        while self._next_part():
            pass
        if len(self._left) > MOST_BYTES:
            raise SourceError("what the camera sends is no motion JPEG")

    def taken(self) -> bytes:
        """The newest picture since the last call, empty when there is none."""
        newest, self._newest = self._newest, b""
        return newest

    def _next_part(self) -> bool:
        start = self._left.find(_JPEG_BEGINS)
        if start < 0:
            return False
        end = self._by_length(start) or self._by_boundary(start)
        if not end:
            return False
        self._newest, self._left = self._left[start:end], self._left[end:]
        return True

    def _by_length(self, start: int) -> int:
        """Where the picture ends by its header, 0 when that does not fit or has not come."""
        for line in self._left[:start].lower().splitlines():
            name, _, value = line.partition(b":")
            if name.strip() == b"content-length" and value.strip().isdigit():
                end = start + int(value)
                return end if self._left[end - 2 : end] == _JPEG_ENDS else 0
        return 0

    def _by_boundary(self, start: int) -> int:
        return max(0, self._left.find(self._boundary, start))
