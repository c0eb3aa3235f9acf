"""A new listing against past reads: a search, under a purpose taken from the listing itself."""

from collections.abc import Mapping

from morina.accountability import Purpose, PurposeCode
from morina.watch.listing import Listed, ReasonCode

_CODES: Mapping[ReasonCode, PurposeCode] = {
    ReasonCode.STOLEN: PurposeCode.STOLEN_VEHICLE,
    ReasonCode.SMUGGLING: PurposeCode.SERIOUS_CRIME,
    ReasonCode.TRAFFICKING: PurposeCode.SERIOUS_CRIME,
    ReasonCode.MISSING_PERSON: PurposeCode.MISSING_PERSON,
}
"""Every other reason counts as a crime."""


def purpose_of(listed: Listed, officer: str) -> Purpose:
    """Why ``officer`` looks for a listed vehicle among past reads.

    The case is the source's reference, else the listing's id; the basis is the listing's.
    """
    listing, hotlist = listed.listing, listed.hotlist
    reason = listing.reason_code.value.replace("_", " ")
    return Purpose(
        officer=officer,
        code=_CODES.get(listing.reason_code, PurposeCode.CRIME),
        case_number=listing.source_reference or f"listing {listing.listing_id}",
        legal_basis=listing.legal_basis,
        justification=f"entry on hotlist {hotlist.name} ({reason}) by {listing.created_by},"
        " looked for among past reads",
    )
