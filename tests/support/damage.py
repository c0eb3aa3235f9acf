"""Payloads damaged as links, firmware and ill will damage them."""

import html
import re
from collections.abc import Callable, Sequence
from random import Random
from urllib.parse import unquote_plus

HOSTILE = (
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>', b"&x;", b"]]>", b"null", b"NaN",
    b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>', b"&y;", b"1e999",
    b"-1", b"9" * 400, b"9" * 5000, b'"\\ud800"', b"\0", b"[" * 2000, b'"unknown"', b"{}", b"[]",
    b"true", b"<b>", b"\xff\xfe", b"<a>" * 70, b"<a/>" * 30_000, b"0001-01-01T00:00:00", b"",
    b"9999-12-31 23:59:59", b"\r\n\r\n", b"\xf0\x9f\x9a\x97", b"A" * 100_000, b"%00", b"&#0;",
)  # fmt: skip
FIELD = re.compile(rb'(?<=[>"=:\[, ])[^<>"=:\[\], ]{1,64}(?=[<",\]} ])')


def damaged(payload: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """``payload`` after one or two kinds of damage drawn by ``random``."""
    for _ in range(random.randint(1, 2)):
        payload = random.choice(KINDS)(payload, others, random)
    return payload


def _flipped(payload: bytes, _: Sequence[bytes], random: Random) -> bytes:
    changed = bytearray(payload)
    for _place in range(random.randint(1, 3) if payload else 0):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut(payload: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start = random.randint(0, len(payload))
    end = len(payload) if random.random() < 0.3 else start + random.randint(1, 60)
    return payload[:start] + payload[end:]


def _spliced(payload: bytes, others: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(others)
    start, place = random.randint(0, len(payload)), random.randint(0, len(other))
    return payload[:start] + other[place : place + random.randint(1, 400)] + payload[start:]


def _field_replaced(payload: bytes, _: Sequence[bytes], random: Random) -> bytes:
    fields = list(FIELD.finditer(payload[:20_000]))
    if not fields:
        return payload
    field = random.choice(fields)
    return payload[: field.start()] + random.choice(HOSTILE) + payload[field.end() :]


def _inserted(payload: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start = random.randint(0, len(payload))
    return payload[:start] + random.choice(HOSTILE) + payload[start:]


KINDS: tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...] = (
    _flipped,
    _cut,
    _spliced,
    _field_replaced,
    _inserted,
)


def is_said(text: str, payload: bytes) -> bool:
    """Whether ``text`` stands in ``payload``, as it is or in the escapes of JSON, XML and forms.

    Blanks and quotes aside: XML makes a line end in an attribute a blank, CSV drops quotes.
    """
    plain = payload.decode("utf-8", "replace")
    form = unquote_plus(plain)
    said = {plain, html.unescape(plain), form, _unescaped(plain), _unescaped(form)}
    return any(_bare(text) in _bare(one) for one in said)


def escaped(text: str) -> str:
    """``text`` as JSON may write it, every character by its number."""
    return "".join(f"\\u{ord(character):04x}" for character in text)


def _bare(text: str) -> str:
    return re.sub(r"[\s\"']", "", text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
