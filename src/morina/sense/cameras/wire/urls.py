"""Addresses in payloads; a camera's own may hold its password."""

from urllib.parse import parse_qsl, urlencode

SAID_OPENLY = frozenset(
    {"channel", "subtype", "stream", "profile", "transport", "unicast", "proto"}
)
"""Query parameters that are kept; any other may be a secret."""


def without_password(url: str) -> str:
    """``url`` without user, password, fragment and any query parameter that may be a secret.

    A password may hold ``/`` or ``@`` unescaped, so all before the last ``@`` goes.
    """
    scheme, found, rest = url.strip().partition("://")
    if not found:
        scheme, rest = "", url.strip()
    rest = rest.rpartition("@")[2].partition("#")[0]
    place, _, query = rest.partition("?")
    kept = [(name, value) for name, value in pairs(query) if name.lower() in SAID_OPENLY]
    address = f"{scheme}://{place}" if found else place
    return f"{address}?{urlencode(kept)}" if kept else address


def pairs(query: str) -> list[tuple[str, str]]:
    """The parameters of a query, none where they cannot be told."""
    try:
        return parse_qsl(query, max_num_fields=64)
    except ValueError:
        return []
