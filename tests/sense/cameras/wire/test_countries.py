import pytest

from morina.plates import COUNTRIES
from morina.sense.cameras.wire.countries import FURTHER, ISO_3166, NAMES, country_of


@pytest.mark.parametrize(
    ("said", "country"),
    [
        ("AL", "AL"), ("al", "AL"), ("ALB", "AL"), ("Albania", "AL"),
        ("RKS", "XK"), ("XKX", "XK"), ("XK", "XK"), ("Kosovo", "XK"),
        ("NMK", "MK"), ("MK", "MK"), ("MKD", "MK"), ("North Macedonia", "MK"),
        ("MNE", "ME"), ("ME", "ME"), ("Montenegro", "ME"),
        ("UK", "GB"), ("GB", "GB"), ("GBR", "GB"), ("United Kingdom", "GB"),
        ("D", "DE"), ("DEU", "DE"), ("GER", "DE"), ("SRB", "RS"), ("ESP", "ES"),
        ("Bosnia and Herzegovina", "BA"), ("Türkiye", "TR"), (" de ", "DE"), ("USA", "US"),
    ],
)  # fmt: skip
def test_every_spelling_of_a_country_is_known(said: str, country: str) -> None:
    assert country_of(said) == country


@pytest.mark.parametrize(
    "said",
    ["", "NON", "non", "N/A", "NA", "unknown", "ZZ", "EU", "Balkans", 0, 13, None, [], "x" * 99],
)
def test_what_says_no_country_is_none(said: object) -> None:
    assert country_of(said) is None


def test_the_tables_agree() -> None:
    pairs = [pair.split(":") for pair in ISO_3166.split()]
    assert len({two for two, _ in pairs}) == len({three for _, three in pairs}) == 250
    for country, sign in COUNTRIES.items():
        assert country_of(country) == country_of(sign) == country
    assert not set(FURTHER) & {three for _, three in pairs}
    assert set(NAMES.values()) <= set(COUNTRIES)
