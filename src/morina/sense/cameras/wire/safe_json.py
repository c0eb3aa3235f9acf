"""JSON of a bounded size and depth, and its values by path, typed."""

import json
import math
from collections.abc import Mapping
from typing import NoReturn

from morina.sense.cameras.reports import PayloadError
from morina.sense.cameras.wire.texts import LONGEST_FIELD, clean

LONGEST_JSON = 32 * 2**20
DEEPEST = 32
MOST_ITEMS = 1000
LARGEST = 1e18
JsonObject = Mapping[str, object]


def json_of(payload: bytes) -> object:
    """The JSON value ``payload`` holds: UTF-8, with or without a byte order mark.

    Raises PayloadError for anything else, NaN and infinity, and beyond LONGEST_JSON bytes or
    DEEPEST levels.
    """
    if len(payload) > LONGEST_JSON:
        raise PayloadError(f"JSON of more than {LONGEST_JSON} bytes is not taken")
    try:
        text = payload.strip(b"\0 \t\r\n").decode("utf-8-sig")
        value = json.loads(text, parse_constant=_refused)
    except RecursionError as error:
        raise PayloadError(f"JSON of more than {DEEPEST} levels is not taken") from error
    except ValueError as error:
        if isinstance(error, PayloadError):
            raise
        raise PayloadError(f"not JSON ({error}); check the upload format") from error
    _bounded(value)
    return value


def object_of(payload: bytes) -> JsonObject:
    """As ``json_of``, where it must be an object."""
    value = json_of(payload)
    if not isinstance(value, dict):
        raise PayloadError(f"JSON is {_kind(value)} where an object is needed")
    return value


def value_at(obj: JsonObject, path: str) -> object:
    """What is at ``path`` ("Picture.Plate.PlateNumber", "results.0.plate"); None if not there.

    Raises PayloadError where a step on the way is neither object nor list.
    """
    here: object = obj
    for step in path.split("."):
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, list):
            here = here[int(step)] if step.isdecimal() and int(step) < len(here) else None
        elif here is None:
            return None
        else:
            raise PayloadError(f"{path}: {step} is sought in {_kind(here)}")
    return here


def string_at(obj: JsonObject, path: str, longest: int = LONGEST_FIELD) -> str | None:
    """Text at ``path``, a number as its text; None where it is missing or empty."""
    value = value_at(obj, path)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST:
        value = str(value)
    if value is None or isinstance(value, str):
        return clean(value or "", path, longest) or None
    raise PayloadError(f"{path} is {_kind(value)} where text is needed")


def number_at(obj: JsonObject, path: str) -> float | None:
    """Number at ``path``, also as text; None where it is missing or empty text."""
    value = value_at(obj, path)
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            value = float(value[:LONGEST_FIELD])
        except ValueError as error:
            raise PayloadError(f"{path} is text where a number is needed") from error
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST:
        return float(value)
    raise PayloadError(f"{path} is {_kind(value)} where a number is needed")


def object_at(obj: JsonObject, path: str) -> JsonObject | None:
    """Object at ``path``; None where it is missing."""
    value = value_at(obj, path)
    if value is None or isinstance(value, dict):
        return value
    raise PayloadError(f"{path} is {_kind(value)} where an object is needed")


def list_at(obj: JsonObject, path: str) -> list[object]:
    """List at ``path``, empty where it is missing; at most MOST_ITEMS."""
    value = value_at(obj, path)
    if value is None:
        return []
    if isinstance(value, list) and len(value) <= MOST_ITEMS:
        return value
    raise PayloadError(f"{path} is {_kind(value)} where a list of at most {MOST_ITEMS} is needed")


def objects_at(obj: JsonObject, path: str) -> list[JsonObject]:
    """List of objects at ``path``, empty where it is missing."""
    found: list[JsonObject] = []
    for item in list_at(obj, path):
        if not isinstance(item, dict):
            raise PayloadError(f"{path} holds {_kind(item)} where objects are needed")
        found.append(item)
    return found


def _refused(name: str) -> NoReturn:
    raise PayloadError(f"{name} is not a number of JSON")


def _bounded(value: object) -> None:
    level = [value]
    for _ in range(DEEPEST):
        inner = [one for one in level if isinstance(one, dict | list)]
        if not inner:
            return
        level = [v for one in inner for v in (one.values() if isinstance(one, dict) else one)]
    raise PayloadError(f"JSON of more than {DEEPEST} levels is not taken")


def _kind(value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "a number without bounds"
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "empty" if value is None else "a number out of bounds")
