"""A folder cameras put pictures and videos into."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from filming_servers import jpeg
from morina.sense.cameras.adapters.folder import FILM_SETTLED_S, GIVE_UP_AFTER_S, Folder
from morina.sense.cameras.frames import Filmed, Frame, Picture, SourceError, Waiting
from morina.sense.cameras.live import Pace
from morina.sense.cameras.sources import parse
from morina.settings import Reading
from morina.wiring.sources import opener

LONG_AGO = 1_700_000_000


def watched(folder: Path, option: str = "") -> Iterator[Filmed]:
    source = parse(f"{folder.as_uri()}/{option}")
    return Folder(source, Pace(frames_per_s=10), settled_s=0.01).frames()


def put(path: Path, content: bytes, changed_at: float = LONG_AGO) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (changed_at, changed_at))


def a_video(path: Path, frames: int = 20, fps: float = 20) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (64, 48))
    for index in range(frames):
        writer.write(np.full((48, 64, 3), index * 10, np.uint8))
    writer.release()


def next_given(films: Iterator[Filmed]) -> Filmed:
    return next(item for item in films if not isinstance(item, Waiting))


def looked(films: Iterator[Filmed], times: int) -> None:
    """So many looks at the folder, of which none gives anything."""
    for _ in range(times * 2):
        assert isinstance(next(films), Waiting)


def test_pictures_come_oldest_first_with_the_time_they_were_put_there(tmp_path: Path) -> None:
    put(tmp_path / "b.jpg", jpeg(1), LONG_AGO)
    put(tmp_path / "2026-11-21" / "a.jpg", jpeg(2), LONG_AGO + 5)
    films = watched(tmp_path)
    first, second = next_given(films), next_given(films)
    assert isinstance(first, Picture)
    assert isinstance(second, Picture)
    assert (first.name, first.content) == ("b.jpg", jpeg(1))
    assert first.captured_at.timestamp() == LONG_AGO
    assert second.name == "2026-11-21/a.jpg"


def test_a_file_is_moved_only_when_it_was_dealt_with(tmp_path: Path) -> None:
    put(tmp_path / "x" / "a.jpg", jpeg(1))
    films = watched(tmp_path)
    next_given(films)
    assert (tmp_path / "x" / "a.jpg").exists()
    next(films)
    assert not (tmp_path / "x" / "a.jpg").exists()
    assert (tmp_path / "taken" / "x" / "a.jpg").read_bytes() == jpeg(1)


def test_a_stop_in_between_takes_the_file_again(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", jpeg(1))
    first = next_given(watched(tmp_path))
    assert next_given(watched(tmp_path)) == first


def test_a_name_used_again_replaces_nothing(tmp_path: Path) -> None:
    films = watched(tmp_path)
    for shade in (1, 2):
        put(tmp_path / "a.jpg", jpeg(shade), LONG_AGO + shade)
        next_given(films)
        next(films)
    kept = {path.read_bytes() for path in (tmp_path / "taken").iterdir()}
    assert kept == {jpeg(1), jpeg(2)}


def test_a_file_still_being_written_waits_until_it_is_whole(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", jpeg(9)[:-30], time.time())
    films = watched(tmp_path)
    looked(films, 5)
    put(tmp_path / "a.jpg", jpeg(9), time.time())
    given = next_given(films)
    assert isinstance(given, Picture)
    assert given.content == jpeg(9)


def test_what_never_becomes_whole_is_put_aside_and_stops_nothing(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", b"\xff\xd8 no picture", time.time() - GIVE_UP_AFTER_S - 1)
    put(tmp_path / "b.avi", b"no film", time.time() - GIVE_UP_AFTER_S - 1)
    put(tmp_path / "c.jpg", jpeg(3), time.time() - 1)
    films = watched(tmp_path)
    assert isinstance(given := next_given(films), Picture)
    assert given.name == "c.jpg"
    assert {path.name for path in (tmp_path / "refused").iterdir()} == {"a.jpg", "b.avi"}


def test_other_files_hidden_ones_and_links_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path / "gate" / ".a.jpg.part", jpeg(1))
    put(tmp_path / "gate" / "a.jpg.tmp", jpeg(1))
    put(tmp_path / "gate" / ".hidden" / "a.jpg", jpeg(1))
    put(tmp_path / "elsewhere.jpg", jpeg(1))
    (tmp_path / "gate" / "link.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    looked(watched(tmp_path / "gate"), 4)


def test_a_video_gives_its_frames_at_the_pace_and_ends_with_none(tmp_path: Path) -> None:
    a_video(tmp_path / "v.avi")
    os.utime(tmp_path / "v.avi", (LONG_AGO, LONG_AGO))
    films, given = watched(tmp_path), []
    while (item := next_given(films)) is not None:
        assert isinstance(item, Frame)
        given.append(item)
    assert [frame.captured_at.timestamp() for frame in given] == pytest.approx(
        [LONG_AGO - 1 + index / 10 for index in range(10)]
    )
    next(films)
    assert (tmp_path / "taken" / "v.avi").exists()


def test_a_video_just_written_may_not_be_whole_yet(tmp_path: Path) -> None:
    a_video(tmp_path / "v.avi")
    os.utime(tmp_path / "v.avi", (time.time() + FILM_SETTLED_S,) * 2)
    looked(watched(tmp_path), 4)


def test_files_are_removed_where_that_is_wished(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", jpeg(1))
    films = watched(tmp_path, "?then=remove")
    next_given(films)
    next(films)
    assert list(tmp_path.iterdir()) == []


def test_what_was_put_away_long_ago_is_removed(tmp_path: Path) -> None:
    put(tmp_path / "taken" / "day" / "a.jpg", jpeg(1), time.time() + 1000)
    put(tmp_path / "refused" / "b.jpg", jpeg(2))
    put(tmp_path / "c.jpg", jpeg(3), time.time() + 1000)
    films = opener(Reading(taken_hours=1e-9))(f"{tmp_path.as_uri()}/").frames()
    assert isinstance(next(films), Waiting)
    names = {path.name for path in tmp_path.rglob("*")}
    assert names == {"taken", "refused", "b.jpg", "c.jpg"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone/: no such folder; make it"):
        next(watched(tmp_path / "gone"))
