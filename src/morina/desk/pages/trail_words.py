"""An entry of the trail in plain words, for the page and for nobody else."""

from collections.abc import Mapping

from morina.accountability.trail import Entry
from morina.desk.words import Words, mark

ACTS: Mapping[str, str] = {
    "collection": mark("Reads kept"),
    "alteration": mark("Changed"),
    "consultation": mark("Looked"),
    "disclosure": mark("Told to others"),
    "combination": mark("Compared"),
    "erasure": mark("Erased"),
    "sign_in": mark("Signed in"),
    "sign_in_refused": mark("Sign-in refused"),
    "sign_out": mark("Signed out"),
    "approval": mark("Decided for another"),
    "export": mark("Taken out"),
    "configuration": mark("Set up"),
    "oversight": mark("Overseen"),
    "backup": mark("Backed up"),
    "duty": mark("Duty recorded"),
}
"""Act to what was done, short enough for a table."""

KINDS: Mapping[str, str] = {
    "reads": mark("reads"),
    "read": mark("a read"),
    "alert": mark("alert"),
    "hotlist": mark("hotlist"),
    "pictures": mark("pictures"),
    "suspected clone": mark("label of a suspected clone"),
    "consultation": mark("question"),
    "trail": mark("the trail"),
    "check of the trail": mark("check of the whole trail"),
    "statement": mark("statement of erasure"),
    "camera": mark("camera"),
    "pushing camera": mark("camera that pushes"),
    "account": mark("account"),
    "token": mark("API token"),
    "month": mark("counts of a month"),
    "breach": mark("breach"),
    "request": mark("request of a person"),
    "answer_given": mark("question of a partner"),
    "follow_up": mark("follow-up between partners"),
}
"""What it was done to; another kind is shown by its own name."""

_SHOWN_IDS = 3


def act_in_words(act: str, t: Words) -> str:
    """What was done."""
    return t(ACTS[act]) if act in ACTS else act.replace("_", " ")


def in_words(entry: Entry, t: Words) -> str:
    """What was done to what; ids shortened, the trail has them whole."""
    what = entry.deed.what
    kind = t(KINDS[what.kind]) if what.kind in KINDS else what.kind
    ids = ", ".join(one if len(one) <= 12 else f"{one[:8]}…" for one in what.ids[:_SHOWN_IDS])
    more = what.count - min(len(what.ids), _SHOWN_IDS)
    parts = [kind, ids if what.kind not in ("trail", "check of the trail") else ""]
    said = " ".join(part for part in parts if part)
    if what.kind in ("trail", "reads") and what.count:
        said += f" ({what.count})"
    elif more > 0:
        said += " " + t("and {n} more", n=more)
    return f"{said}: {what.step}" if what.step else said


def why_in_words(entry: Entry, t: Words) -> str:
    """The purpose an act was done for, with the partner's officer where one asked; empty where it
    has none."""
    why = entry.deed.why
    if why.get("code"):
        parts = [why["code"].replace("_", " "), why["case_number"], why["justification"]]
        return "; ".join(parts + [why["officer"]] * ("officer" in why))
    if why.get("asked"):
        return t("asked for: {asked}", asked=why["asked"])
    return "; ".join(f"{name} {value}" for name, value in why.items() if value)
