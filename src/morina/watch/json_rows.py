"""The rows of a hotlist file in JSON: an array of objects, each taken with the line it is on."""

import json
import re
from collections.abc import Iterator
from typing import NoReturn

from morina.watch.fields import FIELD_NAMES
from morina.watch.refusal import RowError
from morina.watch.rows import Row, refused, text_of, too_many

_SPACE = re.compile(r"[ \t\n\r]*")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_decoder = json.JSONDecoder(object_pairs_hook=tuple, parse_constant=_no_constant)


def json_rows(content: bytes, most_rows: int) -> Iterator[Row | RowError]:
    """The rows of a JSON file; an element that is no flat object comes as its errors.

    Raises RefusedFileError when the file cannot be taken apart.
    """
    text = text_of(content)
    start = _skip(text, 0)
    if text[start : start + 1] != "[":
        raise refused(_line(text, start), 'no list; write [{"plate": ..., ...}, ...]')
    line, counted = 1, 0
    for rows, (place, element) in enumerate(_elements(text, start + 1), 1):
        line += text.count("\n", counted, place)
        counted = place
        if rows > most_rows:
            raise too_many(line, most_rows)
        yield from _row(line, element)


def _elements(text: str, place: int) -> Iterator[tuple[int, object]]:
    place = _skip(text, place)
    if text[place : place + 1] == "]":
        return _end(text, place)
    while True:
        element, end = _decoded(text, place)
        yield place, element
        end = _skip(text, end)
        match text[end : end + 1]:
            case ",":
                place = _skip(text, end + 1)
            case "]":
                return _end(text, end)
            case _:
                raise refused(_line(text, end), "no comma or ] after a listing; write one")


def _decoded(text: str, place: int) -> tuple[object, int]:
    try:
        return _decoder.raw_decode(text, place)
    except json.JSONDecodeError as broken:
        mend = f"{broken.msg} at column {broken.colno}; mend the JSON there"
        raise refused(broken.lineno, mend) from broken
    except RecursionError:
        mend = "brackets nested too deep; a listing is one flat object"
        raise refused(_line(text, place), mend) from None
    except ValueError as no_number:
        mend = "a number that is none, or too long; write a plain number"
        raise refused(_line(text, place), mend) from no_number


def _end(text: str, place: int) -> None:
    after = _skip(text, place + 1)
    if after != len(text):
        raise refused(_line(text, after), "text after the last ]; take it out")


def _row(line: int, element: object) -> Iterator[Row | RowError]:
    if not isinstance(element, tuple):
        yield RowError(line, "", "", 'no object; write {"plate": ..., ...}')
        return
    cells: dict[str, str] = {}
    errors: list[RowError] = []
    for name, value in element:
        try:
            if name not in FIELD_NAMES:
                raise ValueError(
                    "is no field of a listing; take it out (docs/hotlists.md names them)"
                )
            if name in cells:
                raise ValueError("is there twice; take one out")
            cells[name] = _cell(name, value)
        except ValueError as wrong:
            errors.append(RowError(line, name, "", str(wrong)))
    if errors:
        yield from errors
    else:
        yield Row(line, cells)


def _cell(name: str, value: object) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case int() if name == "priority" and not isinstance(value, bool):
            return str(value)
        case [*markers] if name == "warning_markers":
            if all(isinstance(one, str) and one.strip() and ";" not in one for one in markers):
                return ";".join(map(str, markers))
            raise ValueError("holds what is no marker; write short texts without a semicolon")
    wanted = "a number" if name == "priority" else "text in quotes"
    raise ValueError(f"is not {wanted}; write it so")


def _skip(text: str, place: int) -> int:
    space = _SPACE.match(text, place)
    return space.end() if space else place


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
