"""Frames on a TCP connection: XML documents one after another, or Milesight's own frames."""

import re

LARGEST = 20_000_000
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]{0,63})[\s/>]")
_BEGIN, _END = b"\xcc\xff", b"\xff\xdd"


class TooLongError(ValueError):
    """What was sent has no end within what one payload may hold; the connection is to be closed."""


class Frames:
    """Bytes in, whole payloads out. Frames are as the makers' papers say, not as captured."""

    def __init__(self, maker: str) -> None:
        self._cut = _milesight if maker == "milesight" else _xml
        self._waiting = b""

    def fed(self, part: bytes) -> list[bytes]:
        """The payloads complete with this part; TooLongError."""
        self._waiting += part
        whole: list[bytes] = []
        while end := self._cut(self._waiting):
            whole.append(self._waiting[:end])
            self._waiting = self._waiting[end:]
        if len(self._waiting) > LARGEST:
            raise TooLongError(f"no frame ends within {LARGEST} bytes")
        return whole


def _milesight(waiting: bytes) -> int:
    """Where the first frame ends; 0 while it has not."""
    begin = waiting.find(_BEGIN)
    end = waiting.find(_END, begin + len(_BEGIN)) if begin >= 0 else -1
    return end + len(_END) if end >= 0 else 0


def _xml(waiting: bytes) -> int:
    root = _ROOT.search(waiting)
    if root is None:
        return 0
    closed = waiting.find(b"</" + root[1] + b">", root.end())
    if closed >= 0:
        return closed + len(root[1]) + 3
    opened = waiting.find(b">", root.start())
    alone = opened > 0 and waiting[opened - 1 : opened] == b"/"
    return opened + 1 if alone else 0
