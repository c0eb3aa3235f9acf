"""What the values of the other packages are called on screen."""

from collections.abc import Mapping
from enum import Enum

from morina.accountability import PurposeCode
from morina.alerts import PICTURE, State, Step
from morina.desk.words import Words, mark
from morina.watch import Action, Likeness, ReasonCode, SubjectCategory

LABELS: Mapping[Enum, str] = {
    State.RAISED: mark("raised"),
    State.ACKNOWLEDGED: mark("acknowledged"),
    State.CONFIRMED: mark("confirmed"),
    State.REJECTED: mark("rejected"),
    State.DISPATCHED: mark("dispatched"),
    State.CLOSED: mark("closed"),
    State.EXPIRED: mark("expired"),
    Step.ACKNOWLEDGE: mark("Acknowledge"),
    Step.CONFIRM: mark("Confirm"),
    Step.REJECT: mark("Reject"),
    Step.DISPATCH: mark("Dispatch"),
    Step.CLOSE: mark("Close"),
    Step.EXPIRE: mark("Expire"),
    Action.STOP: mark("stop the vehicle"),
    Action.OBSERVE: mark("observe only"),
    Action.INFORM_OWNER: mark("inform the owner of the listing"),
    SubjectCategory.SUSPECT: mark("suspect"),
    SubjectCategory.CONVICTED: mark("convicted person"),
    SubjectCategory.VICTIM: mark("victim"),
    SubjectCategory.MISSING: mark("missing person"),
    SubjectCategory.OTHER: mark("other person"),
    ReasonCode.STOLEN: mark("stolen"),
    ReasonCode.SMUGGLING: mark("smuggling"),
    ReasonCode.TRAFFICKING: mark("trafficking"),
    ReasonCode.WANTED_PERSON: mark("wanted person"),
    ReasonCode.MISSING_PERSON: mark("missing person sought"),
    ReasonCode.CLONED_PLATE: mark("cloned plate"),
    ReasonCode.UNINSURED: mark("uninsured"),
    ReasonCode.OTHER: mark("other reason"),
    Likeness.LOOK_ALIKE: mark("look-alike"),
    Likeness.OTHER_COUNTRY: mark("same text, other country"),
    Likeness.COUNTRY_UNKNOWN: mark("same text, country not read"),
    Likeness.EXACT: mark("exact match"),
}

ACTS: Mapping[str, str] = {
    "raise": mark("{who} raised the alert"),
    PICTURE: mark("{who} added the picture, which came later"),
    "acknowledge": mark("{who} acknowledged the alert"),
    "transcribe": mark("{who} typed what they see"),
    "confirm": mark("{who} confirmed the alert"),
    "reject": mark("{who} rejected the alert"),
    "dispatch": mark("{who} recorded a dispatch"),
    "close": mark("{who} closed the alert"),
    "expire": mark("{who} let the alert expire"),
    "note": mark("{who} noted"),
}
"""What somebody did on an alert."""

REJECTIONS: Mapping[str, str] = {
    "other text": mark("the plate shows another text"),
    "other country": mark("the plate is of another country"),
    "other vehicle": mark("the vehicle is not the one described"),
    "not legible": mark("the plate cannot be read by eye"),
    "other": mark("another reason"),
}
"""Reasons for a rejection as stored, and what they are called."""

PURPOSES: Mapping[PurposeCode, str] = {
    PurposeCode.STOLEN_VEHICLE: mark("stolen vehicle"),
    PurposeCode.MISSING_PERSON: mark("missing person"),
    PurposeCode.RISK_TO_LIFE: mark("risk to life"),
    PurposeCode.CRIME: mark("crime"),
    PurposeCode.SERIOUS_CRIME: mark("serious crime"),
    PurposeCode.TERRORISM: mark("terrorism"),
    PurposeCode.ALERT_HANDLING: mark("handling an alert"),
    PurposeCode.OVERSIGHT: mark("oversight"),
}
"""What a question to the records may be for, as it is called."""


def label(value: Enum, t: Words) -> str:
    """The name of an enum member on screen."""
    return t(LABELS[value])


def rejection(stored: str, t: Words) -> str:
    """A stored rejection reason (``code`` or ``code: note``) in words."""
    code, _, note = stored.partition(": ")
    if code not in REJECTIONS:
        return stored
    return f"{t(REJECTIONS[code])}: {note}" if note else t(REJECTIONS[code])
