"""Pictures on a disk that is too small for them."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from morina.sense.site.adapters.folder import SENT_KEPT_S, FolderPictures


def picture(number: int, size: int = 100) -> bytes:
    return number.to_bytes(4, "big") * (size // 4)


def name(number: int) -> str:
    return hashlib.sha256(picture(number)).hexdigest()


class Count:
    """How many pictures were dropped."""

    value = 0

    def __call__(self) -> None:
        self.value += 1


async def full_of(folder: Path, count: int, most: int = 1000) -> tuple[FolderPictures, Count]:
    dropped = Count()
    pictures = FolderPictures(folder, most, dropped)
    for number in range(count):
        assert await pictures.put(picture(number)) == name(number)
    return pictures, dropped


async def test_the_oldest_make_room_and_are_counted(tmp_path: Path) -> None:
    pictures, dropped = await full_of(tmp_path, 13)
    assert (pictures.waiting, pictures.taken_bytes, dropped.value) == (10, 1000, 3)
    assert pictures.oldest(2) == [name(3), name(4)]
    with pytest.raises(LookupError):
        await pictures.get(name(2))
    assert await pictures.get(name(3)) == picture(3)
    assert len(list((tmp_path / "waiting").iterdir())) == 10


async def test_what_the_node_has_goes_before_what_it_does_not(tmp_path: Path) -> None:
    pictures, dropped = await full_of(tmp_path, 10)
    pictures.sent(name(9))
    assert await pictures.get(name(9)) == picture(9)
    await pictures.put(picture(10))
    assert dropped.value == 0
    assert pictures.waiting == 10
    with pytest.raises(LookupError):
        await pictures.get(name(9))


async def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    pictures, _ = await full_of(tmp_path, 1)
    await pictures.put(picture(0))
    assert (pictures.waiting, pictures.taken_bytes) == (1, 100)
    pictures.sent(name(0))
    await pictures.put(picture(0))
    assert pictures.waiting == 0


async def test_a_smaller_limit_drops_at_once(tmp_path: Path) -> None:
    pictures, dropped = await full_of(tmp_path, 10)
    pictures.limit(250)
    assert (pictures.waiting, dropped.value) == (2, 8)
    pictures.limit(-5)
    assert (pictures.waiting, dropped.value) == (0, 10)


async def test_after_a_restart_the_order_is_the_same(tmp_path: Path) -> None:
    await full_of(tmp_path, 5)
    for number in range(5):
        os.utime(tmp_path / "waiting" / name(number), ns=(number * 10**9, number * 10**9))
    (tmp_path / "waiting" / "half.new").write_bytes(b"x")
    dropped = Count()
    again = FolderPictures(tmp_path, 300, dropped)
    assert again.oldest(9) == [name(2), name(3), name(4)]
    assert dropped.value == 2


async def test_what_was_sent_long_ago_is_removed(tmp_path: Path) -> None:
    await full_of(tmp_path, 2)
    first = FolderPictures(tmp_path, 1000)
    first.sent(name(0))
    long_ago = time.time() - SENT_KEPT_S - 1
    os.utime(tmp_path / "sent" / name(0), (long_ago, long_ago))
    again = FolderPictures(tmp_path, 1000)
    again.sent(name(1))
    assert [file.name for file in (tmp_path / "sent").iterdir()] == [name(1)]


async def test_a_picture_that_cannot_be_written_is_counted_and_its_read_goes_on(
    tmp_path: Path,
) -> None:
    pictures, dropped = await full_of(tmp_path, 0)
    (tmp_path / "waiting" / name(7)).mkdir()
    assert await pictures.put(picture(7)) == name(7)
    assert (pictures.waiting, dropped.value) == (0, 1)
