"""MAVLink .tlog: what a ground station heard from an aircraft.

``GLOBAL_POSITION_INT.alt`` is above mean sea level by the protocol; which geoid the receiver used
is not said, EGM96 is taken and noted. The camera's yaw is ``GIMBAL_DEVICE_ATTITUDE_STATUS`` or
``MOUNT_ORIENTATION``, with the heading of ``ATTITUDE`` added where it counts from the nose. Time
stamps are the ground station's, UTC. Seconds count from the first position: no message kept here
says when the video began.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pymavlink.dialects.v20 import common

from morina.sense.aerial.sources.mavlink_packets import messages
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

SPREAD = Spread(
    horizontal_m=3.0, vertical_m=5.0, yaw_deg=3.0, pitch_deg=1.0, roll_deg=1.0, view_share=0.02
)
"""Of a plain GPS and compass; these messages state no accuracy."""

WITHIN_S = 0.5
"""A gimbal's word older than this says nothing of a moment."""

_EARTH = common.GIMBAL_DEVICE_FLAGS_YAW_IN_EARTH_FRAME
_NOSE = common.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME
_LOCK = common.GIMBAL_DEVICE_FLAGS_YAW_LOCK


@dataclass(slots=True)
class _Said:
    """What was said, each with its times."""

    times: list[float] = field(default_factory=list)
    what: list[Any] = field(default_factory=list)

    def add(self, at: float, what: Any) -> None:
        """Later than all before, or passed over: a clock set back orders nothing."""
        if not self.times or at >= self.times[-1]:
            self.times.append(at)
            self.what.append(what)

    def near(self, at: float) -> Any | None:
        """None where nothing was said within ``WITHIN_S``."""
        return nearest(self.times, self.what, at, WITHIN_S)


def flight(content: bytes, *, view: tuple[float, float] | None = None) -> Flight:
    """Of a whole file. TelemetryError where no aircraft says its position."""
    said, others = _heard(content)
    positions = said["GLOBAL_POSITION_INT"]
    if not positions.times:
        raise TelemetryError(
            "whole file", "no GLOBAL_POSITION_INT with a fix",
            "bring the log of a ground station that heard the aircraft fly",
        )  # fmt: skip
    began = positions.times[0]
    moments = [
        _moment(at, at - began, message, said, view)
        for at, message in zip(positions.times, positions.what, strict=True)
    ]
    return Flight(
        source="mavlink_tlog",
        telemetry=tuple(moments),
        takeoff=_takeoff(positions.what[0]),
        lacks=_lacks(moments),
        notes=_notes(others),
    )


def _heard(content: bytes) -> tuple[dict[str, _Said], int]:
    """Messages by name, of the aircraft heard first; how many positions of others there were."""
    said = {name: _Said() for name in _KINDS}
    mine, others = None, 0
    waiting: list[tuple[float, Any]] = []
    for at, message in messages(content):
        name = message.get_type()
        if name == "GLOBAL_POSITION_INT" and _is_fix(message):
            mine = message.get_srcSystem() if mine is None else mine
            others += message.get_srcSystem() != mine
        elif name == "GLOBAL_POSITION_INT":
            continue
        waiting.append((at, message))
    for at, message in waiting:
        if message.get_srcSystem() == mine:
            said[message.get_type()].add(at, message)
    return said, others


_KINDS = (
    "GLOBAL_POSITION_INT",
    "ATTITUDE",
    "MOUNT_ORIENTATION",
    "GIMBAL_DEVICE_ATTITUDE_STATUS",
    "CAMERA_FOV_STATUS",
)


def _is_fix(message: Any) -> bool:
    return (message.lat, message.lon) != (0, 0) and (
        abs(message.lat) <= 90e7 and abs(message.lon) <= 180e7
    )


def _moment(
    at: float,
    at_s: float,
    message: Any,
    said: dict[str, _Said],
    view: tuple[float, float] | None,
) -> Telemetry:
    return Telemetry(
        at_s=at_s,
        at=datetime.fromtimestamp(at, UTC),
        latitude=message.lat / 1e7,
        longitude=message.lon / 1e7,
        height=Height(message.alt / 1000, HeightDatum.EGM96),
        spread=SPREAD,
        camera=_camera(at, said),
        view=view or _view(said["CAMERA_FOV_STATUS"].near(at)),
    )


def _camera(at: float, said: dict[str, _Said]) -> Angles | None:
    """The gimbal's own word first, then the mount's; None where the heading it needs is missing."""
    attitude = said["ATTITUDE"].near(at)
    heading = math.degrees(attitude.yaw) if attitude else None
    if gimbal := said["GIMBAL_DEVICE_ATTITUDE_STATUS"].near(at):
        return _of_gimbal(gimbal, heading)
    if mount := said["MOUNT_ORIENTATION"].near(at):
        return _of_mount(mount, heading)
    return None


def _of_gimbal(gimbal: Any, heading: float | None) -> Angles | None:
    """Without a flag of its frame, a locked yaw counts from north, otherwise from the nose."""
    camera = angles_of(*gimbal.q)
    if camera is None:
        return None
    flags = gimbal.flags
    if flags & _EARTH or (flags & _LOCK and not flags & _NOSE):
        return camera
    return turned(camera, heading) if heading is not None else None


def _of_mount(mount: Any, heading: float | None) -> Angles | None:
    """``yaw_absolute`` is NaN where the mount does not know it."""
    said = (mount.yaw, mount.pitch, mount.roll)
    if not all(math.isfinite(value) and abs(value) <= 360 for value in said):
        return None
    if math.isfinite(mount.yaw_absolute) and abs(mount.yaw_absolute) <= 360:
        return Angles(mount.yaw_absolute % 360, mount.pitch, mount.roll)
    return turned(Angles(*said), heading) if heading is not None else None


def _view(status: Any | None) -> tuple[float, float] | None:
    """Degrees; NaN says unknown."""
    if status and 0 < status.hfov < 180 and 0 < status.vfov < 180:
        return status.hfov, status.vfov
    return None


def _takeoff(message: Any) -> Height:
    """``relative_alt`` counts from home, which is set where the aircraft was armed."""
    return Height((message.alt - message.relative_alt) / 1000, HeightDatum.EGM96)


def _lacks(moments: Sequence[Telemetry]) -> tuple[str, ...]:
    told = [
        ("gimbal angles", all(m.camera is None for m in moments)),
        ("field of view", all(m.view is None for m in moments)),
        ("when the video began", True),
    ]
    return tuple(word for word, lacking in told if lacking)


def _notes(others: int) -> tuple[str, ...]:
    notes = ["mean sea level taken as EGM96: the log does not say which"]
    if others:
        notes.append(f"{others} positions of other aircraft passed over")
    return tuple(notes)
