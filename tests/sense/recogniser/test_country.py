import pytest

from morina.sense.recogniser.country import TRUST, Said, Witnesses

EYE_OPEN = {"AL": 0.45, "IT": 0.45, "GB": 0.1}


def test_a_cameras_word_decides_what_text_and_looks_leave_open() -> None:
    assert Witnesses(EYE_OPEN).country("AA123BC") == (None, 0.0)
    for country in ("AL", "IT"):
        named, probability = Witnesses(EYE_OPEN, said=Said(country)).country("AA123BC")
        assert named == country
        assert 0.8 < probability < 1


def test_a_cameras_word_does_not_outweigh_a_plate_that_is_plain() -> None:
    assert Witnesses({"GB": 0.98, "AL": 0.02}, said=Said("AL")).country("AB12CDE")[0] == "GB"
    assert Witnesses({"XK": 0.95, "GB": 0.05}, said=Said("GB")).country("01234AB")[0] == "XK"


def test_a_cameras_word_against_the_looks_takes_sureness_away() -> None:
    looks = {"IT": 0.85, "AL": 0.15}
    _, alone = Witnesses(looks).country("AA123BC")
    _, agreed = Witnesses(looks, said=Said("IT")).country("AA123BC")
    assert Witnesses(looks, said=Said("AL")).country("AA123BC") == (None, 0.0)
    assert agreed > alone


def test_a_word_trusted_more_counts_more() -> None:
    looks = {"IT": 0.97, "AL": 0.03}
    trusted = (0.2, TRUST, 0.99)
    assert [Witnesses(looks, said=Said("AL", t)).country("AA123BC")[0] for t in trusted] == [
        "IT",
        "IT",
        "AL",
    ]


def test_a_word_for_a_country_without_a_sign_is_heard_as_elsewhere() -> None:
    prior = Witnesses({"GB": 0.5, "": 0.5}, said=Said("US")).prior()
    assert prior[""] > 0.8
    assert Witnesses({"GB": 0.5, "": 0.5}, said=Said("US")).country("1ABC234")[0] is None


@pytest.mark.parametrize("trust", [-0.1, 1.0, 2.0])
def test_no_word_is_beyond_doubt(trust: float) -> None:
    with pytest.raises(ValueError, match="trust"):
        Said("GB", trust)


def test_a_text_that_no_british_series_has_speaks_against_a_british_look() -> None:
    assert Witnesses({"GB": 0.68, "SE": 0.2, "FI": 0.12}).country("UJUJUJ")[0] is None
    assert Witnesses({"GB": 0.68, "SE": 0.2, "FI": 0.12}).country("AB12CDE")[0] == "GB"


def test_the_site_is_heard_before_a_country_is_named_and_limits_those_named() -> None:
    assert Witnesses(EYE_OPEN, ("AL", "GB")).country("AA123BC")[0] == "AL"
    assert Witnesses({"IT": 0.99}, ("AL", "GB")).country("AA123BC") == (None, 0.0)


def test_what_every_witness_says_is_one_probability() -> None:
    prior = Witnesses(EYE_OPEN, ("AL", "IT"), Said("AL")).prior()
    assert sum(prior.values()) == pytest.approx(1)
    assert max(prior, key=lambda country: prior[country]) == "AL"
    assert min(prior.values()) > 0
