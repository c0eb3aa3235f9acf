"""Sorties kept in a test's database and folder, over flat invented ground."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
from numpy.typing import NDArray
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial import (
    Angles,
    Flight,
    Footprint,
    ObjectKind,
    Place,
    Pose,
    Spread,
    Telemetry,
    TelemetryError,
    Track,
    TrackPoint,
)
from morina.sense.aerial.adapters.postgres_sorties import PostgresSorties, SortieParts
from morina.sense.aerial.adapters.postgres_sorties_forgetting import SortieForgetting
from morina.sense.aerial.adapters.postgres_sorties_looked import PostgresLooked
from morina.sense.aerial.adapters.postgres_sorties_work import PostgresSortieWork
from morina.sense.aerial.adapters.reviews_forgetting import ReviewsForgetting
from morina.sense.aerial.adapters.sortie_folder import SortieFolder
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.sources.told import Handed, Told

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
SPREAD = Spread(horizontal_m=2, vertical_m=3, yaw_deg=1, pitch_deg=0.5, roll_deg=0.5)
LATITUDE, LONGITUDE = 10.0, 20.0
TRACK_ID = UUID(int=7)


@dataclass
class FlatGround:
    """Straight-down views: a place is where it lies in the square of the footprint."""

    hidden: set[tuple[float, float]] = field(default_factory=set)

    def pose(self, flight: Flight, moment: Telemetry) -> Pose:
        raise NotImplementedError

    def places(self, pose: Pose, at: NDArray[np.float64]) -> Sequence[Place | None]:
        raise NotImplementedError

    def footprint(self, pose: Pose, at_s: float) -> Footprint | None:
        raise NotImplementedError

    def pixel(self, pose: Pose, latitude: float, longitude: float) -> tuple[float, float] | None:
        if (latitude, longitude) in self.hidden:
            return None
        across = (longitude - pose.longitude) / 0.002 + 0.5
        down = (pose.latitude - latitude) / 0.002 + 0.5
        return (across, down) if 0 <= across <= 1 and 0 <= down <= 1 else None


@dataclass
class Kept:
    """What a test works with."""

    pool: AsyncConnectionPool
    sorties: PostgresSorties
    work: PostgresSortieWork
    log: PostgresConsultations
    folder: Path
    ground: FlatGround
    told: list[Told]
    handed: list[Handed]

    def files(self) -> list[Path]:
        """All that lie with sorties."""
        return [one for one in self.folder.rglob("*") if one.is_file()]

    def begins(self, at: datetime | None) -> None:
        """What telemetry that comes from now on says of its beginning."""
        self.told[0] = told(at)

    def hide(self, latitude: float, longitude: float) -> None:
        """Put terrain before a place."""
        self.ground.hidden.add((latitude, longitude))


def told(began_at: datetime | None = None) -> Told:
    return Told(source="invented", seconds=10.0, began_at=began_at, lacks=("gimbal angles",))


@asynccontextmanager
async def kept_sorties(pool: AsyncConnectionPool, folder: Path) -> AsyncIterator[Kept]:
    """The whole store; telemetry is well but for what says ``broken``."""
    said, trail, ground = [told()], PostgresTrail(), FlatGround()
    handed: list[Handed] = []
    files = SortieFolder(folder, most_bytes=1_000_000)

    async def read(file: Path, one: Handed) -> Told:
        handed.append(one)
        if file.read_bytes() == b"broken":
            raise TelemetryError(f"{one.name}, line 3", "says no place", "send another")
        return said[0]

    pictures, log = VideoPictures(), PostgresConsultations(pool)
    parts = SortieParts(
        files=files, read=read, pictures=pictures, looked=PostgresLooked(pool, log, ground),
        forgetting=SortieForgetting(pool, trail, files, (ReviewsForgetting(),)),
    )  # fmt: skip
    work = PostgresSortieWork(pool, trail, files)
    try:
        sorties = PostgresSorties(pool, trail, parts)
        yield Kept(pool, sorties, work, log, folder, ground, said, handed)
    finally:
        await pictures.close()


async def sent(content: bytes) -> AsyncIterator[bytes]:
    """As an upload comes."""
    for first in range(0, len(content), 100_000):
        yield content[first : first + 100_000]


def seen_from(frame: int) -> tuple[float, float]:
    """The place straight under the aircraft: it flies north, 0.0005 degrees a second."""
    return LATITUDE + frame / 10 * 0.0005 + 1e-5, LONGITUDE + 1e-5


def moment(frame: int) -> Moment:
    """One picture: 0.002 degrees of ground around the aircraft, the later the sharper."""
    at_s, latitude = frame / 10, round(LATITUDE + frame / 10 * 0.0005, 7)
    south, north = round(latitude - 0.001, 7), round(latitude + 0.001, 7)
    west, east = LONGITUDE - 0.001, LONGITUDE + 0.001
    ring = ((west, north), (east, north), (east, south), (west, south), (west, north))
    pose = Pose(
        latitude=latitude, longitude=LONGITUDE, height_m=620.5, camera=Angles(0.0, -90.0, 0.0),
        view=(60.0, 40.0), spread=SPREAD,
    )  # fmt: skip
    return Moment(
        frame=frame, at_s=at_s, latitude=latitude, longitude=LONGITUDE, height_m=620.5, pose=pose,
        footprint=Footprint(at_s, ring, False, 0.1 - frame / 10_000),
    )  # fmt: skip


def track(sortie_id: UUID, track_id: UUID = TRACK_ID) -> Track:
    """Somebody walking north, not seen in the second picture."""
    points = tuple(
        TrackPoint(
            at_s=second, latitude=LATITUDE + second * 1e-5, longitude=LONGITUDE,
            covariance=(4.0, 0.5, 5.0), speed_ms=1.1, course_deg=0.0,
            box=None if second == 1 else (10.0, 20.0, 14.5, 30.25),
        )
        for second in (0.0, 1.0, 2.0)
    )  # fmt: skip
    return Track(
        track_id=track_id, sortie_id=sortie_id, kind=ObjectKind.PERSON, points=points, agreeing=5,
        share=0.71,
    )  # fmt: skip


def film(file: Path, pictures: int) -> bytes:
    """A video of 10 pictures a second, each 5 grey levels lighter than the one before."""
    video = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 10, (160, 120))
    for number in range(pictures):
        video.write(np.full((120, 160, 3), number * 5, np.uint8))
    video.release()
    return file.read_bytes()
