"""Reads as columns for the engine, and back as they were, to the precision of the columns."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa

from morina.plates import Plate
from morina.records.adapters.clickhouse_schema import SELDOM
from morina.sense import Correction, Evidence, Read, Said, Vehicle
from morina.sense.ids import milliseconds

KeepDays = Callable[[str], int]
"""How many days the reads of a camera (its id) are kept, 1 to 65535."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_PIXELS = 2**15 - 1
_MOST = 2**16 - 1

_READERS = ("said", "own")
_WORDS = ("make", "model", "colour", "vehicle_class", "lane", "direction")

COLUMNS = (
    "id_high", "id_low", "camera_id", "captured_at", "received_after_ms", "plate", "country",
    "country_thousandths", "thousandths", "character_percent", "frames", "overview", "patch",
    "box", "corners", "seldom",
)  # fmt: skip
"""What is selected for ``read_of``, in its order. Each column more is planned and read by itself,
which is most of what a page costs."""

_NOTHING_SELDOM = dict.fromkeys(SELDOM) | {"retransmitted": False, "clock_wrong": False}

SELECTED = ", ".join(COLUMNS)

Columns = dict[str, pa.Array]


def table_of(reads: Sequence[Read], now: datetime, keep_days: KeepDays) -> pa.Table:
    """The rows of ``reads``, at least one; columns nothing is known for are left out."""
    cameras = [read.camera_id for read in reads]
    plates = [read.plate for read in reads]
    ms = _milliseconds([read.captured_at for read in reads])
    columns = _ids(reads, ms) | {
        "camera_id": pa.array(cameras, pa.string()),
        "captured_at": pa.array(ms, pa.timestamp("ms", "UTC")),
        "keep_days": pa.array(map(keep_days, cameras), pa.uint16()),
        "received_after_ms": pa.array(_milliseconds([read.received_at for read in reads]) - ms),
        "stored_after_ms": pa.array(_milliseconds([now]) - ms),
        "plate": pa.array([plate.text if plate else "" for plate in plates]),
        "country": pa.array([(plate and plate.country) or "" for plate in plates]),
        "country_thousandths": _thousandths([read.country_probability for read in reads]),
        "thousandths": _thousandths([read.confidence for read in reads]),
        "character_percent": _percent([read.character_confidences for read in reads]),
        "frames": _whole([read.frames for read in reads], 1, np.uint16, _MOST),
        "retransmitted": pa.array([read.retransmitted for read in reads]),
        "clock_wrong": pa.array([read.clock_wrong for read in reads]),
    }
    return pa.table(columns | _seldom(reads))


