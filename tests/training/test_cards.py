"""What was measured gets into the cards, and nothing else in them changes."""

import json
import sys
import xml.etree.ElementTree as ElementTree
from base64 import b64decode, b64encode
from pathlib import Path

import cv2
import numpy as np
import pytest
from training import cards, evaluate_finder, evaluate_reader
from training.cards_diagram import diagram
from training.cards_failures import Section, of_finder, of_reader, page
from training.evaluate_found import Group, Looked, by_width, group, nearest, share
from training.evaluate_trials import Trial
from training.measures import calibration_bins, calibration_error, interval
from training.scenes_photographs import Photograph

from morina.sense.recogniser.finding import Found

PNG = b64encode(cv2.imencode(".png", np.zeros((4, 8, 3), np.uint8))[1].tobytes()).decode()
ONE = {
    "plates": 40, "exact": 0.95, "low": 0.835, "high": 0.986, "by_eye": 0.9,
    "country_by_eye": 0.8, "country_right": 0.85, "british_right": 1.0,
}  # fmt: skip


def read_figures() -> evaluate_reader.Figures:
    wrong = {"text": "AB12CDE", "sign": "GB", "width": 71, "read": "A812CDE", "sure": 0.61}
    drawn = {"text": "AA123BB", "sign": "AL", "width": 160, "read": "AA123B", "sure": 0.4}
    return {
        "groups": {"all": ONE, "rendered AL": ONE},
        "countries": {"GB": ONE, "?": ONE},
        "calibration": {
            "chosen": True, "temperature": 1.3, "plates": 20, "error": 0.021,
            "error_at_70_px": 0.03, "bins": calibration_bins([0.95, 0.4], [True, False]),
        },
        "ms_a_crop": 1.5,
        "wrong": [wrong],
        "rendered_wrong": [{**drawn, "png": PNG}],
    }  # type: ignore[typeddict-item]  # fmt: skip


