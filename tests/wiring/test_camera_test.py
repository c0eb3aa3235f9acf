"""What ``morina camera test`` says of pictures and plates."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest

from filming import Car, ScriptedRecogniser, filmed
from morina.sense.cameras import SourceState
from morina.sense.cameras.frames import Filmed, Frame, SourceError
from morina.sense.cameras.sources import parse
from morina.wiring import camera_test
from morina.wiring.camera_test import followed, judged, looked, plates_in

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shade", "mend"), [(5, "light the lane"), (120, ""), (250, "shade or close it")]
)
def test_a_dark_and_a_blinded_camera_are_told(shade: int, mend: str) -> None:
    found = list(judged([np.full((8, 10, 3), shade, np.uint8)] * 3, 1.0))
    assert found[0].found == "10 x 8, 2.0 a second"
    assert (found[1].what, found[1].well) == ("light", not mend)
    assert found[1].mend.startswith(mend)


def test_no_picture_is_wrong_and_says_what_to_try() -> None:
    (found,) = judged([], 0.0)
    assert not found.well
    assert found.mend


def test_a_small_plate_is_told_and_none_in_view_is_no_fault() -> None:
    reader = ScriptedRecogniser({200: [("AB12CDE", 0.9)]})
    small = plates_in([filmed([Car(200, 0)], 0.5)], reader)
    assert (small.well, small.found) == (False, "39 pixels across")
    assert plates_in([filmed([], 0.5)], reader).well


@pytest.mark.parametrize(("error", "well"), [("", True), ("nothing listens", False)])
def test_a_camera_the_node_is_only_now_connecting_to_is_no_fault(error: str, well: bool) -> None:
    state = SourceState(camera_id="lane-1", reported_at=NOON, last_error=error)
    found = followed(state)
    assert found.well is well
    assert error in found.found


@pytest.mark.parametrize("refusals", [1, 2])
def test_a_camera_that_refuses_once_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    monkeypatch.setattr(camera_test, "AGAIN_S", 0.0)
    asked = 0

    def films() -> Iterator[Filmed]:
        nonlocal asked
        asked += 1
        if asked <= refusals:
            raise SourceError("its video (H.264) did not begin; the camera is busy")
        yield Frame(filmed([], 0.5), NOON)

    source = parse("rtsp://127.0.0.1/road")
    if refusals > 1:
        with pytest.raises(SourceError, match="did not begin"):
            looked(films, source)
    else:
        assert len(looked(films, source)[0]) == 1
