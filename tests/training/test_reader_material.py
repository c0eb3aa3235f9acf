"""What the reader is trained and measured on, and how its answers are read."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training.decoding import classes_of, readings
from training.kinds import KINDS
from training.labels import Crop, Label, backgrounds, crops_of, cut, labels_in, split
from training.measures import calibration_error, interval
from training.outputs import ALPHABET, COLUMNS, HEIGHT, WIDTH
from training.plates import make_up
from training.samples import photographed, rendered, shown

COUNTRIES = sorted({kind.country for kind in KINDS})


def a_label(text: str, source: str = "roads", box: tuple[float, ...] = (10, 10, 90, 30)) -> Label:
    return Label(source, "one.png", (box[0], box[1], box[2], box[3]), text, "GB")


def a_photograph() -> np.ndarray:
    rng = np.random.default_rng(4)
    return rng.integers(0, 255, (240, 320, 3)).astype(np.uint8)


@given(st.lists(st.sampled_from([f"AB{n:02}CDE" for n in range(60)]), max_size=80))
def test_no_plate_is_both_learnt_from_and_measured_on(texts: list[str]) -> None:
    sources = ("roads", "openlpr_val", "tunnels")
    labels = [a_label(text, sources[at % 3]) for at, text in enumerate(texts)]
    learnt, measured = split(labels)
    assert len(learnt) + len(measured) == len(labels)
    assert not {one.text for one in learnt} & {one.text for one in measured}
    assert all(one.source != "openlpr_val" for one in learnt)


def test_about_an_eighth_of_the_plates_is_measured_on() -> None:
    labels = [a_label(f"AB{n:04}") for n in range(4000)]
    _, measured = split(labels)
    assert 0.10 < len(measured) / len(labels) < 0.14


def test_a_label_without_text_is_neither_learnt_from_nor_measured_on() -> None:
    assert split([a_label("")]) == ([], [])


def test_labels_are_read_with_their_boxes_and_countries(tmp_path) -> None:
    rows = ["source,file,x0,y0,x1,y1,text,country", "roads,one.png,1,2,41.5,12,LN67KTE,GB"]
    rows += ["roads,none.png,,,,,,", "roads,two.png,1,2,3,4,159KS304,RKS"]
    (tmp_path / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    first, second = labels_in(tmp_path)
    assert first == Label("roads", "one.png", (1, 2, 41.5, 12), "LN67KTE", "GB")
    assert (first.country, second.country, first.width) == ("GB", "XK", 40.5)


def test_a_file_that_is_no_picture_is_named(tmp_path) -> None:
    with pytest.raises(ValueError, match=r"one\.png"):
        crops_of([a_label("LN67KTE")], tmp_path)


def test_a_plate_at_the_edge_of_its_photograph_is_cut_with_all_its_surroundings() -> None:
    crop = cut(a_photograph(), a_label("LN67KTE", box=(0, 220, 100, 240)))
    assert crop.image.shape[:2] == (20 + 2 * 7, 100 + 2 * 35)
    assert crop.box == (35, 7, 135, 27)
    assert (crop.image[:, :35] == crop.image[:, 35:36]).all()


def test_backgrounds_touch_no_plate(tmp_path) -> None:
    (tmp_path / "roads").mkdir()
    image = np.zeros((400, 600, 3), np.uint8)
    image[100:300, 100:500] = 255
    cv2.imwrite(str(tmp_path / "roads" / "one.png"), image)
    label = a_label("LN67KTE", box=(100, 100, 500, 300))
    found = [piece for seed in range(40) for piece in backgrounds([label], tmp_path, 1, seed)]
    assert found
    assert all(piece.max() == 0 for piece in found)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_character_of_a_plate_made_up_has_its_place_in_reading_order(country: str) -> None:
    rng = np.random.default_rng(7)
    for _ in range(25):
        plate = make_up(rng, country)
        height, width = plate.image.shape[:2]
        assert len(plate.text) == len(plate.centres) == len(plate.second)
        assert set(plate.text) <= set(ALPHABET)
        assert (plate.centres > 0).all() and (plate.centres < (width, height)).all()
        for line in (plate.second, ~plate.second):
            assert (np.diff(plate.centres[line, 0]) > 0).all()
        assert (np.diff(plate.second.astype(int)) >= 0).all()


def test_plates_made_up_repeat_with_their_seed() -> None:
    def ten() -> list[bytes]:
        rng = np.random.default_rng(3)
        return [rendered(rng, make_up(rng), 1.0).image.tobytes() for _ in range(10)]

    assert ten() == ten()
    assert len(set(ten())) == 10


@given(seed=st.integers(0, 2**31), strength=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_a_sample_has_the_readers_size_and_a_place_for_each_character(
    seed: int, strength: float
) -> None:
    rng = np.random.default_rng(seed)
    sample = rendered(rng, make_up(rng), strength)
    assert (sample.image.shape, sample.image.dtype) == ((HEIGHT, WIDTH, 3), np.uint8)
    assert len(sample.places) == len(sample.text)
    assert all(0 <= place < 2 * COLUMNS for place in sample.places)
    if strength < 0.2:
        assert len(set(sample.places)) == len(sample.places)


@pytest.mark.parametrize("width", [None, 45.0, 400.0])
def test_a_photographed_plate_is_shown_in_the_usual_margin(width: float | None) -> None:
    image = np.zeros((200, 300, 3), np.uint8)
    image[80:120, 60:220] = 255
    crop = cut(image, a_label("LN67KTE", box=(60, 80, 220, 120)))
    out = shown(crop, width)
    assert out.shape == (HEIGHT, WIDTH, 3)
    assert out[20, 80].min() == 255
    assert out[1, 80].max() < 60 and out[20, 2].max() < 60
    assert photographed(np.random.default_rng(1), crop, 1.0).image.shape == (HEIGHT, WIDTH, 3)


def places(classes: list[int], sure: float = 0.9) -> np.ndarray:
    shares = np.full((1, len(classes), 6), (1 - sure) / 5, np.float32)
    shares[0, range(len(classes)), classes] = sure
    return np.log(shares)


def test_repetitions_are_one_character_unless_a_blank_is_between() -> None:
    (reading,) = readings(places([0, 1, 1, 0, 1, 2, 2, 0]), "ABCDE", 0)
    assert reading.text == "AAB"
    assert reading.characters == pytest.approx((0.9,) * 3)
    assert reading.confidence == pytest.approx(0.9**3)


def test_nothing_but_blanks_is_no_text() -> None:
    (reading,) = readings(places([0, 0, 0]), "ABCDE", 0)
    assert reading.text == ""


def test_a_higher_temperature_reads_the_same_less_surely() -> None:
    cold, warm = (readings(places([1, 0, 2]), "ABCDE", 0, t)[0] for t in (1.0, 2.0))
    assert warm.text == cold.text
    assert warm.confidence < cold.confidence


@given(st.text(alphabet=ALPHABET, max_size=10), st.sampled_from([0, len(ALPHABET)]))
def test_a_text_written_as_classes_is_read_back(text: str, blank: int) -> None:
    spaced = [one for known in classes_of(text, ALPHABET, blank) for one in (known, blank)]
    shares = np.full((1, len(spaced) + 1, len(ALPHABET) + 1), -9.0, np.float32)
    shares[0, range(len(spaced) + 1), [*spaced, blank]] = 0.0
    assert readings(shares, ALPHABET, blank)[0].text == text


def test_wilsons_interval_of_95_of_100() -> None:
    low, high = interval(95, 100)
    assert (round(low, 3), round(high, 3)) == (0.888, 0.978)
    assert interval(0, 0) == (0.0, 1.0)


def test_truthful_confidences_have_no_calibration_error() -> None:
    assert calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0)
    assert calibration_error([1.0, 1.0], [True, False]) == pytest.approx(0.5)


def test_a_crop_keeps_the_label_it_was_cut_by() -> None:
    crop = cut(a_photograph(), a_label("LN67KTE"))
    assert isinstance(crop, Crop)
    assert crop.label.text == "LN67KTE"
