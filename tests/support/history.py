"""Another system's history, invented, in each format; and a node that remembers what it took."""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from morina.records.imports.keeping import RefusedPast, TakenPast
from morina.records.imports.mapping import FileMapping, mapping_of
from morina.records.imports.past import PastRead, read_of
from morina.sense import Read

SINCE = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0) - timedelta(days=20)

CSV_MAPPING = b"""
source = "old-anpr"
[columns]
plate = "REG"
camera = "CAM"
captured_at = ["DATE", "TIME"]
event_id = "ID"
country = "NAT"
confidence = "SURE"
make = "MAKE"
colour = "COLOUR"
speed = "MPH"
[time]
formats = ["%d.%m.%Y %H:%M:%S"]
zone = "Europe/Tirane"
[csv]
delimiter = ";"
encoding = "windows-1250"
[plate]
unread = ["???"]
[confidence]
scale = 100
[speed]
unit = "mph"
[countries]
KS = "XK"
[cameras."Kamera 1"]
camera_id = "north-1"
"""
JSON_MAPPING = b"""
source = "old-anpr"
[columns]
plate = "vehicle.plate"
camera = "camera"
captured_at = "at_ms"
event_id = "id"
country = "vehicle.country"
[time]
epoch = "ms"
"""
PARQUET_MAPPING = JSON_MAPPING.replace(b'epoch = "ms"', b"").replace(b"at_ms", b"at")


def mapping(content: bytes) -> FileMapping:
    return mapping_of(content, "mapping.toml")


def rows(n: int) -> list[dict[str, Any]]:
    """So many passages, a minute apart, one in ten unread."""
    return [
        {
            "id": f"e{number}",
            "plate": "UNKNOWN" if number % 10 == 9 else f"AA{number:03}BC",
            "camera": "north-1",
            "at": SINCE + timedelta(minutes=number),
            "country": "AL",
        }
        for number in range(n)
    ]


def write_jsonl(file: Path, passages: Sequence[dict[str, Any]]) -> Path:
    lines = []
    for one in passages:
        vehicle = {"plate": one["plate"], "country": one["country"]}
        at_ms = round(one["at"].timestamp() * 1000)
        lines.append({"id": one["id"], "camera": one["camera"], "at_ms": at_ms, "vehicle": vehicle})
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def write_parquet(file: Path, passages: Sequence[dict[str, Any]], group: int = 7) -> Path:
    lines = []
    for one in passages:
        vehicle = {"plate": one["plate"], "country": one["country"]}
        lines.append(
            {"id": one["id"], "camera": one["camera"], "at": one["at"], "vehicle": vehicle}
        )
    pq.write_table(pa.Table.from_pylist(lines), file, row_group_size=group)
    return file


def write_csv(file: Path, header: Sequence[str], lines: Sequence[Sequence[object]]) -> Path:
    with file.open("w", newline="", encoding="windows-1250") as stream:
        csv.writer(stream, delimiter=";").writerows([header, *lines])
    return file


class RememberingNode:
    """Keeps by read id as the store does; ``cut_after`` parts it is gone."""

    def __init__(self, cut_after: int = 10**9, unknown: str = "") -> None:
        self.kept: dict[UUID, Read] = {}
        self.parts = 0
        self.cut_after = cut_after
        self.unknown = unknown

    async def take(self, source: str, past: Sequence[PastRead]) -> TakenPast:
        self.parts += 1
        refused = [
            RefusedPast(index=index, field="camera", fault="unknown", mend="add it")
            for index, one in enumerate(past)
            if one.camera_id == self.unknown
        ]
        good = [one for one in past if one.camera_id != self.unknown]
        self.kept |= {read.read_id: read for read in (read_of(one, source) for one in good)}
        if self.parts >= self.cut_after:
            raise KeyboardInterrupt  # as though killed: kept, and nobody was told
        return TakenPast(kept=len(good), refused=tuple(refused))
