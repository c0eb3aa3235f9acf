"""What approvals, alarms and reviews are called on screen."""

from collections.abc import Mapping

from morina.accountability.approvals import Guarded, Stage
from morina.accountability.misuse import Rule
from morina.accountability.overseeing import Finding, Fits
from morina.accountability.purpose import PurposeCode
from morina.accountability.watched import Watch
from morina.desk.pages.labels import PURPOSES
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit
from morina.desk.words import mark

STAGES: Mapping[Stage, str] = {
    Stage.OPEN: mark("waits for a decision"),
    Stage.APPROVED: mark("approved, not used yet"),
    Stage.REFUSED: mark("refused"),
    Stage.USED: mark("approved and used"),
    Stage.EXPIRED: mark("its time is over"),
}
GUARDED: Mapping[Guarded, str] = {
    Guarded.QUESTION: mark("a question to the records"),
    Guarded.EXPORT: mark("an export"),
    Guarded.ERASURE: mark("the erasure of a plate"),
    Guarded.PINS: mark("reads pinned to a case"),
    Guarded.ROLES: mark("roles of an account"),
    Guarded.AGREEMENT: mark("an agreement with a partner"),
    Guarded.PARTNER_QUESTION: mark("a question to partners about the past"),
    Guarded.FOLLOW_UP: mark("a request to a partner for details"),
}
RULES: Mapping[Rule, str] = {
    Rule.SAME_PLATE: mark("the same plate again and again"),
    Rule.HOUSEHOLD: mark("a plate of one's own household"),
    Rule.OFF_SHIFT: mark("outside the shift"),
    Rule.VOLUME: mark("many more questions than peers"),
    Rule.SENSITIVE: mark("a sensitive plate"),
    Rule.ROLES: mark("roles that one person gave"),
}
FINDINGS: Mapping[Finding, str] = {
    Finding.IN_ORDER: mark("in order"),
    Finding.MISUSE: mark("misuse"),
    Finding.UNCLEAR: mark("not clear"),
}
FITS: Mapping[Fits, str] = {
    Fits.FITS: mark("fits its purpose"),
    Fits.DOES_NOT_FIT: mark("does not fit"),
    Fits.ASK_OFFICER: mark("ask the officer"),
}
WATCHES: Mapping[Watch, str] = {
    Watch.SENSITIVE: mark("sensitive"),
    Watch.HOUSEHOLD: mark("of an officer's household"),
}


def facts(visit: Visit, said: Mapping[str, str]) -> None:
    """Names and values, those that say nothing left out."""
    with tag("dl", "", "facts"):
        for name, value in said.items():
            if value:
                tag("dt", visit.t(name))
                tag("dd", value)


def why_facts(why: Mapping[str, str], visit: Visit) -> dict[str, str]:
    """A purpose in parts, as ``facts`` shows it."""
    code = why.get("code", "")
    known = code in set(PurposeCode)
    return {
        mark("What for"): visit.t(PURPOSES[PurposeCode(code)]) if known else code,
        mark("Case number"): why.get("case_number", ""),
        mark("Legal basis"): why.get("legal_basis", ""),
        mark("Reason"): why.get("justification", why.get("reason", "")),
    }
