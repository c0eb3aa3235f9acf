import pytest

from morina.sense.recogniser.country import Said
from morina.sense.recogniser.weighing import weigh

GB, AL, IT, NL = ({country: 1.0} for country in ("GB", "AL", "IT", "NL"))
UNDECIDED = {"GB": 0.25, "AL": 0.25, "IT": 0.25, "FR": 0.25}


@pytest.mark.parametrize(
    ("seen", "meant", "country"),
    [("ABI2CDE", "AB12CDE", "GB"), ("O1234AB", "01234AB", "XK"), ("AA123BC", "AA123BC", "AL")],
)
def test_grammar_decides_what_the_eye_leaves_open(seen: str, meant: str, country: str) -> None:
    texts = [(meant, 0.45)] if seen == meant else [(seen, 0.5), (meant, 0.4)]
    weighed = weigh(texts, {country: 1.0})
    assert weighed is not None
    assert (weighed.plate.text, weighed.plate.country) == (meant, country)
    assert weighed.seen == seen


@pytest.mark.parametrize(
    ("seen", "meant", "country"),
    [
        ("AB12C8E", "AB12CBE", "GB"),
        ("AB1ZCDE", "AB12CDE", "GB"),
        ("ABO2CDE", "AB02CDE", "GB"),
        ("D7NS0", "D7NSO", "GB"),
        ("0112OAB", "01120AB", "XK"),
        ("PGABI23", "PGAB123", "ME"),
        ("SKI234AB", "SK1234AB", "MK"),
        ("AA12BBC", "AA128BC", "AL"),
        ("YRB1234", "YHB1234", "GR"),
        ("CA1234RB", "CA1234HB", "BG"),
    ],
)
def test_look_alikes_are_told_apart_where_a_series_has_only_one_of_them(
    seen: str, meant: str, country: str
) -> None:
    weighed = weigh([(seen, 0.6), (meant, 0.3)], {country: 1.0})
    assert weighed is not None
    assert (weighed.plate.text, weighed.seen) == (meant, seen)


@pytest.mark.parametrize(
    ("one", "other", "country"),
    [
        ("R760PTF", "H760PTF", "GB"),
        ("AB12RDE", "AB12HDE", "GB"),
        ("AI123BC", "AJ123BC", "AL"),
        ("AB18CDE", "AB13CDE", "GB"),
    ],
)
def test_where_a_series_has_both_of_two_look_alikes_the_eye_decides(
    one: str, other: str, country: str
) -> None:
    for texts in ([(one, 0.6), (other, 0.4)], [(other, 0.6), (one, 0.4)]):
        weighed = weigh(texts, {country: 1.0})
        assert weighed is not None
        assert weighed.plate.text == texts[0][0]


def test_a_country_seen_wrongly_does_not_bend_a_text_seen_rightly() -> None:
    weighed = weigh([("SZ10000", 0.9), ("SZ1000O", 0.07)], {"HR": 1.0})
    assert weighed is not None
    assert weighed.plate.text == "SZ10000"


def test_the_cameras_word_settles_a_country_and_with_it_the_text() -> None:
    texts, looks = [("AO123BC", 0.5), ("A0123BC", 0.45)], {"AL": 0.5, "IT": 0.5}
    weighed = weigh(texts, looks, said=Said("AL"))
    assert weighed is not None
    assert (weighed.plate.text, weighed.plate.country) == ("AO123BC", "AL")
    alone = weigh(texts, looks)
    assert alone is not None
    assert alone.country_probability < weighed.country_probability


def test_an_odd_but_clear_plate_is_kept() -> None:
    weighed = weigh([("ABI2CDE", 0.995), ("AB12CDE", 0.004)], GB)
    assert weighed is not None
    assert weighed.plate.text == "ABI2CDE"
    assert weighed.confidence > 0.85


def test_albania_has_both_o_and_0_so_the_eye_decides() -> None:
    weighed = weigh([("AO100BO", 0.9), ("A0100BO", 0.1)], AL)
    assert weighed is not None
    assert weighed.plate.text == "AO100BO"


def test_looks_decide_a_country_the_text_leaves_open() -> None:
    for country, looks in (("AL", AL), ("IT", IT)):
        weighed = weigh([("AA123BC", 0.99)], looks)
        assert weighed is not None
        assert weighed.plate.country == country
        assert weighed.country_probability > 0.9


def test_a_country_is_none_while_witnesses_disagree() -> None:
    weighed = weigh([("AA123BC", 0.99)], UNDECIDED)
    assert weighed is not None
    assert (weighed.plate.country, weighed.country_probability) == (None, 0.0)


def test_text_outweighs_looks_that_are_unsure() -> None:
    weighed = weigh([("AB12CDE", 0.99)], {"NL": 0.35, "GB": 0.5, "IE": 0.15})
    assert weighed is not None
    assert weighed.plate.country == "GB"


def test_a_country_without_known_series_is_named_by_its_looks() -> None:
    weighed = weigh([("12ABC3", 0.98)], NL)
    assert weighed is not None
    assert (weighed.plate.text, weighed.plate.country) == ("12ABC3", "NL")


def test_the_site_decides_between_countries_and_limits_those_named() -> None:
    expected = weigh([("AA123BC", 0.99)], UNDECIDED, ("AL", "GB"))
    other = weigh([("01234AB", 0.99)], {"XK": 1.0}, ("GB",))
    assert expected is not None
    assert other is not None
    assert expected.plate.country == "AL"
    assert (other.plate.text, other.plate.country) == ("01234AB", None)


def test_a_plate_that_looks_like_nowhere_known_has_no_country() -> None:
    weighed = weigh([("K179658", 0.99)], {"": 1.0})
    assert weighed is not None
    assert weighed.plate.country is None


def test_the_place_in_doubt_is_the_least_sure() -> None:
    weighed = weigh([("AB12CDE", 0.6), ("AB12CDF", 0.3)], GB)
    assert weighed is not None
    *others, last = weighed.character_confidences
    assert last == pytest.approx(weighed.confidence)
    assert min(others) > 0.9 > last


def test_a_character_more_or_less_leaves_the_rest_sure() -> None:
    weighed = weigh([("AB12CDE", 0.6), ("AB12XCDE", 0.4)], {})
    assert weighed is not None
    assert min(weighed.character_confidences) > 0.99


def test_what_looks_like_no_plate_takes_confidence_away() -> None:
    sure = weigh([("AB12CDE", 0.9)], GB)
    doubted = weigh([("", 0.6), ("AB12CDE", 0.3)], GB)
    assert sure is not None
    assert doubted is not None
    assert doubted.confidence < 0.4 < 0.95 < sure.confidence


@pytest.mark.parametrize("texts", [[], [("", 1.0)], [("ABCDEFGHIJKLM", 0.9)]])
def test_nothing_is_made_of_no_text(texts: list[tuple[str, float]]) -> None:
    assert weigh(texts, GB) is None


@pytest.mark.parametrize(
    ("text", "odd"), [("AB12CDE", False), ("DAC90", False), ("ABI2CDE", True), ("PARKING", True)]
)
def test_a_text_that_fits_nothing_is_odd(text: str, odd: bool) -> None:
    weighed = weigh([(text, 0.9)], GB)
    assert weighed is not None
    assert weighed.is_odd == odd
