"""MAVLink logs, written with pymavlink itself."""

import math
import struct
from datetime import UTC, datetime
from typing import Any

from pymavlink.dialects.v20 import common

BEGAN = datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)
Message = tuple[float, Any]


def log(*said: Message, system: int = 1, v1: bool = False) -> bytes:
    writer = common.MAVLink(None, srcSystem=system)
    stamps = [int((BEGAN.timestamp() + at) * 1e6) for at, _ in said]
    return b"".join(
        struct.pack(">Q", stamp) + message.pack(writer, force_mavlink1=v1)
        for stamp, (_, message) in zip(stamps, said, strict=True)
    )


def place(at: float, lat: float = -41.5, relative: int = 30_000) -> Message:
    message = common.MAVLink_global_position_int_message(
        int(at * 1000), int(lat * 1e7), int(112.25e7), 530_000, relative, 0, 0, 0, 0
    )
    return at, message


def attitude(at: float, yaw: float) -> Message:
    return at, common.MAVLink_attitude_message(
        int(at * 1000), 0.0, 0.0, math.radians(yaw), 0.0, 0.0, 0.0
    )


def mount(at: float, yaw: float, absolute: float) -> Message:
    return at, common.MAVLink_mount_orientation_message(0, 0.5, -30.0, yaw, absolute)


def gimbal(at: float, flags: int, yaw: float, pitch: float) -> Message:
    half_yaw, half_pitch = math.radians(yaw) / 2, math.radians(pitch) / 2
    q = [
        math.cos(half_yaw) * math.cos(half_pitch),
        -math.sin(half_yaw) * math.sin(half_pitch),
        math.cos(half_yaw) * math.sin(half_pitch),
        math.sin(half_yaw) * math.cos(half_pitch),
    ]
    return at, common.MAVLink_gimbal_device_attitude_status_message(
        0, 0, 0, flags, q, 0.0, 0.0, 0.0, 0
    )
