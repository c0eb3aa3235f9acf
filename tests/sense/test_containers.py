"""What is no video by its bytes is opened by nobody, whatever it is called."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from morina.sense.aerial.adapters.video_file import VideoFile
from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.looking.pictures import VideoError
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.containers import holds_pictures


def film(path: Path, code: str) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*code), 10, (64, 48))
    for shade in range(20):
        writer.write(np.full((48, 64, 3), shade * 10, np.uint8))
    writer.release()
    return path


@pytest.mark.parametrize(
    ("name", "code"), [("a.avi", "MJPG"), ("a.mp4", "mp4v"), ("a.mkv", "mp4v"), ("a.ts", "mp4v"),
                       ("a.mov", "mp4v")]
)  # fmt: skip
def test_a_video_is_known_whatever_it_is_called(tmp_path: Path, name: str, code: str) -> None:
    made = film(tmp_path / name, code)
    assert holds_pictures(made)
    assert holds_pictures(made.rename(tmp_path / "b.txt"))


LISTS = {
    "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{other}\n#EXT-X-ENDLIST\n",
    "list.mp4": "ffconcat version 1.0\nfile {name}\n",
    "list.ts": "ffconcat version 1.0\nfile {name}\n",
    "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
}


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_that_leads_to_other_files_is_no_video(tmp_path: Path, name: str) -> None:
    other = film(tmp_path / "other.ts", "mp4v")
    there = tmp_path / name
    there.write_text(LISTS[name].format(other=f"file://{other}", name=other.name))
    assert not holds_pictures(there)
    with pytest.raises(VideoError, match="no video"):
        VideoFile(there, "the video").about()
    pictures = VideoPictures()
    with pytest.raises(UnknownSortieError, match="none"):
        await pictures.picture(there, 0.0, 64)
    await pictures.close()


def test_an_empty_or_short_file_is_no_video(tmp_path: Path) -> None:
    for content in (b"", b"G", b"G" + bytes(187)):
        (tmp_path / "short").write_bytes(content)
        assert not holds_pictures(tmp_path / "short")
