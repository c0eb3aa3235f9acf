"""What a camera's payload becomes, as JSON for a technician to look at."""

from collections.abc import Mapping
from datetime import UTC, datetime

from morina.sense.cameras.reports import Heartbeat, Report

Json = str | float | bool | list["Json"] | dict[str, "Json"] | None

ALWAYS = ("plate_raw", "captured_at", "country", "retransmitted")
"""Printed even where there is nothing; of the rest only what the payload says."""

PLAIN = (
    "direction", "lane", "make", "model", "colour", "vehicle_class", "source_id", "track_key",
    "parent",
)  # fmt: skip
NUMBERS = ("confidence", "country_confidence", "direction_deg", "speed_kmh")


def report_as_json(report: Report | Heartbeat) -> dict[str, Json]:
    """One report or heartbeat as a JSON object; images by name and size, not their bytes.

    ``plate_norm`` is the plate in ``plate_raw``, null for an unread passage.
    """
    if isinstance(report, Heartbeat):
        return {"kind": "heartbeat", "what": report.what, "camera_key": _object(report.camera_key)}
    printed: dict[str, Json] = {
        "plate_raw": report.plate_raw,
        "plate_norm": report.text,
        "captured_at": _instant(report.captured_at),
        "country": report.country,
        "retransmitted": report.retransmitted,
    }
    printed |= {name: getattr(report, name) for name in (*PLAIN, "event", "cursor")}
    printed |= {name: _number(getattr(report, name)) for name in NUMBERS}
    printed |= {
        "char_confidence": [_number(one) for one in report.char_confidence],
        "candidates": list(report.candidates),
        "plate_box": [_number(one) for one in report.plate_box or ()],
        "provisional": report.provisional,
        "camera_key": _object(report.camera_key),
        "images": [image.name for image in report.images],
        "image_bytes": [len(image.content) for image in report.images],
        "doubts": list(report.doubts),
    }
    shown = (*ALWAYS, "plate_norm")
    return {name: value for name, value in printed.items() if name in shown or _is_said(value)}


def _is_said(value: Json) -> bool:
    return value is not None and value is not False and value not in ("", [], {})


def _instant(at: datetime | None) -> str | None:
    if at is None:
        return None
    precision = "microseconds" if at.microsecond % 1000 else "milliseconds"
    spec = precision if at.microsecond else "seconds"
    return at.astimezone(UTC).isoformat(timespec=spec).replace("+00:00", "Z")


def _number(value: float | None) -> float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else round(value, 6)


def _object(key: Mapping[str, str]) -> dict[str, Json]:
    return dict(key)
