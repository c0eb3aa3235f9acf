"""What a person has to see of the exchange with partners, one thing at a time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from morina.exchange import Kind


class Sort(StrEnum):
    """Why a person has to see it."""

    PROPOSAL = "proposal"
    """A partner signed an agreement; we have not."""

    TROUBLE = "trouble"
    SET_ASIDE = "set_aside"
    """A partner's message that could not be acted on again and again."""

    DIFFERENCE = "difference"
    """Both sides' records of what passed do not agree."""

    CLOCK = "clock"
    """Somebody waits for an answer whose time runs."""

    REFUSED_OURS = "refused_ours"
    REFUSED_THEIRS = "refused_theirs"
    ATTACK = "attack"


TO_DO = frozenset({Sort.PROPOSAL, Sort.TROUBLE, Sort.CLOCK})
"""Those that wait for somebody, and are counted; the others are to be known, or are the messages a
trouble is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSee:
    """One thing; ``said`` is what is known of it in a sentence, ``href`` where it is dealt with."""

    sort: Sort
    said: str = ""
    partner: str = ""
    at: datetime | None = None
    href: str = ""
    kind: Kind | None = None
