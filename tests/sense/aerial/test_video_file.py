from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from morina.sense.aerial.adapters.video_file import VideoFile
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.looking.pictures import Picture, VideoError
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.aerial.sources.klv_transport import Picture as Shown
from morina.sense.aerial.sources.klv_transport import parted

FPS = 10.0


def _filmed(path: Path, codec: str, seconds: float = 4.0) -> Path:
    """Picture ``n`` is white from column ``4 n`` to the right."""
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*codec), FPS, (160, 120)
    )
    for number in range(round(seconds * FPS)):
        picture = np.zeros((120, 160, 3), np.uint8)
        picture[:, 4 * number % 160 :] = 255
        writer.write(picture)
    writer.release()
    return path


def _all(path: Path, per_s: float = 0.0) -> Sequence[Picture]:
    return list(VideoFile(path, "clip").pictures(per_s))


def _number(picture: Picture) -> int:
    dark = (picture.image.mean(axis=(0, 2)) < 128).sum()
    return round(float(dark) / 4)


@pytest.mark.parametrize(
    ("name", "codec"), [("a.ts", "mpg2"), ("a.mp4", "mp4v"), ("a.avi", "FFV1")]
)
def test_each_picture_comes_at_its_own_time(tmp_path: Path, name: str, codec: str) -> None:
    found = _all(_filmed(tmp_path / name, codec))
    assert [one.frame for one in found] == [*range(40)]
    assert [one.at_s for one in found] == pytest.approx([number / FPS for number in range(40)])
    assert [_number(one) for one in found] == [*range(40)]


def test_only_those_due_are_given_and_each_is_the_right_one(tmp_path: Path) -> None:
    found = _all(_filmed(tmp_path / "a.ts", "mpg2"), per_s=2)
    assert [one.frame for one in found] == [*range(0, 40, 5)]
    assert [_number(one) for one in found] == [*range(0, 40, 5)]


def test_what_a_video_says_of_itself(tmp_path: Path) -> None:
    about = VideoFile(_filmed(tmp_path / "a.mp4", "mp4v"), "clip").about()
    assert (about.width, about.height, about.frames, about.frames_per_s) == (160, 120, 40, FPS)
    assert about.seconds == pytest.approx(4)


def test_a_video_cut_short_gives_what_it_has_and_then_says_so(tmp_path: Path) -> None:
    whole = _filmed(tmp_path / "a.avi", "FFV1", seconds=20)
    short = tmp_path / "short.avi"
    short.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    found, pictures = [], VideoFile(short, "clip").pictures()
    with pytest.raises(VideoError, match=r"clip: ends at 0:.* of 0:20\.0, cut short"):
        while True:
            found.append(next(pictures))
    assert 20 < len(found) < 190


def test_a_stream_cut_in_the_middle_of_a_packet_ends_there(tmp_path: Path) -> None:
    whole = _filmed(tmp_path / "a.ts", "mpg2", seconds=20)
    short = tmp_path / "short.ts"
    short.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2 + 77])
    assert 50 < len(_all(short)) < 150


def test_a_stream_damaged_in_the_middle_goes_on(tmp_path: Path) -> None:
    data = bytearray(_filmed(tmp_path / "a.ts", "mpg2", seconds=20).read_bytes())
    middle = len(data) // 2
    data[middle : middle + 5000] = bytes(5000)
    (tmp_path / "hurt.ts").write_bytes(data)
    found = _all(tmp_path / "hurt.ts")
    assert found[-1].at_s > 19
    assert all(later.at_s > one.at_s for one, later in pairwise(found))


def test_two_recordings_joined_are_refused_where_the_second_begins(tmp_path: Path) -> None:
    data = _filmed(tmp_path / "a.ts", "mpg2").read_bytes()
    (tmp_path / "joined.ts").write_bytes(data + data)
    with pytest.raises(VideoError, match=r"its time goes back to .* cut it there"):
        _all(tmp_path / "joined.ts")


@pytest.mark.parametrize("content", [b"", b"no video at all" * 500])
def test_what_is_no_video_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.ts").write_bytes(content)
    with pytest.raises(VideoError, match=r"clip: no .*give MPEG-TS"):
        _all(tmp_path / "a.ts")


def test_a_missing_file_is_told_by_its_name_not_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"^clip: there is no such file"):
        _all(tmp_path / "gone.ts")


def test_a_recording_that_begins_between_two_whole_pictures_counts_from_the_first_sent(
    tmp_path: Path,
) -> None:
    whole = _filmed(tmp_path / "whole.ts", "mpg2").read_bytes()
    begins_s = _sent(whole)
    for first in (9, 20, 33):
        part = tmp_path / f"{first}.ts"
        part.write_bytes(whole[first * 188 :])
        found = _all(part)
        assert found[0].at_s > 0, "its first pictures cannot be decoded"
        left_out = round((_sent(part.read_bytes()) - begins_s) * FPS)
        off = {_number(one) - left_out - round(one.at_s * FPS) for one in found}
        assert len(off) == 1 and abs(off.pop()) <= 1, "the table of the programme may come later"


def _sent(stream: bytes) -> float:
    """When the first picture sent is shown, by the stream's clock."""
    return next(one.pts_s for one in parted([stream]) if isinstance(one, Shown))


async def test_pictures_are_given_of_a_file_that_is_still_written(tmp_path: Path) -> None:
    whole = _filmed(tmp_path / "whole.ts", "mpg2", seconds=20).read_bytes()
    part, pictures = tmp_path / "part.ts", VideoPictures()
    part.write_bytes(whole[: len(whole) // 3 // 188 * 188])
    try:
        assert await pictures.picture(part, 3.0, 160)
        with pytest.raises(UnknownSortieError):
            await pictures.picture(part, 15.0, 160)
        for share, at_s in ((2, 12.0), (3, 18.0)):
            part.write_bytes(whole[: len(whole) * share // 3 // 188 * 188])
            jpeg = await pictures.picture(part, at_s, 160)
            image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
            assert image is not None
            shown = _number(Picture(0, at_s, np.asarray(image, np.uint8)))
            assert shown == round(at_s * FPS) % 40
    finally:
        await pictures.close()
