"""A vehicle beside what the register says of it."""

import pytest

from morina.exchange.clash import Clash, clashes

GOLF = {"make": "Volkswagen", "colour": "silver"}


@pytest.mark.parametrize(
    "seen",
    [
        {"make": "VW", "colour": "Grey"},
        {"make": "VOLKSWAGEN Golf", "colour": "dark silver"},
        {"colour": "gri"},
        {"make": "", "colour": None},
        {},
    ],
)
def test_a_vehicle_that_fits_or_says_nothing_clashes_with_nothing(seen: dict[str, str]) -> None:
    assert clashes(seen, [GOLF]) == []


def test_colour_and_make_that_differ_are_named_with_both_sides() -> None:
    assert clashes({"make": "Skoda", "colour": "red"}, [GOLF]) == [
        Clash("colour", "red", "silver"), Clash("make", "Skoda", "Volkswagen"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "seen", "registered"),
    [
        ("colour", "dark blue", "dark red"),
        ("colour", "light green", "light grey"),
        ("colour", "metallic silver", "metallic black"),
        ("colour", "blu e errët", "kuqe e errët"),
        ("make", "Land Rover", "Toyota Land Cruiser"),
        ("make", "Land Rover", "Land Cruiser"),
        ("make", "Great Wall Motors", "Bayerische Motoren Motors"),
    ],
)
def test_a_shared_word_that_names_no_colour_and_no_make_hides_no_clash(
    field: str, seen: str, registered: str
) -> None:
    assert clashes({field: seen}, [{field: registered}]) == [Clash(field, seen, registered)]


@pytest.mark.parametrize(
    ("field", "seen", "registered"),
    [
        ("colour", "light metallic blue", "BLUE"),
        ("colour", "blue and white", "white"),
        ("colour", "navy", "dark blue"),
        ("colour", "e zezë", "black"),
        ("make", "Land Rover Defender", "LAND ROVER"),
        ("make", "Mercedes-Benz", "Mercedes"),
        ("make", "Alfa", "Alfa Romeo"),
        ("make", "landrover", "Land Rover"),
        ("make", "Škoda Auto", "SKODA"),
    ],
)
def test_more_words_for_the_same_clash_with_nothing(field: str, seen: str, registered: str) -> None:
    assert clashes({field: seen}, [{field: registered}]) == []


def test_of_several_registered_vehicles_one_that_fits_is_enough() -> None:
    red = {"make": "Škoda", "colour": "red"}
    assert clashes({"make": "Skoda", "colour": "red"}, [GOLF, red]) == []
    assert clashes({"make": "Skoda"}, []) == []
