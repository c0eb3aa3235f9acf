"""Reads one uploaded file and its fields: strict, bounded, in UTF-8 or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from morina.desk.problems import ProblemError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FIELD_BYTES = 1_000
"""The longest a field that is not the file may be."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as sent: its name, its stated type (lower case, "" when unstated), its bytes."""

    name: str
    stated_type: str
    content: bytes


@dataclass(slots=True)
class _Part:
    name: str = ""
    file_name: str = ""
    stated_type: str = ""
    content: bytearray = field(default_factory=bytearray)


async def read_form(
    request: Request, file: str, fields: Iterable[str] = ()
) -> tuple[Upload, dict[str, str]]:
    """The file in the part named ``file`` and the text of each of ``fields`` that was sent.

    ProblemError for anything else: another part, one twice, no file, bad UTF-8, an end missing.
    """
    reading = _Reading(file, frozenset(fields))
    boundary = _boundary(request)
    try:
        parser = MultipartParser(boundary, reading.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
    except FormParserError as error:
        raise _broken(f"the form cannot be read: {error}") from error
    if not reading.ended:
        raise _broken("the form is cut off before its last boundary")
    sent = reading.parts
    if file not in sent:
        raise _bad_field(file, "is missing", "add the file to the form")
    upload = sent.pop(file)
    texts = {name: _text(name, bytes(part.content)) for name, part in sent.items()}
    return Upload(upload.file_name, upload.stated_type, bytes(upload.content)), texts


class _Reading:
    """Collects parts as the parser meets them."""

    def __init__(self, file: str, fields: frozenset[str]) -> None:
        self.parts: dict[str, _Part] = {}
        self.ended = False
        self._file = file
        self._known = fields | {file}
        self._part = _Part()
        self._header = (bytearray(), bytearray())

    def callbacks(self) -> "MultipartCallbacks":
        """What the parser calls, by event."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._take,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._part = _Part()

    def _header_end(self) -> None:
        name, value = (bytes(half) for half in self._header)
        self._header = (bytearray(), bytearray())
        kind, options = parse_options_header(value)
        if name.lower() == b"content-disposition":
            self._part.name = _text("name of a part", options.get(b"name", b""))
            self._part.file_name = _text("filename", options.get(b"filename", b""))
        elif name.lower() == b"content-type":
            self._part.stated_type = kind.decode("latin-1")

    def _headers_finished(self) -> None:
        name = self._part.name
        if name not in self._known:
            known = ", ".join(sorted(self._known))
            raise _bad_field(name[:60], "is not known here", f"send only {known}")
        if name in self.parts:
            raise _bad_field(name, "is there twice", "send it once")
        self.parts[name] = self._part

    def _take(self, data: bytes, start: int, end: int) -> None:
        self._part.content += data[start:end]
        if self._part.name != self._file and len(self._part.content) > FIELD_BYTES:
            raise _bad_field(
                self._part.name, f"is longer than {FIELD_BYTES} bytes", "send a short text"
            )

    def _end(self) -> None:
        self.ended = True


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data":
        raise ProblemError(
            415,
            f"the body is {kind.decode('latin-1')[:60] or 'of no stated type'}, not a form",
            place="header Content-Type",
            mend="send multipart/form-data, as curl --form does",
        )
    if not options.get(b"boundary"):
        raise _broken("the header Content-Type names no boundary")
    return options[b"boundary"]


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise _bad_field(
            name, f"is not UTF-8 at byte {error.start + 1}", "send text in UTF-8"
        ) from error


def _broken(why: str) -> ProblemError:
    return ProblemError(400, why, place="body", mend="send a complete form, as curl --form does")


def _bad_field(name: str, why: str, mend: str) -> ProblemError:
    place = name or "a part without a name"
    return ProblemError(422, f"{place} {why}", place=place, mend=mend)