def seen_figures() -> evaluate_finder.Figures:
    here = Group(**share([True] * 9 + [False]), photographs=10, false=3, baseless=1, ms=11.0)
    seen: evaluate_finder.Seen = {
        "threshold": 0.35, "sources": {"openlpr_val": here}, "thresholds": {"0.35": here},
        "widths": {"0 to 45 px": share([True, False])}, "shrunk": {"45 px": here},
    }  # fmt: skip
    lost: evaluate_finder.Missed = {
        "photograph": "a/1.jpg", "text": "AB12CDE", "sign": "GB", "width": 30, "nearest": 0.4,
    }  # fmt: skip
    return {
        "finder": seen,
        "peer": None,
        "corners": {"scenes": 4, "found": 3, "middle": 0.2, "ninth": 0.4},
        "missed": [lost],
        "taken": [{"photograph": "a/2.jpg", "box": [1, 2, 30, 9], "sure": 0.7}],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("READER.md", "FINDER.md"):
        text = (
            f"# {name}\nby hand\n{cards.BEGIN}\nfigures of last year\n{cards.END}\n\nalso by hand\n"
        )
        (tmp_path / name).write_text(text)
    return tmp_path


def written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    (folder / "reader.json").write_text(json.dumps(read_figures()))
    (folder / "finder.json").write_text(json.dumps(seen_figures()))
    files = ["--reader", str(folder / "reader.json"), "--finder", str(folder / "finder.json")]
    monkeypatch.setattr(sys, "argv", ["cards", *files, "--out", str(folder)])
    cards.main()
    return {path.name: path.read_text() for path in folder.glob("*.md")}


def test_figures_stand_between_the_marks_and_the_prose_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = written(folder, monkeypatch)
    for name in ("READER.md", "FINDER.md"):
        assert pages[name].startswith(f"# {name}\nby hand\n{cards.BEGIN}\n")
        assert pages[name].endswith(f"{cards.END}\n\nalso by hand\n")
        assert "last year" not in pages[name]
    assert "| rendered AL | 40 | 95.0 | 83.5 to 98.6 |" in pages["READER.md"]
    assert "0.021 (0.03 with plates shrunk to 70 px) on 20 plates" in pages["READER.md"]
    assert "| finder openlpr_val | 10 | 90.0 | 59.6 to 98.2 | 0.300 |" in pages["FINDER.md"]
    assert written(folder, monkeypatch) == pages


def test_links_of_the_cards_lead_to_files_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = written(folder, monkeypatch)
    assert "(reader-calibration.svg)" in pages["READER.md"]
    assert (folder / "reader-calibration.svg").exists()
    assert "![](failures/AL-AA123BB.png)" in pages["FAILURES.md"]
    assert (folder / "failures" / "AL-AA123BB.png").read_bytes() == b64decode(PNG)


def test_a_card_without_marks_is_not_touched(folder: Path) -> None:
    (folder / "READER.md").write_text("no place for figures\n")
    with pytest.raises(cards.CardError, match="put the lines"):
        cards.write_card("READER.md", "figures", folder)
    assert (folder / "READER.md").read_text() == "no place for figures\n"


def test_the_shipped_cards_have_a_place_for_figures() -> None:
    for name in ("READER.md", "FINDER.md"):
        text = (cards.SHIPPED / name).read_text()
        assert "12345" in cards.with_figures(text, "12345", name)


def test_what_a_person_saw_outlives_new_networks() -> None:
    sections = [*of_reader(read_figures()), *of_finder(seen_figures())]
    looked_at = page(sections).replace(
        "| AB12CDE | GB | 71 | A812CDE | 0.61 |  |",
        "| AB12CDE | GB | 71 | A812CDE | 0.61 | a bolt |",
    )
    assert "a bolt" in looked_at
    better = read_figures()
    better["wrong"] = [{**better["wrong"][0], "read": "AB12COE", "sure": 0.5}]
    again = page(of_reader(better), looked_at)
    assert "| AB12CDE | GB | 71 | AB12COE | 0.50 | a bolt |" in again
    assert "| a/1.jpg | AB12CDE | GB | 30 | 0.40 |  |" in again, "the finder's part was not given"


def test_a_section_without_failures_says_so() -> None:
    title = of_reader(read_figures())[0].title
    assert f"## {title}\nNone.\n" in page([Section(title, ("text",), 1, ())])


def test_the_diagram_is_a_picture_with_a_column_a_bin_that_has_plates() -> None:
    sure = [0.95, 0.93, 0.4]
    drawn = diagram(calibration_bins(sure, [True, False, True]))
    svg = ElementTree.fromstring(drawn)  # noqa: S314 - made one line above
    space = "{http://www.w3.org/2000/svg}"
    assert len(svg.findall(f"{space}circle")) == 2
    assert {"1", "2"} <= {text.text for text in svg.findall(f"{space}text")}


def test_bins_hold_every_outcome_and_add_up_to_the_error() -> None:
    sure, right = [0.0, 0.05, 0.55, 0.95, 1.0], [False, False, True, True, False]
    bins = calibration_bins(sure, right)
    assert [one["count"] for one in bins] == [2, 0, 0, 0, 0, 1, 0, 0, 0, 2]
    assert calibration_error(sure, right) == pytest.approx((0.05 + 0.45 + 0.95) / 5)


def test_the_temperature_is_chosen_on_other_plates_than_it_is_measured_on() -> None:
    texts = [f"AB{n}CDE" for n in range(1000)]
    chosen = sum(map(evaluate_reader.is_chosen_on, texts))
    assert 400 < chosen < 600
    assert evaluate_reader.is_chosen_on(texts[0]) == evaluate_reader.is_chosen_on(texts[0])


def test_countries_are_told_apart_the_commonest_first() -> None:
    trials = [
        Trial(text, None, sign, 90.0, text, read, 0.9, None, "")
        for text, sign, read in [("A1", "D", "A1"), ("B1", "GB", "B1"), ("C1", "GB", "O1")]
    ]
    found = evaluate_reader.by_sign(trials)
    assert list(found) == ["GB", "D"]
    assert (found["GB"]["plates"], found["GB"]["exact"]) == (2, 0.5)
    assert (found["GB"]["low"], found["GB"]["high"]) == pytest.approx(interval(1, 2), abs=1e-4)


def test_a_finder_is_counted_by_labels_found_and_boxes_of_none() -> None:
    boxes = np.array([[0, 0, 100, 20], [200, 0, 300, 20]], np.float32)
    suspected = np.array([[400, 0, 500, 20]], np.float32)
    corners = ((0.0, 0.0),) * 4
    found = [
        Found(0.9, (0.0, 0.0, 100.0, 20.0), corners),
        Found(0.8, (400.0, 0.0, 500.0, 20.0), corners),
        Found(0.8, (600.0, 0.0, 700.0, 20.0), corners),
        Found(0.2, (200.0, 0.0, 300.0, 20.0), corners),
    ]
    picture = np.zeros((30, 800, 3), np.uint8)
    looked = Looked(Photograph("a", "1.jpg", picture, boxes, suspected), found, 0.01)
    assert nearest(looked, 0.3) == [1.0, 0.0]
    counted = group([looked], 0.3)
    assert (counted["plates"], counted["found"]) == (2, 1)
    assert (counted["false"], counted["baseless"]) == (2, 1)
    json.dumps(counted)


def test_nothing_is_said_of_countries_nobody_noted() -> None:
    trial = Trial("A1", None, "", 90.0, "A1", "A1", 0.9, "GB", "GB")
    assert "british_right" not in evaluate_reader.share([trial])
    (*_, row) = evaluate_reader.rows({"?": evaluate_reader.share([trial])})
    assert row == "| ? | 1 | 100.0 | 20.6 to 100.0 | 100.0 | - | - | - |"
    elsewhere = Trial("A1", "", "IS", 90.0, "A1", "A1", 0.9, "GB", "GB")
    assert evaluate_reader.share([elsewhere])["british_right"] == 0.0


def test_plates_are_counted_by_their_width() -> None:
    boxes = np.array([[0, 0, 44, 9], [0, 20, 45, 29], [0, 40, 400, 120]], np.float32)
    found = [Found(0.9, (0.0, 20.0, 45.0, 29.0), ((0.0, 0.0),) * 4)]
    picture = np.zeros((130, 400, 3), np.uint8)
    seen = Photograph("a", "1.jpg", picture, boxes, np.zeros((0, 4), np.float32))
    counted = by_width([Looked(seen, found, 0.01)], 0.3)
    assert {name: (one["plates"], one["found"]) for name, one in counted.items()} == {
        "under 45 px": (1, 0), "45 to 70 px": (1, 1), "150 px and wider": (1, 0),
    }  # fmt: skip
