import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from morina.plates import Plate
from morina.records import NoSuchImageError
from morina.records.adapters.obstore import ObstoreImages
from morina.sense import Evidence, Read

NOON = datetime(2026, 11, 21, 12, 0, 0, 123000, tzinfo=UTC)


def a_read(minutes: int, text: str | None = "AB12CDE") -> Read:
    return Read(
        read_id=uuid4(),
        camera_id="morine-in",
        captured_at=NOON + timedelta(minutes=minutes),
        received_at=NOON + timedelta(minutes=minutes, seconds=1),
        plate=Plate(text, "GB") if text else None,
        confidence=0.5,
        character_confidences=(0.5,) * len(text or ""),
        country_probability=0.75,
        frames=3,
        evidence=Evidence("a" * 64, "b" * 64, (1, 2, 3, 4), ((1, 2), (3, 2), (3, 4), (1, 4))),
    )


def test_reads_come_back_as_kept_newest_first_and_once(tmp_path: Path) -> None:
    """In a process of its own: chDB allows one engine, on one folder, a process."""
    code = f"""
    import asyncio, sys
    from pathlib import Path
    sys.path.insert(0, {str(Path(__file__).parent)!r})
    from test_reads_and_images import NOON, a_read
    from morina.records.adapters.clickhouse import ClickHouseReads

    async def main():
        store = ClickHouseReads.at("", Path({str(tmp_path)!r}))
        early, late, unread = a_read(0), a_read(2), a_read(1, None)
        await store.keep([early, late], NOON)
        await store.keep([late, unread], NOON)
        assert await store.count() == 3
        assert await store.latest() == [late, unread, early]
        assert await store.latest(1) == [late]
        assert await store.latest(since=early.captured_at) == [late, unread]
        await store.close()

    asyncio.run(main())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


async def test_a_picture_is_named_by_its_bytes(tmp_path: Path) -> None:
    images = ObstoreImages.at("", tmp_path)
    name = await images.put(b"picture")
    assert name == await images.put(b"picture")
    assert await images.get(name) == b"picture"
    assert await images.has(name)
    assert not await images.has("0" * 64)


async def test_a_picture_changed_on_disk_is_no_evidence(tmp_path: Path) -> None:
    images = ObstoreImages.at("", tmp_path)
    name = await images.put(b"picture")
    next(file for file in tmp_path.rglob(name)).write_bytes(b"another")
    with pytest.raises(NoSuchImageError, match="no longer the same"):
        await images.get(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
async def test_only_a_sha256_names_a_picture(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoSuchImageError):
        await ObstoreImages.at("", tmp_path).get(name)
