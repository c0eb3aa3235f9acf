"""Reads in the engine and pictures in a folder."""

from pathlib import Path

import pytest

from morina.records import NoSuchImageError
from morina.records.adapters.obstore import ObstoreImages
from reads_process import in_a_process


def test_reads_come_back_as_kept_newest_first_and_once(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        store = ClickHouseReads.at(DSN, folder)
        early, late, unread = a_read(0), a_read(2), a_read(1, None)
        await store.keep([early, late], NOON)
        await store.keep([late, unread], NOON)
        assert await store.count() == 4
        await store._run(lambda: store._client.command('OPTIMIZE TABLE morina.reads FINAL'))
        assert await store.count() == 3
        assert await store.latest() == [late, unread, early]
        assert await store.latest(1) == [late]
        assert await store.latest(since=early.captured_at) == [late, unread]
        await store.close()
    """)  # fmt: skip


def test_both_readings_of_a_passage_are_kept_and_their_disputes_counted(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        store = ClickHouseReads.at(DSN, folder)
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
        store = ClickHouseReads.at(DSN, folder)
        whole = a_read(0)
        await store.keep([replace(whole, evidence=None)], NOON)
        await store.keep([whole], NOON + timedelta(seconds=3))
        assert await store.latest() == [whole]
        await store.close()
    """)  # fmt: skip


def test_what_a_camera_said_of_the_vehicle_comes_back(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        store = ClickHouseReads.at(DSN, folder)
        vehicle = Vehicle(make="Skoda", model="Octavia", colour="grey", vehicle_class="car",
                          lane="2", direction="away", speed_kmh=87.0)
        said = Said(by="dahua", text="AB12CDE", candidates=("A812CDE", "AB12CDF"))
        whole = replace(a_read(1), vehicle=vehicle, said=said)
        partly = replace(a_read(2), vehicle=Vehicle(colour="red"))
        await store.keep([a_read(0), whole, partly], NOON)
        assert (await store.latest())[:2] == [partly, whole]
        await store.close()
    """)  # fmt: skip


def test_what_does_not_fit_a_column_is_brought_to_what_does(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        store = ClickHouseReads.at(DSN, folder)
        far = Evidence("c" * 64, "d" * 64, (-1.4, 2.6, 1e9, float("nan")), ())
        odd = replace(a_read(0), confidence=0.12345, frames=10**9, evidence=far,
                      vehicle=Vehicle(speed_kmh=1e9), clock_offset_s=0.123456)
        await store.keep([odd], NOON)
        [kept] = await store.latest()
        assert kept.evidence.box == (-1, 3, 32767, 0)
        assert (kept.confidence, kept.frames, kept.vehicle.speed_kmh) == (0.123, 65535, 65535)
        assert kept.clock_offset_s == 0.123
        await store.close()
    """)  # fmt: skip


def test_the_newest_reads_are_found_across_days_and_gaps(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        store = ClickHouseReads.at(DSN, folder)
        assert await store.latest() == []
        minutes = [0, 1, 2, 60, 61, 300, 600, 719, 720, 1440, 5000, 90000]
        reads = [a_read(minute) for minute in minutes]
        for read in reads:
            await store.keep([read], NOON)
        for limit in range(1, len(reads) + 2):
            assert await store.latest(limit) == reads[::-1][:limit]
        for place, read in enumerate(reads):
            assert await store.latest(50, since=read.captured_at) == reads[:place:-1]
        await store.close()
    """)  # fmt: skip


def test_a_correction_stands_beside_what_was_read(tmp_path: Path) -> None:
    in_a_process(tmp_path, """
        store = ClickHouseReads.at(DSN, folder)
        read, unread = replace(a_read(0), clock_offset_s=None), a_read(1, None)
        await store.keep([read, unread], NOON)
        at = NOON.replace(microsecond=0) + timedelta(hours=1)
        await store.correct(read, Plate("AB12CDF", "XK"), "an.officer", at)
        by = Correction(from_text="AB12CDE", from_country="GB", by="an.officer", at=at)
        once = replace(read, plate=Plate("AB12CDF", "XK"), correction=by)
        assert await store.latest() == [unread, once]
        await store.correct(once, None, "another", at + timedelta(minutes=1))
        twice = replace(by, by="another", at=at + timedelta(minutes=1))
        assert await store.latest() == [unread, replace(read, plate=None, correction=twice)]
        await store.correct(unread, Plate("ZZ1"), "an.officer", at)
        assert (await store.latest())[0].correction.from_text is None
        texts = "SELECT plate FROM morina.reads WHERE read_id = {id:UUID} ORDER BY corrected_at"
        rows = await store._query(texts, {"id": read.read_id})
        assert [row[0] for row in rows] == ["AB12CDE", "AB12CDF", ""]
        try:
            await store.correct(a_read(5), Plate("ZZ1"), "an.officer", at)
        except NoSuchReadError:
            pass
        else:
            raise AssertionError("a read that is not kept was corrected")
        await store.close()
    """)  # fmt: skip


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