def _milliseconds(times: Sequence[datetime]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Full milliseconds since 1970; a microsecond is exact in the seconds until the year 2112."""
    seconds = np.fromiter(((at - _UNIX).total_seconds() for at in times), np.float64, len(times))
    found: np.ndarray[Any, np.dtype[np.int64]] = np.rint(seconds * 1e6).astype(np.int64) // 1000
    return found


def _ids(reads: Sequence[Read], ms: np.ndarray[Any, np.dtype[np.int64]]) -> Columns:
    raw = b"".join([read.read_id.int.to_bytes(16) for read in reads])
    halves = np.frombuffer(raw, ">u8").reshape(-1, 2).astype(np.uint64)
    beyond = halves[:, 0] - (ms.astype(np.uint64) << np.uint64(16))
    return {"id_high": pa.array(beyond), "id_low": pa.array(halves[:, 1])}


def _whole(values: Sequence[float], times: int, kind: Any, most: int, least: int = 0) -> pa.Array:
    """Values brought to whole parts within what the column holds; what is no number becomes 0."""
    parts = np.nan_to_num(np.asarray(values, np.float64)) * times
    return pa.array(np.clip(np.rint(parts), least, most).astype(kind))


def _lists(given: Sequence[Sequence[Any]], values: pa.Array) -> pa.Array:
    ends = np.cumsum(np.fromiter(map(len, given), np.int32, len(given)), dtype=np.int32)
    offsets = pa.array(np.concatenate((np.zeros(1, np.int32), ends)))
    return pa.ListArray.from_arrays(offsets, values)


def _percent(characters: Sequence[Sequence[float]]) -> pa.Array:
    return _lists(characters, _whole(list(chain.from_iterable(characters)), 100, np.uint8, 100))


def _thousandths(values: Sequence[float]) -> pa.Array:
    return _whole(values, 1000, np.uint16, 1000)


def _seldom(reads: Sequence[Read]) -> Columns:
    """The columns that all reads of many a batch have nothing for."""
    columns: Columns = {}
    if any(read.evidence for read in reads):
        columns |= _evidence([read.evidence for read in reads])
    if any(read.clock_offset_s is not None for read in reads):
        columns["clock_offset_s"] = _float32(read.clock_offset_s for read in reads)
    for whose in _READERS:
        words = [getattr(read, whose) for read in reads]
        if any(words):
            columns |= _said(whose, words)
    candidates = [read.said.candidates if read.said else () for read in reads]
    if any(candidates):
        columns["said_candidates"] = pa.array(candidates, pa.list_(pa.string()))
    if any(read.vehicle for read in reads):
        columns |= _vehicles([read.vehicle for read in reads])
    return columns


def _evidence(kept: Sequence[Evidence | None]) -> Columns:
    corners = [tuple(one.corners) if one else () for one in kept]
    boxes = [tuple(one.box) if one else () for one in kept]
    x, y = (
        _pixels([corner[of] for corner in chain.from_iterable(corners)]) for of in (0, 1)
    )  # fmt: skip
    pairs = pa.StructArray.from_arrays([x, y], ["1", "2"])
    return {
        "overview_hash": pa.array([_hash(one.overview) if one else b"" for one in kept]),
        "patch_hash": pa.array([_hash(one.patch) if one else b"" for one in kept]),
        "box": _lists(boxes, _pixels(tuple(chain.from_iterable(boxes)))),
        "corners": _lists(corners, pairs),
    }


def _hash(name: str) -> bytes:
    return bytes.fromhex(name)


def _pixels(values: Sequence[float]) -> pa.Array:
    return _whole(values, 1, np.int16, _MOST_PIXELS, -_MOST_PIXELS)


def _float32(values: Iterable[float | None]) -> pa.Array:
    return pa.array(list(values), pa.float32())


def _said(whose: str, words: Sequence[Said | None]) -> Columns:
    return {
        f"{whose}_by": pa.array([one.by if one else "" for one in words]),
        f"{whose}_text": pa.array([(one and one.text) or "" for one in words]),
        f"{whose}_country": pa.array([(one and one.country) or "" for one in words]),
        f"{whose}_confidence": _float32(one.confidence if one else None for one in words),
    }


def _vehicles(vehicles: Sequence[Vehicle | None]) -> Columns:
    columns = {
        name: pa.array([(one and getattr(one, name)) or "" for one in vehicles]) for name in _WORDS
    }
    speeds = [(one and one.speed_kmh) or 0.0 for one in vehicles]
    return columns | {"speed_kmh": _whole(speeds, 1, np.uint16, _MOST)}


def read_of(row: Sequence[Any]) -> Read:
    """A read from its row, in the order of COLUMNS."""
    named = dict(zip(COLUMNS, row, strict=True))
    seldom = _seldom_of(named["seldom"])
    captured_at = named["captured_at"].replace(tzinfo=UTC)
    return Read(
        read_id=_id_of(captured_at, named["id_high"], named["id_low"]),
        camera_id=named["camera_id"],
        captured_at=captured_at,
        received_at=captured_at + timedelta(milliseconds=named["received_after_ms"]),
        plate=Plate(named["plate"], named["country"] or None) if named["plate"] else None,
        confidence=named["thousandths"] / 1000,
        character_confidences=tuple(percent / 100 for percent in named["character_percent"]),
        country_probability=named["country_thousandths"] / 1000,
        frames=named["frames"],
        evidence=_evidence_of(named),
        retransmitted=seldom["retransmitted"],
        clock_offset_s=_thousandth(seldom["clock_offset_s"]),
        clock_wrong=seldom["clock_wrong"],
        said=_said_of(seldom, "said"),
        own=_said_of(seldom, "own"),
        vehicle=_vehicle_of(seldom),
        correction=_correction_of(seldom),
    )


def _seldom_of(kept: str) -> Mapping[str, Any]:
    return dict(zip(SELDOM, json.loads(kept), strict=True)) if kept else _NOTHING_SELDOM


def _id_of(captured_at: datetime, high: int, low: int) -> UUID:
    """The reverse of ``_ids``."""
    return UUID(int=(high + (milliseconds(captured_at) << 16)) % 2**64 << 64 | low)


def _evidence_of(named: Mapping[str, Any]) -> Evidence | None:
    if not named["overview"]:
        return None
    x0, y0, x1, y1 = named["box"] or (0, 0, 0, 0)
    corners = tuple((x, y) for x, y in named["corners"])
    patch = named["patch"] or named["overview"]
    return Evidence(named["overview"], patch, (x0, y0, x1, y1), corners)


def _said_of(named: Mapping[str, Any], whose: str) -> Said | None:
    if not named[f"{whose}_by"]:
        return None
    return Said(
        by=named[f"{whose}_by"],
        text=named[f"{whose}_text"] or None,
        country=named[f"{whose}_country"] or None,
        confidence=_thousandth(named[f"{whose}_confidence"]),
        candidates=tuple(named.get(f"{whose}_candidates", ())),
    )


def _vehicle_of(named: Mapping[str, Any]) -> Vehicle | None:
    return Vehicle.of(
        speed_kmh=named["speed_kmh"] or None, **{word: named[word] for word in _WORDS}
    )


def _correction_of(named: Mapping[str, Any]) -> Correction | None:
    if not (at := named["corrected_at"]):
        return None
    return Correction(
        from_text=named["corrected_from"] or None,
        from_country=named["corrected_from_country"] or None,
        by=named["corrected_by"],
        at=datetime.fromtimestamp(at, UTC),
    )


def _thousandth(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
