"""Plates as drawn."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morina.demo import COUNTRIES, Look, random_plate, render_plate
from morina.demo.british import GLYPHS, HEIGHT_MM, draw_glyph, glyph_width_mm
from morina.demo.composing import text_of
from morina.demo.designs import DESIGNS
from morina.demo.lettering import Lettering
from morina.demo.mud import COVERED, muddied
from morina.plates import Plate, readings_of, sign_of

GROUND = (slice(8, 13), slice(300, 320))


def letters_on(image: np.ndarray) -> int:
    """How many characters stand on a plate whose left 50 mm hold the band."""
    return characters_in(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[:, 100:], 0.6)


def characters_in(grey: np.ndarray, height: float) -> int:
    """How many dark things are higher than a share of the picture."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((grey < 110).astype(np.uint8))
    return int((stats[1:, cv2.CC_STAT_HEIGHT] > height * grey.shape[0]).sum())


@pytest.mark.parametrize("text", ["LN67KTE", "A12BCD", "ABC123D", "AB1234", "OIZ4321", "123D456"])
def test_a_british_plate_shows_as_many_characters_as_its_text_has(text: str) -> None:
    assert letters_on(render_plate(Plate(text, "GB"), 222).image) == len(text)


def test_a_british_plate_is_white_in_front_and_yellow_behind() -> None:
    plate = Plate("LN67KTE", "GB")
    front = render_plate(plate, 110).image[GROUND].mean(axis=(0, 1))
    rear = render_plate(plate, 110, Look(rear=True)).image[GROUND].mean(axis=(0, 1))
    assert front.min() > 220
    assert rear[0] < 80 and rear[1] > 150 and rear[2] > 200


def test_other_countries_plates_are_white_behind_too() -> None:
    image = render_plate(Plate("AB508KT", "AL"), 110, Look(rear=True)).image
    assert image[GROUND].mean(axis=(0, 1)).min() > 220


@pytest.mark.parametrize(("band", "blue", "green"), [("UK", 1, 0), ("GB", 1, 0), ("flash", 0, 1)])
def test_british_bands_have_their_colours(band: str, blue: int, green: int) -> None:
    strip = render_plate(Plate("LN67KTE", "GB"), 110, Look(band=band)).image[80:84, 2:6]
    b, g, r = strip.reshape(-1, 3).mean(axis=0)
    assert bool(b > g + 40 and b > r + 40) == bool(blue)
    assert bool(g > b + 40 and g > r + 40) == bool(green)


def test_a_british_plate_without_a_band_is_plain_to_its_edge() -> None:
    image = render_plate(Plate("LN67KTE", "GB"), 110, Look(band="none")).image
    assert image[40:70, 0:10].min() > 220


def test_an_old_british_plate_is_silver_on_black() -> None:
    image = render_plate(Plate("ABC123D", "GB"), 110, Look(dark=True)).image
    assert image[GROUND].max() < 60
    assert image.max() > 180


def test_british_letters_keep_the_standards_proportions() -> None:
    for letter in GLYPHS:
        ink = draw_glyph(letter, 2.0)
        assert ink.shape == (round(HEIGHT_MM * 2), round(glyph_width_mm(letter) * 2))
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        assert (rows[0], columns[0]) <= (2, 2)
        assert ink.shape[0] - rows[-1] <= 3 and ink.shape[1] - columns[-1] <= 3
    assert abs(int((draw_glyph("L", 2.0)[60] > 127).sum()) - 28) <= 1


def test_no_two_british_characters_look_the_same_but_those_the_standard_shares() -> None:
    drawn: dict[bytes, str] = {}
    for letter in GLYPHS:
        ink = draw_glyph(letter, 0.5).tobytes()
        assert {drawn.setdefault(ink, letter), letter} in ({letter}, {"0", "O"}, {"1", "I"})


@pytest.mark.parametrize("two_lines", [False, True])
@pytest.mark.parametrize("country", COUNTRIES)
def test_every_countrys_plate_arranges_all_characters_of_its_text(
    country: str, two_lines: bool
) -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        plate = random_plate(rng, country)
        lines = DESIGNS[country].arranged(plate.text, two_lines)
        assert len(lines) == 1 + two_lines
        assert sum(len(line) for line in lines) > 1
        assert text_of(lines) == plate.text


def test_a_text_no_pattern_fits_is_cut_in_the_middle_or_left_whole() -> None:
    assert DESIGNS["GB"].arranged("A1B2C", True) == [["A1"], ["B2C"]]
    assert DESIGNS["GB"].arranged("A1B2C") == [["A1B2C"]]
    assert DESIGNS["GB"].arranged("A", True) == [["A"]]


