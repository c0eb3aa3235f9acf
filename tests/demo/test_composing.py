"""The one composer of plates."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from morina.demo.composing import Hand, Plan, Screw, compose, line_width, text_of
from morina.demo.designs import BLACK, RED, WHITE, Band
from morina.demo.lettering import Lettering, character

BRITISH = Hand(font=Lettering.BRITISH, capital=79, space=11, gap=22, after_mark=11)
"""Measures of BS AU 145; the gap of 33 mm between groups is the space of 11 and 22 more."""


def a_plan(*lines: list[str], hand: Hand = BRITISH, width: int = 1040) -> Plan:
    return Plan(
        size=(222 * len(lines), width),
        scale=2.0,
        lines=lines,
        pitch_px=222,
        between=(0, width),
        hand=hand,
        ground=WHITE,
    )


def test_british_characters_stand_as_far_apart_as_the_standard_says() -> None:
    composed = compose(a_plan(["LN67", " ", "KTE"]))
    middles_mm = np.array(composed.centres)[:, 0] / 2
    assert np.diff(middles_mm) == pytest.approx([61, 61, 61, 83, 61, 61])
    assert middles_mm[[0, -1]].mean() == pytest.approx(260)


def test_each_characters_middle_lies_in_its_ink() -> None:
    composed = compose(a_plan(["HL"], ["TI"]))
    columns = [np.rint(x).astype(int) for x, _ in composed.centres]
    rows = [np.rint(y).astype(int) for _, y in composed.centres]
    assert composed.lines == (0, 0, 1, 1)
    assert rows == [111, 111, 333, 333]
    for name, x, y in zip("HLTI", columns, rows, strict=True):
        assert (composed.image[y - 79 : y + 79, x - 50 : x + 50] < 60).any(), name


def test_a_line_too_long_is_narrowed_to_its_room() -> None:
    parts = ["WMWM", " ", "WMW"]
    wide = a_plan(parts, width=2000)
    narrow = replace(wide, size=(222, 700), between=(0, 700))
    dark = [(compose(plan).image < 100).all(axis=(2)).any(axis=0) for plan in (wide, narrow)]
    first, last = (np.flatnonzero(columns)[[0, -1]] for columns in dark)
    assert first[1] - first[0] == pytest.approx(line_width(parts, BRITISH, 2.0) - 22, abs=3)
    assert last == pytest.approx([8, 691], abs=3)


def test_lines_closer_than_the_plate_is_high_stand_in_its_middle() -> None:
    plan = replace(a_plan(["LN67"], ["KTE"]), size=(406, 558), between=(0, 558), pitch_px=196)
    rows = np.flatnonzero((compose(plan).image < 100).all(axis=2).any(axis=1))
    assert (rows[0], 405 - rows[-1]) == pytest.approx((26, 26), abs=1)


def test_bands_marks_border_and_screws_are_where_they_are_planned() -> None:
    plan = replace(
        a_plan(["AB", "o", "123"]),
        between=(84, 956),
        left=Band(),
        right=Band(),
        border=True,
        screws=(Screw((300, 12), RED),),
    )
    image = compose(plan).image.astype(int)
    for columns in (slice(20, 80), slice(960, 1020)):
        assert (image[60:200, columns] == Band().colour).all()
    assert (image[7, 100:200] == BLACK).all()
    assert (image[12, 300] == RED).all()
    assert text_of(plan.lines) == "AB123"


def test_a_thicker_stroke_grows_into_the_room_beside_it() -> None:
    inks = []
    for weight in (-1, 0, 1):
        hand = replace(BRITISH, side=2.0, weight=weight)
        inks.append(int((compose(a_plan(["H8"], hand=hand)).image < 100).sum()))
    assert inks[0] < inks[1] < inks[2]


def test_what_british_strokes_lack_comes_from_another_lettering() -> None:
    assert (character(Lettering.BRITISH, "Č", 77) == character(Lettering.DIN, "Č", 77)).all()


def test_a_font_from_a_file_keeps_to_the_same_height() -> None:
    fonts = Path(__file__).parents[2] / "src" / "morina" / "demo" / "fonts"
    other = character(fonts / Lettering.DIN.value, "H", 60)
    own = character(Lettering.DIN, "H", 60)
    rows = [np.flatnonzero((ink > 127).any(axis=1))[[0, -1]] for ink in (other, own)]
    assert other.shape[0] == own.shape[0]
    assert rows[0] == pytest.approx(rows[1], abs=1)


def test_no_other_module_puts_bands_marks_or_borders_on_a_plate() -> None:
    root = Path(__file__).parents[2]
    drawing = ("draw_band(", "draw_emblem(", "draw_cartouche(", "draw_border(")
    modules = [*root.glob("src/morina/**/*.py"), *root.glob("training/*.py")]
    composers = {
        module.name
        for module in modules
        if module.name != "marks.py"
        and any(call in module.read_text(encoding="utf-8") for call in drawing)
    }
    assert composers == {"composing.py"}
