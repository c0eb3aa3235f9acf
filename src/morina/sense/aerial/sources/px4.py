"""PX4 ULog: what an aircraft wrote of its own flight.

``vehicle_global_position`` with its own accuracy; the height above the ellipsoid where it is kept,
otherwise above mean sea level (EGM96 taken). Gimbal angles are
``gimbal_device_attitude_status``; ``mount_orientation`` does not say what its yaw counts from and
is passed over. Seconds count from the first position.
"""

import io
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from pymavlink.dialects.v20 import common
from pyulog.core import ULog
from pyulog.exceptions import ULogException

from morina.sense.aerial.sources.mavlink_turning import angles_of, nearest, turned
from morina.sense.aerial.telemetry import (
    Angles,
    Flight,
    Height,
    HeightDatum,
    Spread,
    Telemetry,
    TelemetryError,
)

TOPICS = (
    "vehicle_global_position",
    "vehicle_attitude",
    "gimbal_device_attitude_status",
    "vehicle_gps_position",
    "mount_orientation",
)
MAGIC = b"ULog\x01\x12\x35"
_DEFINITIONS = b"BFIMPQ"
_DATA_BEGINS = b"ALC"
"""Kinds of messages by the ULog specification: flags, formats, information, parameters; then
subscriptions and logged texts."""

WITHIN_S = 0.5
MEND = "take the log anew from the aircraft"
_EARTH = common.GIMBAL_DEVICE_FLAGS_YAW_IN_EARTH_FRAME
_NOSE = common.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME
_LOCK = common.GIMBAL_DEVICE_FLAGS_YAW_LOCK

_Column = NDArray[np.float64]
_Topic = Mapping[str, _Column]


@dataclass(frozen=True, slots=True)
class _Log:
    """Columns of the topics, ``timestamp`` in seconds since the aircraft started, going up."""

    topics: Mapping[str, _Topic]
    times: Mapping[str, list[float]]

    def quaternion(self, topic: str, at: float) -> tuple[tuple[float, ...], int] | None:
        """The one nearest to a moment, with ``device_flags``; None where none is near."""
        said = self.topics.get(topic)
        if said is None or not all(f"q[{n}]" in said for n in range(4)):
            return None
        found = nearest(self.times[topic], range(len(self.times[topic])), at, WITHIN_S)
        if found is None:
            return None
        flags = int(said["device_flags"][found]) if "device_flags" in said else 0
        return tuple(float(said[f"q[{n}]"][found]) for n in range(4)), flags


def flight(content: bytes, *, view: tuple[float, float] | None = None) -> Flight:
    """Of a whole file. TelemetryError where it is broken or has no position."""
    topics = _topics(content)
    log = _Log(topics, {name: topic["timestamp"].tolist() for name, topic in topics.items()})
    positions = log.topics.get("vehicle_global_position", {})
    missing = [n for n in ("timestamp", "lat", "lon", "alt") if n not in positions]
    if missing:
        raise TelemetryError("vehicle_global_position", f"no {missing[0]} in the log", MEND)
    rows = np.flatnonzero(_is_fix(positions))
    if not rows.size:
        raise TelemetryError("vehicle_global_position", "no position with a fix", MEND)
    clock = _clock(log)
    began = float(positions["timestamp"][rows[0]])
    moments = [_moment(log, int(row), began, clock, view) for row in rows]
    return Flight(
        source="px4_ulog",
        telemetry=tuple(moments),
        lacks=_lacks(moments),
        notes=_notes(log, moments, len(positions["timestamp"]) - len(rows)),
    )


def _check_head(content: bytes) -> None:
    """Walk the definitions: pyulog never ends on some that are damaged."""
    at = len(MAGIC) + 9
    while at < len(content):
        size, kind = int.from_bytes(content[at : at + 2], "little"), content[at + 2 : at + 3]
        if kind and kind in _DATA_BEGINS:
            return
        if not kind or kind not in _DEFINITIONS or at + 3 + size > len(content):
            break
        at += 3 + size
    raise TelemetryError(f"byte {at}", "the definitions of the log are damaged", MEND)


def _topics(content: bytes) -> dict[str, _Topic]:
    """The first instance of each topic wanted."""
    _check_head(content)
    try:
        log = ULog(io.BytesIO(content), list(TOPICS))
        return {
            data.name: _columns(data.data)
            for data in reversed(log.data_list)
            if data.data["timestamp"].size
        }
    except (
        ULogException,
        LookupError,
        ValueError,
        TypeError,
        OverflowError,
        struct.error,
    ) as error:
        raise TelemetryError("ULog", f"it cannot be read ({error})", MEND) from error
    except (AttributeError, EOFError, ZeroDivisionError, MemoryError) as error:
        raise TelemetryError("ULog", "it is broken", MEND) from error


