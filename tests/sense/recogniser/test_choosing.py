from collections.abc import Mapping, Sequence

import pytest

from morina.sense.recogniser.choosing import plates_among
from morina.sense.recogniser.country import Said
from morina.sense.recogniser.lines import Glyph, TextLine


def line(
    text: str,
    at: tuple[float, float] = (0, 0),
    height: float = 30,
    odds: Mapping[int, Mapping[str, float]] | None = None,
    sureness: float = 0.99,
) -> TextLine:
    (x, y), width = at, height * 0.6 * len(text)
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    glyphs = [
        Glyph(c.upper(), sureness, (odds or {}).get(i, {}), small=c.islower())
        for i, c in enumerate(text)
    ]
    return TextLine(corners, tuple(glyphs))


def texts(lines: Sequence[TextLine], *countries: str) -> list[str]:
    return [reading.plate.text for reading in plates_among(lines, countries)]


@pytest.mark.parametrize("text", ["Vauxhall", "POLICE", "2011", "20TDI", "Elise2011", "471322315"])
def test_other_writing_is_not_read_as_a_plate_beside_one(text: str) -> None:
    assert texts([line("AB12CDE"), line(text, (0, 200), height=15)]) == ["AB12CDE"]


@pytest.mark.parametrize("text", ["Vauxhall", "POLICE", "2011", "Elise2011", "471322315"])
def test_other_writing_alone_is_no_plate(text: str) -> None:
    assert texts([line(text)]) == []


@pytest.mark.parametrize(("text", "other"), [("SUZUKI", "1"), ("ALTIS", "5"), ("2011", "I")])
def test_a_word_is_not_mended_into_a_plate(text: str, other: str) -> None:
    assert texts([line(text, odds={len(text) - 1: {other: 0.3}})]) == []


def test_a_plate_read_as_letters_only_is_mended() -> None:
    assert texts([line("AUIOBGX", odds={2: {"1": 0.01}, 3: {"0": 0.01}})]) == ["AU10BGX"]


def test_a_plate_found_in_two_pieces_is_joined() -> None:
    assert texts([line("AB12"), line("CDE", (85, 0))]) == ["AB12CDE"]


def test_pieces_far_apart_are_not_joined() -> None:
    assert "AB12CDE" not in texts([line("AB12"), line("CDE", (400, 0))])


def test_a_plate_on_two_lines_is_joined() -> None:
    (reading,) = plates_among([line("AB12"), line("CDE", (9, 36))])
    assert reading.plate.text == "AB12CDE"
    assert reading.box == (0, 0, 72, 66)


@pytest.mark.parametrize("text", ["GBAB12CDE", "UKAB12CDE", "AB12CDEGB"])
def test_the_letters_of_the_band_are_not_part_of_the_plate(text: str) -> None:
    (reading,) = plates_among([line(text)])
    assert (reading.plate.text, reading.plate.country) == ("AB12CDE", "GB")


def test_the_band_decides_a_country_the_text_leaves_open() -> None:
    (alone,) = plates_among([line("AA123BC")])
    assert (alone.plate.country, alone.country_probability) == (None, 0.0)
    (with_band, *_) = plates_among([line("AL", (-40, 0)), line("AA123BC")])
    assert with_band.plate.country == "AL"
    assert with_band.country_probability > 0.8


def test_a_look_alike_the_reader_holds_possible_is_mended_by_grammar() -> None:
    (reading,) = plates_among([line("ABI2CDE", odds={2: {"1": 0.2}})])
    assert reading.plate.text == "AB12CDE"
    assert reading.character_confidences[2] == pytest.approx(0.2)


def test_a_look_alike_the_reader_rules_out_stays_as_read() -> None:
    assert texts([line("P03279", odds={1: {"O": 1e-6}})]) == ["P03279"]


def test_countries_named_limit_which_country_is_given() -> None:
    (reading,) = plates_among([line("AA123BC")], ["AL", "GB"])
    assert reading.plate.country == "AL"
    (other,) = plates_among([line("01234AB")], ["GB"])
    assert (other.plate.text, other.plate.country) == ("01234AB", None)


def test_every_character_has_a_confidence_and_the_surest_plate_comes_first() -> None:
    readings = plates_among([line("AB12CDE", sureness=0.7), line("XY34FGH", (0, 100))])
    assert [reading.plate.text for reading in readings] == ["XY34FGH", "AB12CDE"]
    assert all(len(r.character_confidences) == len(r.plate.text) for r in readings)


def test_a_cameras_word_decides_a_country_the_text_leaves_open() -> None:
    (silent,) = plates_among([line("AA123BC")])
    (said,) = plates_among([line("AA123BC")], said=Said("AL"))
    assert silent.plate.country is None
    assert said.plate.country == "AL"
