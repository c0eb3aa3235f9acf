"""Parts of a form (RFC 7578) as they come: each known, each once, its head in UTF-8."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from morina.desk.problems import ProblemError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

Sink = Callable[[bytes], object]
"""Takes a part's bytes as they come."""


@dataclass(slots=True)
class Head:
    """What a part says of itself; "" for what it does not state, the type in lower case."""

    name: str = ""
    file_name: str = ""
    stated_type: str = ""


class Parts:
    """Gives each part's bytes to what ``begun`` answers to its head."""

    def __init__(
        self, request: Request, known: Iterable[str], begun: Callable[[Head], Sink]
    ) -> None:
        """ProblemError (415, 400) where the request is no form."""
        self._known = frozenset(known)
        self._begun = begun
        self._met: set[str] = set()
        self._head = Head()
        self._header = (bytearray(), bytearray())
        self._sink: Sink = bytearray().extend
        self._ended = False
        try:
            self._parser = MultipartParser(_boundary_of(request), self._callbacks())
        except FormParserError as error:
            raise _unread(error) from error

    def take(self, chunk: bytes) -> None:
        """Some more of the form; ProblemError where it is none, or a part is not to be had."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _unread(error) from error

    def end(self) -> None:
        """Nothing more comes; ProblemError (400) where the last boundary lacks."""
        if not self._ended:
            raise _broken("the form is cut off before its last boundary")

    def _callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._part_data,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._head = Head()

    def _header_end(self) -> None:
        name, value = (bytes(half) for half in self._header)
        self._header = (bytearray(), bytearray())
        kind, options = parse_options_header(value)
        if name.lower() == b"content-disposition":
            self._head.name = text_of("name of a part", options.get(b"name", b""))
            self._head.file_name = text_of("filename", options.get(b"filename", b""))
        elif name.lower() == b"content-type":
            self._head.stated_type = kind.decode("latin-1")

    def _headers_finished(self) -> None:
        name = self._head.name
        if name not in self._known:
            known = ", ".join(sorted(self._known))
            raise bad_field(name[:60], "is not known here", f"send only {known}")
        if name in self._met:
            raise bad_field(name, "is there twice", "send it once")
        self._met.add(name)
        self._sink = self._begun(self._head)

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._sink(data[start:end])

    def _end(self) -> None:
        self._ended = True


def text_of(name: str, content: bytes) -> str:
    """Its text; ProblemError (422) where it is not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise bad_field(
            name, f"is not UTF-8 at byte {error.start + 1}", "send text in UTF-8"
        ) from error


def bad_field(name: str, why: str, mend: str) -> ProblemError:
    """A part that cannot be taken (422)."""
    place = name or "a part without a name"
    return ProblemError(422, f"{place} {why}", place=place, mend=mend)


def _boundary_of(request: Request) -> bytes:
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


def _unread(error: FormParserError) -> ProblemError:
    return _broken(f"the form cannot be read: {error}")


def _broken(why: str) -> ProblemError:
    return ProblemError(400, why, place="body", mend="send a complete form, as curl --form does")