BRITISH_LINES = {
    "LN67KTE": (4, 3),
    "A12BCD": (3, 3),
    "ABC123D": (3, 4),
    "AB1234": (2, 4),
    "OIZ4321": (3, 4),
    "123D456": (3, 4),
}
"""A text of the current, prefix, suffix, dateless, Northern Irish and diplomatic series."""


@pytest.mark.parametrize("look", [Look(), Look(True), Look(band="GB"), Look(True, "flash")])
@pytest.mark.parametrize("text", BRITISH_LINES)
def test_a_british_plate_on_two_lines_shows_its_characters_above_each_other(
    text: str, look: Look
) -> None:
    image = render_plate(Plate(text, "GB"), 406, replace(look, two_lines=True)).image
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[:, 82:]
    halves = (grey[:203], grey[203:])
    assert tuple(characters_in(half, 0.7) for half in halves) == BRITISH_LINES[text]


def test_a_plate_on_two_lines_is_higher_for_its_width() -> None:
    right, bottom = render_plate(Plate("LN67KTE", "GB"), 203, Look(two_lines=True)).corners[2]
    assert (right, bottom) == (279, 203)


def test_raised_letters_show_their_sides_and_gel_letters_shine() -> None:
    flat, gel, thick = (
        render_plate(Plate("LN67KTE", "GB"), 222, Look(relief=relief)).image[:, 100:].astype(int)
        for relief in ("flat", "3D", "4D")
    )
    ink, ground = (flat < 40).all(axis=2), (flat > 220).all(axis=2)
    assert 0 < (ground & (gel < 140).all(axis=2)).sum() < (ground & (thick < 140).all(axis=2)).sum()
    assert (gel[ink] > 120).all(axis=1).sum() > 1000
    assert (thick[ink] < 60).all()


def test_a_name_no_plate_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="flash"):
        Look(band="EU")
    with pytest.raises(ValueError, match="4D"):
        Look(relief="5D")


def test_north_macedonian_plates_carry_the_old_sign_or_the_new() -> None:
    plate = Plate("SK1234AB", "MK")
    new, old = (render_plate(plate, 220, Look(band=band)).image for band in ("NMK", "MK"))
    assert (new[:, 84:] == old[:, 84:]).all()
    assert (new[:, :84] != old[:, :84]).any()
    assert (render_plate(plate, 220, Look(band="flash")).image == new).all()


@given(seed=st.integers(0, 2**31), country=st.sampled_from(COUNTRIES))
@settings(max_examples=100)
def test_an_invented_plate_fits_its_countrys_grammar_and_repeats_with_its_seed(
    seed: int, country: str
) -> None:
    first, second = (random_plate(np.random.default_rng(seed), country) for _ in range(2))
    assert first == second
    assert first.country == country
    assert any(fit.strict and fit.series.country == country for fit in readings_of(first.text))


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_band_carries_the_countrys_sign(country: str) -> None:
    band = DESIGNS[country].left
    assert band is not None and band.sign == sign_of(country)


@pytest.mark.parametrize("height", [16, 40, 110, 222, 300])
def test_corners_are_the_pictures_own(height: int) -> None:
    picture = render_plate(Plate("SK1234AB", "MK"), height)
    assert picture.image.shape[0] == height
    assert picture.image.shape[:2] == picture.mask.shape
    right, bottom = picture.corners[2]
    assert (right, bottom) == (picture.image.shape[1], height)
    assert right / bottom == pytest.approx(520 / 110, rel=0.02)


def test_north_macedonias_code_stands_again_in_a_red_cartouche() -> None:
    image = render_plate(Plate("SK1234AB", "MK"), 110).image.astype(int)
    red = (image[..., 2] > 150) & (image[..., 1] < 80)
    assert 200 < red.sum() < 3000


def test_mud_hides_nearly_the_whole_plate() -> None:
    clean = render_plate(Plate("AA730LD", "AL"), 220)
    dirty = muddied(clean, np.random.default_rng(1))
    unchanged = (np.abs(clean.image.astype(int) - dirty.image).max(axis=2) < 12).mean()
    assert unchanged < 1 - COVERED
    assert dirty.mask is clean.mask
    assert (muddied(clean, np.random.default_rng(1)).image == dirty.image).all()


def test_every_font_shipped_stands_on_the_rendering_page_with_its_licence() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "rendering.md").read_text(encoding="utf-8")
    shipped = {file.name for file in (root / "src" / "morina" / "demo" / "fonts").iterdir()}
    assert {font.value for font in Lettering if font.value.endswith(".ttf")} <= shipped
    assert [name for name in sorted(shipped) if name not in page] == []
