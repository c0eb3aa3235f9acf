"""The video benchmark films, follows on one core, and says what it missed."""

import os
import sys
from pathlib import Path

import cv2
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import video
from video import PLATES, Followed, figures, filmed, followed, missed


def test_a_film_is_full_hd_and_its_frames_are_read_or_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "FILMED_FPS", 5.0)
    path = tmp_path / "road.avi"
    filmed(path, PLATES[:1])
    film = cv2.VideoCapture(str(path))
    there, frame = film.read()
    assert there
    assert frame.shape == (1080, 1920, 3)
    assert film.get(cv2.CAP_PROP_FRAME_COUNT) == 25
    found = figures(followed(str(path)), [PLATES[0][0]])
    assert found["frames"] == 25
    assert found["frames_read"] > 5
    assert found["frames_skipped"] > 0
    assert found["read_exactly"] == 1
    assert found["cpu_ms_a_frame_read"] > 0


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no cores to choose")
def test_the_reading_process_has_one_core_and_ours_keeps_its_own() -> None:
    before = os.sched_getaffinity(0)
    assert len(video.on_one_core(os.sched_getaffinity, 0)) == 1
    assert os.sched_getaffinity(0) == before


def test_frames_in_which_nothing_moves_do_not_count_for_the_target() -> None:
    found = figures(
        Followed([0.2] * 5, [0.01] * 95, 0.5, ["AB12CDE", "", "XX00XXX"]), ["AB12CDE", "B"]
    )
    assert found["cpu_ms_a_frame_read"] == 100.0
    assert (found["frames"], found["frames_skipped"]) == (100, 95)
    assert found["fps_while_something_moves"] == 5.0
    assert found["fps_all_frames"] > 50
    assert (found["read_exactly"], found["other_reads"], found["unread_passages"]) == (1, 1, 1)
    assert missed(found) == ["fps_while_something_moves 5.0 < 10.0"]
    assert missed(found | {"fps_while_something_moves": 10.0}) == []
