"""The few words of RTSP (RFC 2326) needed to ask a camera what it has: text in, text out."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5

from morina.sense.cameras.frames import SourceError

_CODECS = {
    "H264": "H.264",
    "H265": "H.265",
    "HEVC": "H.265",
    "JPEG": "motion JPEG",
    "MP4V-ES": "MPEG-4",
}
_STATIC = {"26": "motion JPEG"}
_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^,\s]*))')


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: the status, what login it asks for, the session it describes."""

    status: int
    asks_for: tuple[str, ...] = ()
    body: str = ""


def describe(url: str, number: int, login: str = "") -> bytes:
    """The request DESCRIBE."""
    lines = [f"DESCRIBE {url} RTSP/1.0", f"CSeq: {number}", "Accept: application/sdp"]
    lines += [f"Authorization: {login}"] if login else []
    return ("\r\n".join([*lines, "User-Agent: Morina"]) + "\r\n\r\n").encode()


def length_of(head: bytes) -> int:
    """How many bytes follow the head."""
    found = re.search(rb"(?im)^content-length:\s*(\d{1,6})\s*$", head.replace(b"\r", b""))
    return int(found[1]) if found else 0


def answer(head: bytes, body: bytes) -> Answer:
    """An answer taken apart; SourceError when it is no RTSP."""
    lines = head.decode("latin-1").split("\r\n")
    found = re.match(r"RTSP/\d\.\d (\d{3})", lines[0])
    if not found:
        raise SourceError("what listens there does not speak RTSP; look at the port")
    asks = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("www-auth")]
    return Answer(int(found[1]), tuple(asks), body.decode("utf-8", "replace"))


def login(asks_for: Sequence[str], url: str, user: str, password: str) -> str:
    """The Authorization a challenge wants (RFC 2617 without body protection), digest first."""
    for challenge in asks_for:
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "digest":
            asked = {name.lower(): a or b for name, a, b in _PARAMETER.findall(rest)}
            return _digest(asked, url, user, password)
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def codecs(description: str) -> tuple[str, ...]:
    """The codecs of the pictures in a session description (RFC 4566), as people call them."""
    found: list[str] = []
    in_video = False
    for line in description.splitlines():
        if line.startswith("m="):
            in_video = line.startswith("m=video")
            if in_video and (static := _STATIC.get(line.split()[-1])):
                found.append(static)
        elif in_video and line.startswith("a=rtpmap:"):
            name = line.partition(" ")[2].partition("/")[0].strip().upper()
            found.append(_CODECS.get(name, name))
    return tuple(dict.fromkeys(found))


def _digest(asked: dict[str, str], url: str, user: str, password: str) -> str:
    realm, nonce = asked.get("realm", ""), asked.get("nonce", "")
    secret, request = _md5(f"{user}:{realm}:{password}"), _md5(f"DESCRIBE:{url}")
    more, middle = "", nonce
    if "auth" in asked.get("qop", ""):
        more, middle = ', qop=auth, nc=00000001, cnonce="6d6f72696e61"', ""
        middle = f"{nonce}:00000001:6d6f72696e61:auth"
    proof = _md5(f"{secret}:{middle}:{request}")
    return (
        f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{url}", '
        f'response="{proof}"{more}'
    )


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
