import pytest

from morina.plates import ALL_SERIES, NEIGHBOURS, readings_of, weigh_countries


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("12ABC3", "NL"), ("1ABC234", "BE"), ("1A23456", "CZ"), ("BA123AB", "SK"),
        ("W12345A", "AT"), ("LJAB123", "SI"), ("ZH123456", "CH"), ("ABC12D", "SE"),
        ("AB12345", "DK"), ("12D3456", "IE"), ("1234AB75", "FR"), ("M1234AB", "ES"),
        ("WA12345", "PL"), ("A12E345", "BA"), ("ABC123", "HU"),
    ],
)  # fmt: skip
def test_a_plate_of_a_neighbour_fits_its_series(text: str, country: str) -> None:
    assert country in {fit.series.country for fit in readings_of(text, NEIGHBOURS)}


def test_neighbours_do_not_decide_a_country_by_text_alone() -> None:
    assert "NL" not in weigh_countries("12ABC3")
    assert not set(NEIGHBOURS) & set(ALL_SERIES)


@pytest.mark.parametrize("text", ["PARKING", "12AB", "AB12CDEF", "ABCDEFG1"])
def test_other_text_fits_no_neighbour(text: str) -> None:
    assert readings_of(text, NEIGHBOURS) == ()
