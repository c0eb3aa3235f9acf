"""PX4 logs, written byte by byte as the ULog specification has them."""

import math
import struct

FORMATS = {
    "vehicle_global_position": (
        "uint64_t timestamp;double lat;double lon;"
        "float alt;float alt_ellipsoid;float eph;float epv",
        "<Qddffff",
    ),
    "vehicle_attitude": ("uint64_t timestamp;float[4] q", "<Q4f"),
    "gimbal_device_attitude_status": (
        "uint64_t timestamp;float[4] q;uint16_t device_flags",
        "<Q4fH",
    ),
    "vehicle_gps_position": ("uint64_t timestamp;uint64_t time_utc_usec", "<QQ"),
    "mount_orientation": ("uint64_t timestamp;float[3] attitude_euler_angle", "<Q3f"),
}
Said = tuple[str, tuple[float, ...]]


def message(kind: bytes, body: bytes) -> bytes:
    return struct.pack("<Hc", len(body), kind) + body


def log(*said: Said) -> bytes:
    """Header, formats, one subscription each, data."""
    names = list(dict.fromkeys(name for name, _ in said))
    out = b"ULog\x01\x12\x35\x01" + struct.pack("<Q", 0)
    out += message(b"B", bytes(40))
    for name in names:
        out += message(b"F", f"{name}:{FORMATS[name][0]};".encode())
    for number, name in enumerate(names):
        out += message(b"A", struct.pack("<BH", 0, number) + name.encode())
    for name, values in said:
        body = struct.pack(FORMATS[name][1], *values)
        out += message(b"D", struct.pack("<H", names.index(name)) + body)
    return out


def place(
    at_us: int, lat: float = -41.5, alt: float = 530.0, ellipsoid: float = 0.0, eph: float = 1.2
) -> Said:
    return "vehicle_global_position", (at_us, lat, 112.25, alt, ellipsoid, eph, 2.5)


def turn(yaw: float, pitch: float) -> tuple[float, ...]:
    y, p = math.radians(yaw) / 2, math.radians(pitch) / 2
    return (
        math.cos(y) * math.cos(p), -math.sin(y) * math.sin(p),
        math.cos(y) * math.sin(p), math.sin(y) * math.cos(p),
    )  # fmt: skip
