"""What a follow-up must say, who sees it, and what may be released. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

from morina.accountability import PurposeCode
from morina.accountability.approvals import Guarded, Request
from morina.exchange.agreement import Agreement
from morina.exchange.follow_ups import FollowUp, Grant, RefusedFollowUpError, Side, ToFollowUp

LONGEST = 2000
NEEDED = "details from a partner need a second person"


def approval_request(one: FollowUp) -> Request:
    """What a second person is asked: just this follow-up, to just this partner."""
    wanted = ", ".join(one.wanted)
    return Request(
        kind=Guarded.FOLLOW_UP, requester=one.requester, needed=NEEDED, why=dict(one.why),
        words=f"{one.partner} is asked about {one.named.words}: {wanted} ({one.offence},"
        f" {one.urgency})",
        content={
            "follow_up": str(one.follow_up_id), "partner": one.partner, "about": str(one.about),
            "agreement": str(one.agreement_id), "offence": one.offence,
            "urgency": one.urgency.value,
            "wanted": list(one.wanted), "officers": list(one.officers), **one.named.said,
        },
    )  # fmt: skip


def refuse_thin(wanted: ToFollowUp, least_characters: int) -> None:
    """RefusedFollowUpError where it says too little for the owner to judge it."""
    said = len(wanted.purpose.justification.strip())
    if said < least_characters:
        raise RefusedFollowUpError(
            "justification",
            f"{said} characters; the owner judges by it: write {least_characters} or more on what"
            " happened and why these details are needed",
        )
    if not wanted.offence.strip():
        raise RefusedFollowUpError("offence", "is empty; name the offence the case is about")
    if not wanted.wanted:
        raise RefusedFollowUpError("wanted", "is empty; name the details that are needed")


def refuse_fields(place: str, names: Collection[str], agreement: Agreement) -> None:
    """RefusedFollowUpError where one of ``names`` is not agreed."""
    if over := sorted(set(names) - agreement.fields):
        agreed = ", ".join(sorted(agreement.fields))
        raise RefusedFollowUpError(place, f"{over[0]} is not agreed; there are: {agreed}")


def refuse_grant(grant: Grant, agreement: Agreement, now: datetime) -> None:
    """RefusedFollowUpError for nothing, fields not agreed, or a time not agreed."""
    if not grant.fields:
        raise RefusedFollowUpError("fields", "nothing is released; choose fields, or refuse")
    refuse_fields("fields", grant.fields, agreement)
    if grant.at and grant.at > now:
        raise RefusedFollowUpError("at", "is still to come; say when it came about")
    last = now + timedelta(days=agreement.keep_days)
    if not now < grant.forget_at <= last:
        raise RefusedFollowUpError(
            "forget_at", f"choose a time up to {last:%Y-%m-%d}: {agreement.keep_days} days agreed"
        )


def words_of(words: str) -> str:
    """What one side asks the other, trimmed; RefusedFollowUpError."""
    said = words.strip()
    if len(said.split()) < 3 or len(said) > LONGEST:
        raise RefusedFollowUpError("words", f"write 3 words or more, at most {LONGEST} characters")
    return said


def purpose_of(one: FollowUp) -> PurposeCode:
    """The purpose it is asked for."""
    return PurposeCode(one.why["code"])


def sees(one: FollowUp, by: str, releases: bool) -> bool:
    """Whether ``by`` sees that there is this follow-up."""
    if one.side is Side.OWNING:
        return releases
    return by in (one.requester, one.approver, *one.officers)


def sees_granted(one: FollowUp, by: str) -> bool:
    """Whether ``by`` sees what was released: officers of the case, nobody else."""
    return one.side is Side.ASKING and by in (one.requester, *one.officers)
