"""Frames of drone video, targets of the thermal detector, and how it is measured."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from training.thermal.average_precision import Outcomes, average_precision, figures_of, outcomes
from training.thermal.calibration import calibrated, confidences
from training.thermal.drawing import draw, stock_of
from training.thermal.frames import Frame, Part, frames_in, part_of, sweeps
from training.thermal.pasting import Cuttings, with_more
from training.thermal.targets import STRIDE, targets_of

from morina.sense.aerial.seeing.peaks import Seen, areas, overlaps, seen_in

SIZE = (128, 160)


def boxes(*some: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(some, np.float32).reshape(-1, 4)


def frame(labels: np.ndarray, kinds: list[int], ignored: np.ndarray | None = None) -> Frame:
    picture = np.full(SIZE, 90, np.uint8)
    nothing = boxes() if ignored is None else ignored
    return Frame("1_60_30_0_00001.jpg", "s", picture, labels, np.array(kinds, np.int64), nothing)


def seen(some: np.ndarray, kinds: list[int], sure: list[float]) -> Seen:
    return Seen(np.array(kinds, np.int64), some, np.array(sure, np.float32))


def test_sweeps_break_at_gaps_heights_and_times_but_not_at_angles() -> None:
    names = [
        *("1_60_30_0_00010.jpg", "1_60_40_0_00030.jpg", "1_60_40_0_00111.jpg"),
        *("1_70_30_0_00112.jpg", "0_70_30_0_00113.jpg"),
    ]
    assert sweeps(names[::-1]) == [names[:2], [names[2]], [names[3]], [names[4]]]


def test_every_part_has_sweeps_and_no_sweep_two_parts() -> None:
    parts = [part_of(place) for place in range(31)]
    assert {part: parts.count(part) for part in Part} == {
        Part.TRAINING: 22,
        Part.SELECTION: 3,
        Part.VALIDATION: 6,
    }


def test_frames_are_read_with_their_labels_and_parts_share_no_sweep(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    names = [f"1_{60 + 10 * place}_30_0_{place * 100:05}.jpg" for place in range(6)]
    for name in names:
        cv2.imwrite(str(tmp_path / "images" / name), np.full(SIZE, 90, np.uint8))
    labels = [("Car", [1, 2, 30, 20]), ("DontCare", [50, 50, 10, 10]), ("Person", [5, 5, 6, 12])]
    kinds = ["Person", "Car", "Bicycle", "OtherVehicle", "DontCare"]
    told = {
        "images": [{"id": place, "file_name": name} for place, name in enumerate(names)],
        "categories": [{"id": place, "name": name} for place, name in enumerate(kinds)],
        "annotations": [
            {"image_id": 2, "category_id": kinds.index(kind), "bbox": box} for kind, box in labels
        ],
    }
    (tmp_path / "annotations.json").write_text(json.dumps(told))
    (kept,) = frames_in(tmp_path, [Part.VALIDATION])
    assert kept.name == names[2]
    assert kept.boxes.tolist() == [[1, 2, 31, 22], [5, 5, 11, 17]]
    assert kept.kinds.tolist() == [1, 0]
    assert kept.ignored.tolist() == [[50, 50, 60, 60]]
    learnt = {one.sweep for one in frames_in(tmp_path, [Part.TRAINING, Part.SELECTION])}
    assert kept.sweep not in learnt
    assert len(learnt) == 5


@given(
    x=st.floats(0, 130),
    y=st.floats(0, 100),
    width=st.floats(5, 28),
    height=st.floats(5, 28),
    kind=st.integers(0, 2),
)
def test_targets_decode_to_the_object_they_were_made_of(
    x: float, y: float, width: float, height: float, kind: int
) -> None:
    box = boxes((x, y, x + width, y + height))
    wanted = targets_of(box, np.array([kind]), boxes(), SIZE)
    found = seen_in(wanted.heat, wanted.box, STRIDE, 0.99)
    assert found.kinds.tolist() == [kind]
    home = wanted.near > 0
    assert home.any()
    rows, columns = np.nonzero(wanted.heat[kind] == 1)
    middle = (columns[0] + 0.5) * STRIDE, (rows[0] + 0.5) * STRIDE
    left, top, right, bottom = wanted.box[:, rows[0], columns[0]]
    sides = (middle[0] - left, middle[1] - top, middle[0] + right, middle[1] + bottom)
    assert sides == pytest.approx(box[0], abs=1e-3)


def test_nothing_is_asked_inside_an_ignored_box() -> None:
    wanted = targets_of(boxes(), np.zeros(0, np.int64), boxes((40, 40, 80, 60)), SIZE)
    assert not wanted.care[0, 10:15, 10:20].any()
    assert wanted.care.sum() == wanted.care.size - 5 * 10


def test_two_peaks_of_one_object_are_told_once() -> None:
    heat = np.zeros((3, 8, 8), np.float32)
    heat[0, 2, 2], heat[0, 2, 5], heat[2, 6, 1] = 0.9, 0.6, 0.5
    box = np.full((4, 8, 8), 40, np.float32)
    box[:, 6, 1] = 4
    found = seen_in(heat, box, 4, 0.3)
    assert found.kinds.tolist() == [0, 2]
    assert found.boxes[0].tolist() == [-30, -30, 50, 50]
    assert found.boxes[1].tolist() == [2, 22, 10, 30]


def test_average_precision_of_a_known_ranking() -> None:
    right = np.array([True, False, True, True, False])
    found = Outcomes(np.linspace(0.9, 0.5, 5).astype(np.float32), right, 4)
    assert average_precision(found) == pytest.approx(0.25 * 1 + 0.25 * 0.75 + 0.25 * 0.75)
    assert average_precision(Outcomes(np.zeros(0, np.float32), np.zeros(0, bool), 4)) == 0


def test_a_label_is_met_once_and_an_ignored_box_counts_neither_way() -> None:
    here = frame(boxes((10, 10, 20, 30)), [0], ignored=boxes((60, 60, 100, 100)))
    told = seen(
        boxes((10, 10, 20, 30), (10, 11, 20, 31), (70, 70, 80, 80), (110, 10, 120, 30)),
        [0, 0, 0, 0],
        [0.9, 0.8, 0.7, 0.6],
    )
    found = outcomes([here], [told], 0)
    assert found.right.tolist() == [True, False, False]
    assert found.sure.tolist() == pytest.approx([0.9, 0.8, 0.6])
    assert found.labels == 1


def test_a_detection_of_another_kind_meets_nothing() -> None:
    here = frame(boxes((10, 10, 20, 30)), [0])
    told = seen(boxes((10, 10, 20, 30)), [2], [0.9])
    figures = figures_of([here], [told])
    assert figures["person"] == {"labels": 1, "ap50": 0.0}
    assert figures_of([here], [seen(boxes((10, 10, 20, 30)), [0], [0.9])])["person"]["ap50"] == 1


def test_calibrated_confidences_are_the_share_that_was_right() -> None:
    rng = np.random.default_rng(5)
    chance = rng.uniform(0.02, 0.98, 20_000)
    overdone = 1 / (1 + ((1 - chance) / chance) ** 2)
    order = np.argsort(-overdone)
    right = (rng.random(20_000) < chance)[order]
    found = calibrated(Outcomes(overdone[order].astype(np.float32), right, int(right.sum())))
    assert found["slope"] == pytest.approx(0.5, abs=0.03)
    assert found["offset"] == pytest.approx(0, abs=0.06)
    sure = confidences(np.array([0.5], np.float32), found["slope"], found["offset"])
    assert sure[0] == pytest.approx(0.5, abs=0.02)
    assert 0.2 < found["threshold"] < 0.5


def test_a_network_that_is_never_right_is_left_as_it_is() -> None:
    for sure in ([], [0.3, 0.2]):
        found = Outcomes(np.array(sure, np.float32), np.zeros(len(sure), np.bool_), 4)
        assert calibrated(found) == {"slope": 1.0, "offset": 0.0, "threshold": 0.5}


def test_training_pictures_hold_their_objects() -> None:
    """A bright block on dark ground stays under its box, except beside other parts of a mosaic."""
    picture = np.full((512, 640), 60, np.uint8)
    picture[200:240, 300:330] = 200
    here = Frame(
        "1_60_30_0_00001.jpg",
        "s",
        picture,
        boxes((300, 200, 330, 240)),
        np.array([1], np.int64),
        boxes(),
    )
    rng, stock = np.random.default_rng(3), stock_of([here])
    contrasts = []
    for _ in range(60):
        drawn = draw(stock, (256, 320), rng)
        assert drawn.picture.shape == (256, 320)
        for x0, y0, x1, y1 in drawn.boxes.round().astype(int):
            inside = drawn.picture[y0:y1, x0:x1]
            contrasts.append(abs(float(inside.mean()) - float(np.median(drawn.picture))))
    assert len(contrasts) > 30
    assert np.quantile(contrasts, 0.1) > 25


def lit(height: int, spots: list[tuple[int, int]], ground: int) -> Frame:
    """A frame from so many metres, people of 12 x 20 pixels and 120 above the ground in it."""
    picture = np.full((512, 640), ground, np.uint8)
    for x, y in spots:
        picture[y : y + 20, x : x + 12] = ground + 120
    labels = boxes(*((x, y, x + 12, y + 20) for x, y in spots))
    name = f"1_{height}_30_0_00001.jpg"
    return Frame(name, name, picture, labels, np.zeros(len(spots), np.int64), boxes())


def test_objects_set_down_are_under_their_boxes_and_on_no_others() -> None:
    alone, pair = lit(60, [(100, 100)], 60), lit(60, [(300, 200), (314, 204)], 60)
    onto = lit(60, [(50, 50), (400, 300)], 90)
    rng, counts = np.random.default_rng(5), []
    for _ in range(40):
        more = with_more(onto, Cuttings([alone, pair]), rng)
        counts.append(len(more.boxes) - len(onto.boxes))
        assert (more.boxes[:2] == onto.boxes).all()
        assert len(more.kinds) == len(more.boxes)
        for place, box in enumerate(more.boxes):
            x0, y0, x1, y1 = box.round().astype(int)
            assert more.picture[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1].mean() > 90 + 0.7 * 120
            others = np.delete(more.boxes, place, 0)
            assert overlaps(box[None], others).max(initial=0) == 0
        warm = (more.picture > 90 + 60).sum()
        assert warm == pytest.approx(areas(more.boxes).sum(), rel=0.15)
    assert 0 in counts
    assert max(counts) > 5


def test_what_is_set_down_is_as_large_as_from_that_height() -> None:
    cuttings, rng = Cuttings([lit(60, [(100, 100)], 60)]), np.random.default_rng(7)
    higher = [with_more(lit(120, [], 90), cuttings, rng).boxes for _ in range(60)]
    heights = np.concatenate([some[:, 3] - some[:, 1] for some in higher])
    assert np.median(heights) == pytest.approx(10, abs=1.5)
    assert len(with_more(lit(120, [], 90), Cuttings([lit(60, [], 60)]), rng).boxes) == 0
