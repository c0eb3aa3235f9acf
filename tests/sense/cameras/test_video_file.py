"""A recorded video played as if it were live, and cameras followed through it."""

import asyncio
from contextlib import aclosing
from itertools import islice
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import pytest
from psycopg_pool import AsyncConnectionPool

from filming import Car, ScriptedRecogniser, filmed
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.records.adapters.obstore import ObstoreImages
from morina.sense.adapters.nats import NatsHandOver
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.video_file import VideoFile
from morina.sense.cameras.following import Follower
from morina.sense.cameras.frames import Frame, SourceError
from morina.sense.recogniser.passages import PassageFollower


def a_video(folder: Path, frames: int, fps: float = 20.0) -> Path:
    """A car with a plate of red 200 crosses the picture; losslessly stored."""
    path = folder / "road video.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"FFV1"), fps, (480, 320))
    for index in range(frames):
        writer.write(filmed([Car(200, 0.5)], index / fps))
    writer.release()
    return path


def test_frames_come_with_the_time_they_were_taken(tmp_path: Path) -> None:
    played = VideoFile.of(a_video(tmp_path, 200).as_uri()).frames()
    frames = list(islice(played, 5))
    taken = [frame.captured_at for frame in frames if isinstance(frame, Frame)]
    steps = np.diff([at.timestamp() for at in taken])
    assert len(taken) == 5
    assert np.allclose(steps / 0.05, np.round(steps / 0.05), atol=1e-3)
    assert (steps > 0).all()


def test_a_round_ends_with_none(tmp_path: Path) -> None:
    *frames, last = VideoFile.of(a_video(tmp_path, 20).as_uri()).frames()
    assert last is None and None not in frames


def test_a_video_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.avi cannot be played"):
        next(VideoFile.of((tmp_path / "gone.avi").as_uri()).frames())


async def test_a_camera_is_followed_into_the_stream(
    tmp_path: Path, pool: AsyncConnectionPool, nats_url: str
) -> None:
    source = a_video(tmp_path, 70).as_uri()
    cameras = PostgresCameras(pool, PostgresTrail())
    await cameras.put(
        Camera(camera_id="c", name="c", site="s", latitude=42, longitude=20, source=source)
    )
    stream = await NatsHandOver.connect(nats_url, prefix=f"T{uuid4().hex}")
    follower = Follower(
        registry=cameras,
        stream=stream,
        pictures=ObstoreImages.at("", tmp_path / "images"),
        source_of=VideoFile.of,
        new_follower=lambda: PassageFollower(ScriptedRecogniser({200: [("AB12CDE", 0.95)]})),
    )
    following = asyncio.create_task(follower.follow_all())
    async with asyncio.timeout(120), aclosing(stream.reads()) as batches:
        batch = await anext(batches)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await stream.close()
    (read,) = batch.items
    assert read.plate is not None
    assert (read.camera_id, read.plate.text) == ("c", "AB12CDE")
    assert read.evidence is not None
