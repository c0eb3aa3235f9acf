"""The sections of the desk, as the navigation names them."""

from collections.abc import Iterator

from morina.accountability import User
from morina.desk.permits import PAGES, may
from morina.desk.words import mark

Place = tuple[str, str]
"""Path and name of a section."""

PLACES: tuple[Place, ...] = (
    ("/", mark("Live")),
    ("/rescues", mark("Rescues")),
    ("/patrols", mark("Patrols")),
    ("/search", mark("Search")),
    ("/hotlists", mark("Hotlists")),
    ("/sightings", mark("Sightings")),
    ("/cameras", mark("Cameras")),
    ("/sites", mark("Sites")),
    ("/retention", mark("Retention")),
    ("/ask", mark("Ask a partner")),
    ("/follow-ups", mark("Follow-ups")),
    ("/partners", mark("Partners")),
    ("/operations", mark("Operations")),
    ("/sorties", mark("Sorties")),
    ("/fleet", mark("Fleet")),
    ("/approvals", mark("Approvals")),
    ("/oversight", mark("Oversight")),
    ("/people", mark("People")),
    ("/trail", mark("Trail")),
    ("/duties", mark("Duties")),
    ("/account", mark("Account")),
)


OF_EXCHANGE = frozenset({"/sightings", "/ask", "/follow-ups", "/partners", "/operations"})
"""Sections that a node without partners does not have."""

OF_AERIAL = frozenset({"/rescues", "/patrols", "/sorties", "/fleet"})
"""Sections that a node without drone flights does not have."""


def places_of(user: User, exchanges: bool, flies: bool = False) -> Iterator[Place]:
    """Path and name of each section that ``user`` may open at a node that exchanges, or not, and
    that keeps drone flights (``flies``), or not."""
    absent = (frozenset() if exchanges else OF_EXCHANGE) | (frozenset() if flies else OF_AERIAL)
    here = (place for place in PLACES if place[0] not in absent)
    return ((path, name) for path, name in here if may(user, *PAGES[path]))