def _columns(data: Mapping[str, NDArray[np.generic]]) -> _Topic:
    columns = {name: np.asarray(values, np.float64) for name, values in data.items()}
    order = np.argsort(columns["timestamp"], kind="stable")
    columns = {name: values[order] for name, values in columns.items()}
    columns["timestamp"] = columns["timestamp"] / 1e6
    return columns


def _is_fix(positions: _Topic) -> NDArray[np.bool_]:
    latitude, longitude, height = positions["lat"], positions["lon"], positions["alt"]
    with np.errstate(invalid="ignore"):
        there = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180) & (np.abs(height) < 1e5)
    fix: NDArray[np.bool_] = there & ((latitude != 0) | (longitude != 0))
    return fix


def _clock(log: _Log) -> datetime | None:
    """When the aircraft started, by its GPS; None where that never knew the time."""
    gps = log.topics.get("vehicle_gps_position", {})
    if "time_utc_usec" not in gps:
        return None
    known = np.flatnonzero(gps["time_utc_usec"] > 0)
    if not known.size:
        return None
    utc, since = gps["time_utc_usec"][known[0]] / 1e6, gps["timestamp"][known[0]]
    try:
        return datetime.fromtimestamp(float(utc - since), UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _moment(
    log: _Log, row: int, began: float, clock: datetime | None, view: tuple[float, float] | None
) -> Telemetry:
    positions = log.topics["vehicle_global_position"]
    since = float(positions["timestamp"][row])
    return Telemetry(
        at_s=since - began,
        at=_zoned(clock, since),
        latitude=float(positions["lat"][row]),
        longitude=float(positions["lon"][row]),
        height=_height(positions, row),
        spread=_spread(positions, row),
        camera=_camera(log, since),
        view=view,
    )


def _zoned(clock: datetime | None, since: float) -> datetime | None:
    try:
        return clock + timedelta(seconds=since) if clock else None
    except OverflowError:
        return None


def _height(positions: _Topic, row: int) -> Height:
    """``alt_ellipsoid`` is nought or the same as ``alt`` where it is not filled."""
    sea = float(positions["alt"][row])
    if "alt_ellipsoid" in positions:
        ellipsoid = float(positions["alt_ellipsoid"][row])
        if math.isfinite(ellipsoid) and 0 < abs(ellipsoid - sea) < 120 and ellipsoid:
            return Height(ellipsoid, HeightDatum.ELLIPSOID)
    return Height(sea, HeightDatum.EGM96)


def _spread(positions: _Topic, row: int) -> Spread:
    """``eph`` and ``epv`` are standard deviations in metres."""
    return Spread(
        horizontal_m=_accuracy(positions, "eph", row, 3.0),
        vertical_m=_accuracy(positions, "epv", row, 5.0),
        yaw_deg=3.0,
        pitch_deg=1.0,
        roll_deg=1.0,
        view_share=0.02,
    )


def _accuracy(positions: _Topic, name: str, row: int, otherwise: float) -> float:
    value = float(positions[name][row]) if name in positions else math.nan
    return value if 0 < value < 1000 else otherwise


def _camera(log: _Log, at: float) -> Angles | None:
    """None where no gimbal speaks, or the heading its yaw counts from is missing."""
    if not (said := log.quaternion("gimbal_device_attitude_status", at)):
        return None
    camera = angles_of(*said[0])
    if camera is None or said[1] & _EARTH or (said[1] & _LOCK and not said[1] & _NOSE):
        return camera
    body = log.quaternion("vehicle_attitude", at)
    heading = angles_of(*body[0]) if body else None
    return turned(camera, heading.yaw) if heading else None


def _lacks(moments: Sequence[Telemetry]) -> tuple[str, ...]:
    told = [
        ("gimbal angles", all(m.camera is None for m in moments)),
        ("field of view", all(m.view is None for m in moments)),
        ("clock with a zone", all(m.at is None for m in moments)),
        ("when the video began", True),
    ]
    return tuple(word for word, lacking in told if lacking)


def _notes(log: _Log, moments: Sequence[Telemetry], passed: int) -> tuple[str, ...]:
    notes = []
    if any(m.height.datum is HeightDatum.EGM96 for m in moments):
        notes.append("mean sea level taken as EGM96: the log does not say which")
    if passed:
        notes.append(f"{passed} positions without a fix passed over")
    if "mount_orientation" in log.topics:
        notes.append("mount_orientation passed over: it does not say what its yaw counts from")
    return tuple(notes)
