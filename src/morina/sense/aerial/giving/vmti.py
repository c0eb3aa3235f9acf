"""What is seen in one picture as moving target indications, MISB ST 0903.6, by tstrans.

A target is a number within its sortie, a box, how sure the detector is and, where that is known, a
place with its error. No picture of it and nothing of how it looks is in it (no VChip, no colour).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from tstrans.exceptions import KlvEncodeError
from tstrans.klv import (
    CoreId,
    IdType,
    VmtiLs,
    VTargetPack,
    encode_core_id,
    encode_vmti_standalone_strict_compliance,
    encode_vmti_strict_compliance,
)

from morina.sense.aerial.detection import Box, Detection
from morina.sense.aerial.ground import Place
from morina.sense.aerial.track import Track, TrackPoint

SYSTEM, VERSION = "Morina", 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOVES_MS = 0.5
"""Metres a second below which a target is said to stand."""

_MOVING, _STANDING = 1, 3
_SIGMA_MOST = 650.0
"""The largest standard deviation that ST 0903 can say, metres."""


HeightOf = Callable[[Box], tuple[float, float] | None]
"""The ground's height above the ellipsoid under a box, and its standard deviation, metres. None
where it is not known; the target then has no place, as ST 0903 knows none without a height."""


class VmtiError(ValueError):
    """What cannot be said as ST 0903; the text says what, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing in one picture. ``number`` from 1, the same in every picture of its sortie.

    ``share`` is the detector's confidence, 0 to 1; ``place`` None where it is not known. ``status``
    of the standard's table is said only with a place, as the standard wants.
    """

    number: int
    box: Box
    share: float
    status: int = _MOVING
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The picture: when it was taken, its size in pixels, its field of view, its sortie.

    Where the standard wants an id of the sensor (MISB ST 1204) a virtual one stands, made of the
    sortie's: no id of an aircraft or a camera is given away.
    """

    at: datetime
    width: int
    height: int
    view: tuple[float, float]
    sortie_id: UUID
    sensor: str = ""


def targets_of(detections: Sequence[Detection]) -> tuple[Target, ...]:
    """Of detections of one picture alone, numbered as they come."""
    return tuple(
        Target(number=n, box=one.box, share=one.confidence)
        for n, one in enumerate(detections, start=1)
    )


def targets_at(tracks: Sequence[Track], at_s: float, height: HeightOf) -> tuple[Target, ...]:
    """Of the tracks of one sortie seen in the picture at ``at_s``, each numbered by its place among
    them. The place is the track's, filtered; tracks hold no height, ``height`` gives it."""
    seen = ((n, one, _point(one, at_s)) for n, one in enumerate(tracks, start=1))
    return tuple(
        Target(
            number=n, box=point.box, share=track.share, place=_placed(point, height(point.box)),
            status=_MOVING if point.speed_ms >= _MOVES_MS else _STANDING,
        )
        for n, track, point in seen
        if point is not None and point.box is not None
    )  # fmt: skip


def packet(frame: Frame, targets: Sequence[Target], *, inside: bool = False) -> bytes:
    """A packet of its own, or the value of item 74 of an ST 0601 packet (``inside``). VmtiError."""
    said = VmtiLs(
        precision_time_stamp=(frame.at - _EPOCH) // timedelta(microseconds=1),
        vmti_system_name=SYSTEM, version_number=VERSION,
        total_targets_in_frame=len(targets), num_targets_reported=len(targets),
        frame_width=frame.width, frame_height=frame.height, source_sensor=frame.sensor or None,
        horizontal_fov=frame.view[0], vertical_fov=frame.view[1],
        miis_id=_miis(frame.sortie_id),
        targets=tuple(_pack(frame, one) for one in targets),
    )  # fmt: skip
    if len({one.number for one in targets}) < len(targets):
        raise VmtiError("two targets bear one number; give them different ones")
    encode = encode_vmti_strict_compliance if inside else encode_vmti_standalone_strict_compliance
    try:
        return encode(said)
    except KlvEncodeError as error:
        raise VmtiError(f"{error}; look at the picture's size and field of view") from None


def _placed(point: TrackPoint, height: tuple[float, float] | None) -> Place | None:
    if height is None:
        return None
    return Place(
        latitude=point.latitude, longitude=point.longitude, height_m=height[0],
        covariance=point.covariance, height_sd_m=height[1], range_m=0.0,
    )  # fmt: skip


def _point(track: Track, at_s: float) -> TrackPoint | None:
    return next((point for point in track.points if abs(point.at_s - at_s) < 1e-3), None)


def _pack(frame: Frame, one: Target) -> VTargetPack:
    left, top, right, bottom = one.box
    return VTargetPack(
        target_id=one.number,
        centroid_pixel=_pixel(frame, (left + right) / 2, (top + bottom) / 2),
        bbox_top_left_pixel=_pixel(frame, left, top),
        bbox_bottom_right_pixel=_pixel(frame, right - 1, bottom - 1),
        confidence_level=round(100 * min(1.0, max(0.0, one.share))),
        detection_status=one.status if one.place else None,
        target_location=_location(one.place) if one.place else None,
    )


def _miis(sortie_id: UUID) -> bytes:
    sensor = (IdType.VIRTUAL, uuid5(sortie_id, SYSTEM).bytes)
    return encode_core_id(CoreId(1, sensor=sensor))


def _pixel(frame: Frame, across: float, down: float) -> int:
    """Numbered from 1 at the upper left, row by row."""
    column = min(frame.width - 1, max(0, math.floor(across)))
    row = min(frame.height - 1, max(0, math.floor(down)))
    return row * frame.width + column + 1


def _location(place: Place) -> bytes:
    """Location pack: place, standard deviations, and correlations, of which only that of east and
    north is known here."""
    ee, en, nn = place.covariance
    east, north = (min(_SIGMA_MOST, math.sqrt(max(part, 0.0))) for part in (ee, nn))
    rho = min(1.0, max(-1.0, en / math.sqrt(ee * nn))) if ee > 0 and nn > 0 else 0.0
    return b"".join((
        mapped(place.latitude, -90, 90, 4), mapped(place.longitude, -180, 180, 4),
        mapped(place.height_m, -900, 19_000, 2),
        *(mapped(part, 0, _SIGMA_MOST, 2)
          for part in (east, north, min(_SIGMA_MOST, place.height_sd_m))),
        *(mapped(part, -1, 1, 2) for part in (rho, 0.0, 0.0)),
    ))  # fmt: skip


def mapped(value: float, least: float, most: float, octets: int) -> bytes:
    """A number as IMAPB of MISB ST 1201, section 7. VmtiError outside its limits."""
    if not least <= value <= most:
        raise VmtiError(f"{value:g} is not {least:g} to {most:g}; look at the place")
    power = 8 * octets - 1 - math.ceil(math.log2(most - least))
    scale = 2.0**power
    offset = scale * least - math.floor(scale * least) if least < 0 < most else 0.0
    return math.trunc(scale * (value - least) + offset).to_bytes(octets, "big")
