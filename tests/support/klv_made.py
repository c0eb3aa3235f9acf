"""Telemetry made up for tests, as packets and beside a small video, and damage done to it."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
from tstrans.klv import UasDatalinkLs, encode_uas_datalink
from tstrans.mpegts import (
    KlvStreamType,
    Muxer,
    MuxerConfig,
    MuxerProgramConfigBuilder,
    Pts90khz,
    VideoCodec,
)

from morina.sense.aerial import Angles, Height, HeightDatum, Spread, Telemetry

BEGAN = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
TIGHT = Spread(horizontal_m=1.0, vertical_m=1.0, yaw_deg=0.1, pitch_deg=0.1, roll_deg=0.1)
_OUT = 1024 * 188


def said(number: int = 0, /, **changes: object) -> bytes:
    """One packet a twenty-fifth of a second after another, with all items Morina reads."""
    record = UasDatalinkLs(
        timestamp_us=1_772_346_600_000_000 + number * 40_000, uas_ls_version=19,
        platform_heading_deg=90.0, platform_pitch_deg=5.0, platform_roll_deg=-10.0,
        sensor_lat_deg=42.1 + number * 1e-4, sensor_lon_deg=20.4, sensor_alt_m=1500.0,
        sensor_hfov_deg=30.0, sensor_vfov_deg=20.0, sensor_rel_az_deg=45.0,
        sensor_rel_el_deg=-30.0, sensor_rel_roll_deg=0.0, slant_range_m=900.0,
        frame_center_lat_deg=42.105, frame_center_lon_deg=20.41, image_source_sensor="EO",
    )  # fmt: skip
    return encode_uas_datalink(record.with_(**changes))


def flown(count: int, rate: float = 25.0) -> list[Telemetry]:
    """A flight whose every moment is fully known."""
    return [
        Telemetry(
            at_s=n / rate, latitude=42.0 + n * 1e-4, longitude=20.5, spread=TIGHT,
            height=Height(1500.0 + n, HeightDatum.ELLIPSOID),
            at=BEGAN + timedelta(seconds=n / rate), camera=Angles(100.0 + n, -40.0, 3.0),
            view=(40.0, 30.0), told_centre=(42.01, 20.51), told_slant_m=1200.0,
        )
        for n in range(count)
    ]  # fmt: skip


def video(path: Path, pictures: int, codec: str = "mp4v") -> bytes:
    """A white ball that crosses grey ground, MPEG-TS, 25 pictures a second."""
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*codec), 25.0, (320, 240)
    )
    for number in range(pictures):
        picture = np.full((240, 320, 3), 90, dtype=np.uint8)
        cv2.circle(picture, (10 + number * 5, 120), 8, (255, 255, 255), -1)
        writer.write(picture)
    writer.release()
    return path.read_bytes()


def transport(
    klv: list[bytes], first_s: float = 10.0, kind: KlvStreamType | None = None, timed: bool = True
) -> bytes:
    """A stream of 25 pictures a second that begins at ``first_s``, each with its packet before it.
    Its pictures are no pictures."""
    programme = (
        MuxerProgramConfigBuilder(1, 0x1000)
        .add_video(0x100, VideoCodec.H264)
        .add_klv(0x101, kind or KlvStreamType.SYNCHRONOUS_METADATA, carries_pts=timed)
        .build()
    )
    muxer = Muxer(MuxerConfig.builder().add_program(programme).build())
    made, out = b"", bytearray(_OUT)
    for number, packet in enumerate(klv):
        at = Pts90khz.from_seconds((first_s + number / 25) % (2**33 / 90_000))
        muxer.push_video(b"\0\0\0\1\x65" + bytes(200), pts=at, key_frame=True)
        muxer.push_klv(packet, pts=at)
        made += bytes(out[: muxer.pull(out)])
    return made


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Bits turned, bytes cut out, put in, doubled, or the end cut off: one to four of these."""
    held = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(held)) if held else 0
        match dice.randrange(5):
            case 0 if held:
                held[at] ^= 1 << dice.randrange(8)
            case 1 if held:
                held[at] = dice.choice((0, 0x7F, 0x80, 0xFF, dice.randrange(256)))
            case 2:
                del held[at : at + dice.randint(1, 40)]
            case 3:
                held[at:at] = bytes(held[at : at + dice.randint(1, 40)])
            case _:
                del held[dice.randrange(len(held) + 1) :]
    return bytes(held)
