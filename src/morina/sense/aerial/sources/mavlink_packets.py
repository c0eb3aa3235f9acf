"""A MAVLink .tlog: time stamps and the few messages that say where a camera was. Pure.

Each message stands behind its time: eight bytes, microseconds since 1970, big-endian, as MAVProxy,
QGroundControl and Mission Planner write it. Messages are decoded by pymavlink, which checks them.
"""

import struct
from collections.abc import Iterator
from typing import Any

from pymavlink.dialects.v20 import common

EARLIEST_US = 946_684_800_000_000
"""2000; a stamp outside this and ``LATEST_US`` is no stamp."""

LATEST_US = 4_102_444_800_000_000
WANTED = {
    common.MAVLINK_MSG_ID_ATTITUDE: "ATTITUDE",
    common.MAVLINK_MSG_ID_GLOBAL_POSITION_INT: "GLOBAL_POSITION_INT",
    common.MAVLINK_MSG_ID_MOUNT_ORIENTATION: "MOUNT_ORIENTATION",
    common.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS: "GIMBAL_DEVICE_ATTITUDE_STATUS",
    common.MAVLINK_MSG_ID_CAMERA_FOV_STATUS: "CAMERA_FOV_STATUS",
}
_SIGNED = 0x01


def is_stamped(content: bytes) -> bool:
    """Whether bytes begin as a .tlog does."""
    return _length(content, 0) is not None


def messages(content: bytes) -> Iterator[tuple[float, Any]]:
    """Seconds since 1970 and a decoded message, of those wanted; what is broken is skipped."""
    reader = common.MAVLink(None)
    at = 0
    while at + 16 <= len(content):
        length = _length(content, at)
        if length is None:
            at += 1
            continue
        (stamp,) = struct.unpack_from(">Q", content, at)
        packet = content[at + 8 : at + 8 + length]
        at += 8 + length
        if _number(packet) not in WANTED:
            continue
        try:
            yield stamp / 1e6, reader.decode(bytearray(packet))
        except common.MAVError:
            at -= length + 7


def _length(content: bytes, at: int) -> int | None:
    """Of the message behind the stamp at ``at``; None where there is none, or not all of it."""
    if at + 16 > len(content):
        return None
    (stamp,) = struct.unpack_from(">Q", content, at)
    if not EARLIEST_US <= stamp <= LATEST_US:
        return None
    mark, size, flags = content[at + 8], content[at + 9], content[at + 10]
    if mark == common.PROTOCOL_MARKER_V2:
        length = 12 + size + (13 if flags & _SIGNED else 0)
    elif mark == common.PROTOCOL_MARKER_V1:
        length = 8 + size
    else:
        return None
    return length if at + 8 + length <= len(content) else None


def _number(packet: bytes) -> int:
    if packet[0] == common.PROTOCOL_MARKER_V2:
        return int.from_bytes(packet[7:10], "little")
    return packet[5]
