"""Telemetry out again as MISB ST 0601 packets; ``muxed`` lays them beside a video in MPEG-TS.

For flights that Morina makes itself (rendered ones) and for whoever reads ST 0601: the camera's
angles are given as those of its aircraft and of the camera in it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tstrans.exceptions import KlvEncodeError
from tstrans.klv import UasDatalinkLs, encode_uas_datalink

from morina.sense.aerial.sources.klv_angles import relative
from morina.sense.aerial.sources.klv_splice import muxed
from morina.sense.aerial.telemetry import Angles, HeightDatum, Telemetry, TelemetryError

__all__ = ["LEVEL", "muxed", "packet", "packets"]

LEVEL = Angles(0.0, 0.0, 0.0)

VERSION = 19
"""Of ST 0601 (item 65)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def packet(one: Telemetry, platform: Angles = LEVEL, sensor: str = "") -> bytes:
    """One moment. ``platform``: the way the aircraft points; ``sensor``: its camera's name.

    Its time is UTC, with no leap seconds (item 136: 0). TelemetryError where the moment has no
    clock, or a height above neither the ellipsoid nor mean sea level, as ST 0601 knows no other.
    """
    if one.at is None:
        raise _cannot(one, "has no clock", "give a time with its zone")
    said = UasDatalinkLs(
        timestamp_us=(one.at - _EPOCH) // timedelta(microseconds=1), leap_seconds=0,
        uas_ls_version=VERSION, image_source_sensor=sensor or None,
        image_coordinate_system="Geodetic WGS84",
        sensor_lat_deg=one.latitude, sensor_lon_deg=one.longitude,
    )  # fmt: skip
    said = said.with_(**_height(one), **_told(one), **_pointing(one, platform))
    try:
        return encode_uas_datalink(said)
    except KlvEncodeError as error:
        raise _cannot(one, str(error), "keep to the limits of ST 0601") from error


def packets(
    telemetry: Sequence[Telemetry], platforms: Sequence[Angles] = (), sensor: str = ""
) -> list[tuple[float, bytes]]:
    """Of a flight: (seconds from the first picture, packet). ``platforms``: one a moment, or none
    where the aircraft is taken to be level and to point north."""
    held = platforms or [LEVEL] * len(telemetry)
    pairs = zip(telemetry, held, strict=True)
    return [(one.at_s, packet(one, platform, sensor)) for one, platform in pairs]


def _height(one: Telemetry) -> dict[str, float]:
    match one.height.datum:
        case HeightDatum.ELLIPSOID:
            return {"sensor_ellipsoid_height_extended_m": one.height.metres}
        case HeightDatum.EGM96:
            return {"sensor_alt_m": one.height.metres}
    raise _cannot(one, f"has a height {one.height.datum}", "give one above the ellipsoid or EGM96")


def _told(one: Telemetry) -> dict[str, float]:
    said: dict[str, float] = {}
    if one.told_centre:
        said |= {
            "frame_center_lat_deg": one.told_centre[0],
            "frame_center_lon_deg": one.told_centre[1],
        }
    if one.told_slant_m is not None:
        said["slant_range_m"] = one.told_slant_m
    if one.view:
        said |= {"sensor_hfov_deg": one.view[0], "sensor_vfov_deg": one.view[1]}
    return said


def _pointing(one: Telemetry, platform: Angles) -> dict[str, float]:
    """Items 6 and 7 as far as they reach, as every reader knows them; 90 and 91 beyond."""
    pitch = "platform_pitch_deg" if abs(platform.pitch) <= 20 else "platform_pitch_full_deg"
    roll = "platform_roll_deg" if abs(platform.roll) <= 50 else "platform_roll_full_deg"
    said = {"platform_heading_deg": platform.yaw % 360, pitch: platform.pitch, roll: platform.roll}
    if one.camera:
        in_it = relative(platform, one.camera)
        said |= {
            "sensor_rel_az_deg": in_it.yaw,
            "sensor_rel_el_deg": in_it.pitch,
            "sensor_rel_roll_deg": in_it.roll % 360,
        }
    return said


def _cannot(one: Telemetry, fault: str, mend: str) -> TelemetryError:
    return TelemetryError(f"{one.at_s:.1f} s", f"cannot be said in MISB ST 0601: {fault}", mend)
