"""Issuing countries and the signs their plates carry."""

from collections.abc import Mapping
from types import MappingProxyType

COUNTRIES: Mapping[str, str] = MappingProxyType(
    {
        "AD": "AND", "AL": "AL", "AM": "AM", "AT": "A", "AZ": "AZ", "BA": "BIH", "BE": "B",
        "BG": "BG", "BY": "BY", "CH": "CH", "CY": "CY", "CZ": "CZ", "DE": "D", "DK": "DK",
        "EE": "EST", "ES": "E", "FI": "FIN", "FR": "F", "GB": "UK", "GE": "GE", "GR": "GR",
        "HR": "HR", "HU": "H", "IE": "IRL", "IS": "IS", "IT": "I", "LI": "FL", "LT": "LT",
        "LU": "L", "LV": "LV", "MC": "MC", "MD": "MD", "ME": "MNE", "MK": "NMK", "MT": "M",
        "NL": "NL", "NO": "N", "PL": "PL", "PT": "P", "RO": "RO", "RS": "SRB", "RU": "RUS",
        "SE": "S", "SI": "SLO", "SK": "SK", "SM": "RSM", "TR": "TR", "UA": "UA", "VA": "V",
        "XK": "RKS",
    }
)  # fmt: skip
"""ISO 3166-1 alpha-2 (XK for Kosovo) to the sign on the plate."""

_FORMER_SIGNS = {"GB": "GB", "MK": "MK"}
"""Still on the road: the British band said GB until September 2021, the Macedonian one MK until
February 2019."""

_BY_SIGN = {sign: country for country, sign in COUNTRIES.items()} | _FORMER_SIGNS


def sign_of(country: str) -> str:
    """The sign on the plates of ``country`` (ISO alpha-2); an unknown country is its own sign."""
    return COUNTRIES.get(country, country)


def country_of_sign(sign: str) -> str | None:
    """The country (ISO alpha-2) whose plates carry ``sign``, former signs too; None if none do."""
    return _BY_SIGN.get(sign.strip().upper())
