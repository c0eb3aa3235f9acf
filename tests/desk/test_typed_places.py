"""A place is taken as people write it, and refused where it is none."""

import pytest

from morina.desk.pages.aerial.tasks_words import decimal, degrees_minutes
from morina.desk.typed_places import typed_place

HERE = (42.10002, 20.42)


@pytest.mark.parametrize(
    "text",
    [
        "42.10002, 20.42", "42.10002 20.42", " 42,10002 20,42 ", "42,10002; 20,42",
        "42.10002,20.42", "N 42° 06.0012' E 020° 25.200'", "n42.10002 e20.42",
        "42°06.0012'N, 20°25.2'E", "42°06'0.072\"N 20°25'12\"E", "42°06'0.072\"N20°25'12\"E",
        "42° 06.0012' 20° 25.2'",
    ],
)  # fmt: skip
def test_degrees_are_taken_as_people_write_them(text: str) -> None:
    assert typed_place(text) == pytest.approx(HERE, abs=1e-7)


def test_what_rescuers_are_shown_is_taken_back() -> None:
    for place in (HERE, (-33.25, -70.125)):
        assert typed_place(decimal(*place)) == pytest.approx(place, abs=1e-5)
        assert typed_place(degrees_minutes(*place)) == pytest.approx(place, abs=2e-5)


def test_south_and_west_are_below_nought() -> None:
    assert typed_place("S 1° 30' W 2° 15'") == (-1.5, -2.25)
    assert typed_place("-1.5, -2.25") == (-1.5, -2.25)
    assert typed_place("N 42.1 W 20.4") == (42.1, -20.4)


@pytest.mark.parametrize(
    "text",
    ["", "here", "42.1", "91, 20", "42, 181", "42° 61' 20° 5'", "N 42 S 20", "42.1, 20.4, 7"],
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        typed_place(text)
