import pytest
from hypothesis import given
from hypothesis import strategies as st

from morina.plates import (
    ALL_SERIES,
    Series,
    best_by_grammar,
    decide_country,
    readings_of,
    skeleton,
    weigh_countries,
)


def _issued(series: Series) -> st.SearchStrategy[str]:
    return st.from_regex(series.strict, fullmatch=True).filter(series.fits)


issued = st.sampled_from(ALL_SERIES).flatmap(lambda s: st.tuples(st.just(s), _issued(s)))


def _countries(text: str) -> set[str]:
    return {fit.series.country for fit in readings_of(text) if fit.strict}


@given(issued)
def test_an_issued_text_fits_its_series_and_its_shape(case: tuple[Series, str]) -> None:
    series, text = case
    assert series.fits(text)
    assert series.resembles(text)
    assert series.country in _countries(text)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("AB12CDE", "GB"),
        ("R760PTF", "GB"),
        ("RTJ626G", "GB"),
        ("453MBC", "GB"),
        ("101D202", "GB"),
        ("AA123BC", "AL"),
        ("TR1234A", "AL"),
        ("AA123T", "AL"),
        ("01234AB", "XK"),
        ("123KS456", "XK"),
        ("SK1234AB", "MK"),
        ("SK123AB", "MK"),
        ("PGAB123", "ME"),
        ("BG1234AA", "RS"),
        ("NIK1234", "GR"),
        ("EP001NE", "IT"),
        ("INA6880", "DE"),
        ("CB1234AB", "BG"),
        ("SB74HIS", "RO"),
        ("B123ABC", "RO"),
        ("ZG1234AB", "HR"),
        ("AB123CD", "FR"),
    ],
)
def test_a_text_fits_the_country_that_issues_it(text: str, country: str) -> None:
    assert country in _countries(text)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("IB12CDE", "GB"),
        ("AB00CDE", "GB"),
        ("AB12CIE", "GB"),
        ("AB12CQE", "GB"),
        ("NIK0234", "GR"),
        ("EO001NE", "IT"),
        ("SS123AB", "FR"),
        ("CJ12ICE", "RO"),
        ("XX1234AB", "MK"),
        ("08234AB", "XK"),
        ("PGAB12", "ME"),
    ],
)
def test_a_text_its_rules_forbid_does_not_fit_strictly(text: str, country: str) -> None:
    assert country not in _countries(text)


@given(st.sampled_from([s for s in ALL_SERIES if s.country == "XK"]).flatmap(_issued))
def test_kosovo_is_never_taken_for_another_country(text: str) -> None:
    assert list(weigh_countries(text)) == ["XK"]
    assert decide_country(text, {"XK": 1, "AL": 1}) == ("XK", 1.0)


@given(issued, st.dictionaries(st.sampled_from(["GB", "AL", "IT", "DE"]), st.floats(0.1, 9)))
def test_probabilities_add_up_to_one_unless_the_country_may_be_unknown(
    case: tuple[Series, str], prior: dict[str, float]
) -> None:
    weights = list(weigh_countries(case[1], prior).values())
    assert not weights or (sum(weights) == pytest.approx(1) if prior else sum(weights) < 1)
    assert weights == sorted(weights, reverse=True)


def test_an_albanian_text_leaves_the_country_open_until_the_place_decides() -> None:
    assert decide_country("AA123BC") == (None, 0.0)
    assert decide_country("AA123BC", {"AL": 0.9, "IT": 0.05, "FR": 0.05})[0] == "AL"
    assert decide_country("AA123BC", {"GB": 1.0}) == (None, 0.0)


def test_a_british_text_is_romanian_only_with_a_county_code() -> None:
    assert decide_country("AX12CDE")[0] == "GB"
    assert decide_country("CJ12ABC") == (None, 0.0)


def test_letters_and_digits_of_no_particular_order_are_not_called_german() -> None:
    assert decide_country("AFC396") == (None, 0.0)
    assert decide_country("AFC396", {"DE": 1, "AL": 1})[0] == "DE"


def test_a_text_no_series_knows_has_no_country() -> None:
    assert weigh_countries("A1B2C3D4E5") == {}


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ABI2CDE", "AB12CDE"),
        ("8A12CDE", "BA12CDE"),
        ("AB12C0E", "AB12COE"),
        ("O1234CD", "01234CD"),
        ("EPOO1NE", "EP001NE"),
        ("AB12CDE", "AB12CDE"),
        ("M3O0RMW", "M300RMW"),
        ("A1B2C3D4E5", "A1B2C3D4E5"),
    ],
)
def test_letters_and_digits_are_exchanged_where_a_grammar_decides(read: str, meant: str) -> None:
    assert best_by_grammar(read) == meant


def test_what_the_reader_holds_likelier_is_taken() -> None:
    assert best_by_grammar("SG013", [{}, {}, {"O": 0.3}, {}, {}]) == "SGO13"
    assert best_by_grammar("SG013", [{}, {}, {"O": 0.01}, {}, {}]) == "SG013"


def test_a_character_the_reader_rules_out_is_never_put_in() -> None:
    assert best_by_grammar("P03279", [{}, {"O": 1e-6}, {}, {}, {}, {}]) == "P03279"


def test_only_the_named_countries_grammars_are_asked() -> None:
    assert best_by_grammar("AB0I2CD", countries=["GB"]) == "AB01ZCD"
    assert best_by_grammar("AB0I2CD", countries=["AL"]) == "AB012CD"


@given(issued)
def test_the_grammar_only_ever_exchanges_look_alikes(case: tuple[Series, str]) -> None:
    assert skeleton(best_by_grammar(case[1])) == skeleton(case[1])
