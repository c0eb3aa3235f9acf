"""Multipart bodies as cameras write them: RFC 2046 where they follow it, and where they do not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from morina.sense.cameras.reports import PayloadError
from morina.sense.cameras.wire.texts import clean

LONGEST_PAYLOAD = 32 * 2**20
LONGEST_HEADERS = 8 * 2**10
MOST_PARTS = 32
BOUNDARY = re.compile(rb"--([^\r\n]{1,200}?)[ \t]*\r?\n")
BOUNDARY_SAID = re.compile(r'boundary="?([^";\r\n]{1,200})', re.IGNORECASE)
PARAMETER = re.compile(r'\b(name|filename)="?([^";]{1,1000})', re.IGNORECASE)
HEADER = re.compile(rb"[A-Za-z-]{1,64}:")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: ``name`` of its field, ``filename`` without folders, both "" where not said."""

    name: str
    filename: str
    media_type: str
    content: bytes = field(repr=False)


def is_multipart(payload: bytes) -> bool:
    """Whether ``payload`` starts as a multipart body does, whatever its headers say."""
    return BOUNDARY.match(payload.lstrip(b"\r\n")) is not None


def parts_of(payload: bytes, headers: Mapping[str, str]) -> list[Part]:
    """The parts of ``payload``, their content byte for byte.

    The boundary is that of ``content-type``, or where it is missing or wrong that of the first
    line. Content-Length of a part only ends one whose closing boundary is missing. A last part cut
    off within its headers is left out. Raises PayloadError for anything else, more than
    MOST_PARTS parts or LONGEST_PAYLOAD bytes.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise PayloadError(f"more than {LONGEST_PAYLOAD} bytes; send fewer or smaller pictures")
    found = []
    for raw, closed in _between(payload, _boundary(payload, headers)):
        part = _part(raw, closed)
        if part is not None:
            found.append(part)
        elif closed:
            raise PayloadError(f"part {len(found) + 1} of the multipart body has no end of headers")
        if len(found) > MOST_PARTS:
            raise PayloadError(
                f"more than {MOST_PARTS} parts; check what the camera is set to send"
            )
    if not found:
        raise PayloadError("a multipart body without parts; check the camera's upload format")
    return found


def _boundary(payload: bytes, headers: Mapping[str, str]) -> bytes:
    said = BOUNDARY_SAID.search(headers.get("content-type", ""))
    if said is not None:
        boundary = said[1].strip().encode("utf-8", "replace")
        if b"--" + boundary in payload:
            return boundary
    first = BOUNDARY.match(payload.lstrip(b"\r\n"))
    if first is None:
        raise PayloadError("no boundary: the body is not multipart/form-data")
    return first[1]


def _between(payload: bytes, boundary: bytes) -> Iterator[tuple[bytes, bool]]:
    """What lies between boundaries, and whether a boundary ends it."""
    line = rb"--" + re.escape(boundary) + rb"(--|[ \t]*(?:\r?\n|\Z))"
    start = re.search(rb"(?:\A|\r?\n)" + line, payload)
    # where lines end in a bare line feed, a carriage return before it belongs to the content
    bare = start is not None and not start[1].endswith(b"\r\n")
    mark = re.compile((rb"\n" if bare else rb"\r?\n") + line)
    while start is not None and start[1] != b"--":
        end = mark.search(payload, start.end())
        raw = payload[start.end() : end.start() if end else len(payload)]
        if raw or end:
            yield raw, end is not None
        start = end


def _part(raw: bytes, closed: bool) -> Part | None:
    end = re.compile(rb"(?:\A|\r?\n)\r?\n").search(raw, 0, LONGEST_HEADERS)
    bare = end is None and closed and _is_headers(raw)
    if end is None and not bare:
        return None
    headers = _headers(raw[: end.start()] if end else raw)
    content = raw[end.end() :] if end else b""
    length = headers.get("content-length", "")
    if not closed and re.fullmatch(r"[0-9]{1,9}", length):
        content = content[: int(length)]
    names = dict(PARAMETER.findall(headers.get("content-disposition", "")))
    filename = re.split(r"[/\\]", names.get("filename", ""))[-1]
    return Part(
        name=clean(names.get("name", ""), "the name of a part"),
        filename=clean(filename, "the file name of a part"),
        media_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
        content=content,
    )


def _is_headers(raw: bytes) -> bool:
    """An empty part whose boundary follows its blank line at once, as some firmware sends it."""
    lines = raw.splitlines()
    return len(raw) <= LONGEST_HEADERS and all(HEADER.match(line) for line in lines)


def _headers(block: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
