import pytest

from morina.plates import COUNTRIES, country_of_sign, sign_of


@pytest.mark.parametrize(
    ("country", "sign"),
    [("GB", "UK"), ("AL", "AL"), ("XK", "RKS"), ("MK", "NMK"), ("ME", "MNE"), ("DE", "D")],
)
def test_a_country_and_its_sign_lead_to_each_other(country: str, sign: str) -> None:
    assert sign_of(country) == sign
    assert country_of_sign(sign) == country


@pytest.mark.parametrize(("sign", "country"), [("GB", "GB"), ("MK", "MK"), (" gb ", "GB")])
def test_a_former_sign_still_names_its_country(sign: str, country: str) -> None:
    assert country_of_sign(sign) == country


def test_no_two_countries_share_a_sign() -> None:
    assert len(set(COUNTRIES.values())) == len(COUNTRIES)
    assert all(country_of_sign(sign_of(country)) == country for country in COUNTRIES)


def test_an_unknown_sign_names_no_country_and_an_unknown_country_is_its_own_sign() -> None:
    assert country_of_sign("QQQ") is None
    assert sign_of("ZZ") == "ZZ"
