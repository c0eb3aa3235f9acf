"""Captured payloads of every maker, what they must become, and the makers themselves."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from morina.sense.cameras import adapters
from morina.sense.cameras.reports import Maker, Setup
from morina.wiring.decoding import headers_of

PAYLOADS = Path(__file__).parent.parent / "sense" / "cameras" / "payloads"


@dataclass(frozen=True)
class Captured:
    """One payload file of ``payloads/<maker>/`` and its entry in ``expected.json`` beside it.

    An entry has the keys ``report_as_json`` gives. Besides: ``given`` (timezone, confidence_scale,
    mapping, headers), ``same_as`` (another file's entry, with this one's changes), ``reads`` (an
    entry a report), ``reply``, ``absent`` (keys that must not be there), ``doubts`` and ``error``
    (parts of what is said).
    """

    maker: Maker
    name: str
    payload: bytes
    headers: dict[str, str]
    setup: Setup
    expected: dict[str, Any]


def makers() -> dict[str, Maker]:
    """Every adapter that decodes payloads, by its module's name."""
    found = {}
    for module in pkgutil.iter_modules(adapters.__path__):
        loaded = importlib.import_module(f"{adapters.__name__}.{module.name}")
        if hasattr(loaded, "MAKER"):
            found[module.name] = loaded.MAKER
    return found


def captured() -> Iterator[Captured]:
    """Every captured payload."""
    for name, maker in makers().items():
        entries = expectations(name)
        for file, entry in entries.items():
            yield _captured(maker, PAYLOADS / name / file, _resolved(entry, entries))


def expectations(maker: str) -> dict[str, dict[str, Any]]:
    """What the payloads of ``maker`` must become, by file name; nothing where none are captured."""
    file = PAYLOADS / maker / "expected.json"
    return json.loads(file.read_text()) if file.is_file() else {}


def _resolved(entry: dict[str, Any], entries: dict[str, Any]) -> dict[str, Any]:
    if "same_as" not in entry:
        return entry
    own = {key: value for key, value in entry.items() if key != "same_as"}
    return _resolved(entries[entry["same_as"]], entries) | own


def _captured(maker: Maker, file: Path, entry: dict[str, Any]) -> Captured:
    given = entry.get("given", {})
    payload = file.read_bytes()
    return Captured(
        maker=maker,
        name=file.name,
        payload=payload,
        headers=headers_of(file, payload) | given.get("headers", {}),
        setup=Setup(
            timezone=ZoneInfo(given["timezone"]) if "timezone" in given else None,
            confidence_scale=given.get("confidence_scale"),
            mapping=given.get("mapping", {}),
        ),
        expected=entry,
    )
