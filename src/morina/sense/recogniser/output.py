"""Results as a table, JSON lines or CSV, and drawn into pictures."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import cv2
import numpy as np

from morina.plates import Plate, sign_of
from morina.sense.recogniser.evidence import encoded
from morina.sense.recogniser.files import PassageRead, PictureRead, Result
from morina.sense.recogniser.format import Format
from morina.sense.recogniser.lines import Box, Point
from morina.sense.recogniser.reading import Image

CSV_FIELDS = (
    "file", "passage", "plate", "country", "country_probability", "confidence",
    "first_seen_s", "last_seen_s", "best_frame_s", "frames", "x0", "y0", "x1", "y1",
)  # fmt: skip
_TABLE = "{:<32} {:<12} {:<7} {:>10}  {}"
_QUALITY = 90
_GREEN, _BLACK = (0, 220, 0), (0, 0, 0)


def header(format_: Format) -> str | None:
    """The line before the first result, if the format has one."""
    if format_ is Format.TABLE:
        return _TABLE.format("file", "plate", "country", "confidence", "seen")
    return ",".join(CSV_FIELDS) if format_ is Format.CSV else None


def lines_of(result: Result, format_: Format) -> list[str]:
    """One result as printed."""
    return _WRITERS[format_](result)


def _json_lines(result: Result) -> list[str]:
    content = _picture(result) if isinstance(result, PictureRead) else _passage(result)
    return [json.dumps(content, ensure_ascii=False)]


def _picture(result: PictureRead) -> dict[str, object]:
    return {
        "file": result.file,
        "width": result.width,
        "height": result.height,
        "ms": round(result.ms, 1),
        "reads": [
            {
                "plate": read.plate.text,
                "seen": read.seen or read.plate.text,
                "country": read.plate.country,
                "country_probability": round(read.country_probability, 3),
                "confidence": round(read.confidence, 3),
                "character_confidences": [round(c, 3) for c in read.character_confidences],
                "box": [round(c, 1) for c in read.box],
                "corners": [[round(x, 1), round(y, 1)] for x, y in read.corners],
            }
            for read in result.reads
        ],
    }


def _passage(result: PassageRead) -> dict[str, object]:
    passage = result.passage
    return {
        "file": result.file,
        "passage": result.number,
        "plate": passage.plate.text if passage.plate else None,
        "country": passage.plate.country if passage.plate else None,
        "confidence": round(passage.confidence, 3),
        "first_seen_s": round(passage.first_seen_s, 2),
        "last_seen_s": round(passage.last_seen_s, 2),
        "best_frame_s": round(passage.best_frame_s, 2),
        "frames": passage.frames,
        "box": [round(c, 1) for c in passage.box],
    }


def _csv_lines(result: Result) -> list[str]:
    rows: list[list[object]]
    if isinstance(result, PictureRead):
        rows = [
            [result.file, "", *_plate(r.plate, r.country_probability, r.confidence),
             "", "", "", "", *_rounded(r.box)]
            for r in result.reads
        ] or [[result.file, *[""] * (len(CSV_FIELDS) - 1)]]  # fmt: skip
    else:
        p = result.passage
        rows = [
            [result.file, result.number, *_plate(p.plate, p.country_probability, p.confidence),
             f"{p.first_seen_s:.2f}", f"{p.last_seen_s:.2f}", f"{p.best_frame_s:.2f}", p.frames,
             *_rounded(p.box)]
        ]  # fmt: skip
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().splitlines()


def _plate(plate: Plate | None, probability: float, confidence: float) -> list[str]:
    if plate is None:
        return ["", "", "", f"{confidence:.3f}"]
    return [plate.text, plate.country or "", f"{probability:.3f}", f"{confidence:.3f}"]


def _rounded(box: Box) -> list[str]:
    return [f"{coordinate:.1f}" for coordinate in box]


def _table_lines(result: Result) -> list[str]:
    rows: list[tuple[Plate | None, float, str]]
    if isinstance(result, PictureRead):
        rows = [(r.plate, r.confidence, "") for r in result.reads] or [(None, 0.0, "no plate read")]
    else:
        p = result.passage
        seen = f"{p.first_seen_s:.1f} to {p.last_seen_s:.1f} s, {p.frames} frames"
        rows = [(p.plate, p.confidence, seen if p.plate else f"{seen}, plate unread")]
    return [_table_line(result.file, *row) for row in rows]


def _table_line(file: str, plate: Plate | None, confidence: float, seen: str) -> str:
    shown = file if len(file) <= 32 else "\u2026" + file[-31:]
    if plate is None:
        return _TABLE.format(shown, "-", "", "", seen)
    sign = sign_of(plate.country) if plate.country else "?"
    return _TABLE.format(shown, plate.text, sign, f"{confidence:.0%}", seen).rstrip()


_WRITERS: dict[Format, Callable[[Result], list[str]]] = {
    Format.TABLE: _table_lines,
    Format.JSONL: _json_lines,
    Format.CSV: _csv_lines,
}


class DrawingError(Exception):
    """A drawing cannot be written; the message says where and what to do."""


def draw(result: Result, folder: Path) -> None:
    """Write the picture read, with box, corners and text of each plate, into ``folder``.

    Makes the folder; raises DrawingError.
    """
    if isinstance(result, PictureRead):
        image = result.image.copy()
        for read in result.reads:
            _mark(image, read.plate.text, read.box, read.corners)
        name = Path(result.file).stem or "picture"
    else:
        passage = result.passage
        if passage.image is None:
            return
        image = passage.image.copy()
        text = passage.plate.text if passage.plate else "unread"
        _mark(image, text, passage.box, passage.corners)
        name = f"{Path(result.file).stem}-{result.number}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _free_name(folder, name).write_bytes(encoded(image, _QUALITY))
    except OSError as error:
        raise DrawingError(
            f"{folder}: {error.strerror or error}; name a folder you may write to"
        ) from error


def _mark(image: Image, text: str, box: Box, corners: tuple[Point, ...]) -> None:
    x0, y0, x1, y1 = (round(coordinate) for coordinate in box)
    thick = max(1, image.shape[1] // 500)
    cv2.rectangle(image, (x0, y0), (x1, y1), _GREEN, thick)
    if corners:
        cv2.polylines(image, [np.array(corners).round().astype(np.int32)], True, _GREEN, thick)
    size = max(0.5, image.shape[1] / 1200)
    below = (x0, min(image.shape[0] - 4, y1 + round(30 * size)))
    cv2.putText(image, text, below, cv2.FONT_HERSHEY_SIMPLEX, size, _BLACK, 4 * thick)
    cv2.putText(image, text, below, cv2.FONT_HERSHEY_SIMPLEX, size, _GREEN, thick)


def _free_name(folder: Path, name: str) -> Path:
    """A name in ``folder`` nothing has yet; drawings of files named alike are numbered."""
    path, number = folder / f"{name}.jpg", 1
    while path.exists():
        number += 1
        path = folder / f"{name}_{number}.jpg"
    return path
