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
        clock_offset_s=-1.5,
        clock_wrong=text is None,
    )


def test_reads_come_back_as_kept_newest_first_and_once(tmp_path: Path) -> None:
    """In a process of its own: chDB allows one engine, on one folder, a process."""
    in_a_process(tmp_path, """
        store = ClickHouseReads.at("", folder)
        early, late, unread = a_read(0), a_read(2), a_read(1, None)
        await store.keep([early, late], NOON)
        await store.keep([late, unread], NOON)
        assert await store.count() == 3
        assert await store.latest() == [late, unread, early]
        assert await store.latest(1) == [late]
        assert await store.latest(since=early.captured_at) == [late, unread]
        await store.close()
    """)  # fmt: skip


def test_both_readings_of_a_passage_are_kept_and_their_disputes_counted(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        store = ClickHouseReads.at("", folder)
        camera = Said(by="dahua", text="AB12CDF", country="GB", confidence=0.75)
        own = Said(by="morina", text="AB12CDE", confidence=0.5)
        unsure = Said(by="axis", text=None)
        disputed = replace(a_read(0), said=camera, own=own)
        agreed = replace(a_read(1), said=replace(camera, text="AB12CDE"), own=own)
        alone = replace(a_read(2), said=unsure)
        await store.keep([disputed, agreed, alone], NOON)
        assert await store.latest() == [alone, agreed, disputed]
        assert await store.disputed(EPOCH) == {"morine-in": Disputed(2, 1)}
        assert await store.disputed(disputed.captured_at) == {"morine-in": Disputed(1, 0)}
        await store.close()
    """)  # fmt: skip


def test_a_read_sent_again_with_its_picture_replaces_the_one_without(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        store = ClickHouseReads.at("", folder)
        whole = a_read(0)
        await store.keep([replace(whole, evidence=None)], NOON)
        await store.keep([whole], NOON + timedelta(seconds=3))
        assert await store.latest() == [whole]
        await store.close()
    """)  # fmt: skip


def test_a_table_made_before_cameras_had_a_word_is_brought_up(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        import clickhouse_connect
        from morina.records.adapters import clickhouse
        client = clickhouse_connect.get_client(interface="chdb", path=str(folder))
        for statement in clickhouse.SCHEMA[:2]:
            client.command(statement)
        old = replace(a_read(0), clock_offset_s=None)
        columns = COLUMNS[: COLUMNS.index("corners") + 1]
        row = clickhouse._row(old, NOON)[: len(columns)]
        client.insert("morina.reads", [row], column_names=columns)
        store = ClickHouseReads(client)
        fresh = replace(a_read(1), said=Said(by="axis", text="AB12CDE"))
        await store.keep([fresh], NOON)
        assert await store.latest() == [fresh, old]
        await store.close()
    """)  # fmt: skip


def in_a_process(folder: Path, body: str) -> None:
    """Run the body of a coroutine there; chDB allows one engine a process."""
    code = f"""
import asyncio, sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_reads_and_images import NOON, a_read
from morina.records import Disputed
from morina.records.adapters.clickhouse import COLUMNS, EPOCH, ClickHouseReads
from morina.sense import Said
folder = Path({str(folder)!r})
async def main():
{textwrap.indent(textwrap.dedent(body), "    ")}
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
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
