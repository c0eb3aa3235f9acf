"""What protects a keeper and what is kept elsewhere, said above an answer and on its rows."""

from collections.abc import Sequence

from morina.desk.beside import UNTOLD, Beside, PinnedReads
from morina.desk.cloned import WARNING
from morina.desk.pages.markup import tag
from morina.desk.pages.search.answered import Asked, Desk
from morina.desk.pages.visit import now
from morina.desk.words import mark
from morina.plates import Plate
from morina.watch import SuspectedClone
from morina.watch.clones import label_of

SUSPECTED = mark("suspected clone: protect the keeper")


def show_label(desk: Desk, clones: Sequence[SuspectedClone], plate: Plate | None) -> None:
    """On a row: that somebody labelled its plate. Nothing otherwise."""
    if plate is not None and (one := label_of([plate], clones)):
        t = desk.visit.t
        who = t("Labelled by {name}: {reason}", name=one.labelled_by, reason=one.reason)
        tag("span", t(SUSPECTED), "state late", title=who)


def show_beside(desk: Desk, asked: Asked, plates: Sequence[str]) -> None:
    """Above an answer: the labels of the plates asked for, and which reads of them are pinned."""
    t, told = desk.visit.t, asked.beside
    if not told.told:
        tag("p", t(UNTOLD), "note")
    for one in _of_asked(told, plates):
        _warning(desk, one)
    for pinned in told.pinned:
        tag("p", pinned_words(desk, pinned))


def pinned_words(desk: Desk, one: PinnedReads) -> str:
    """How many are kept and until when; the case only where it is the one asked for."""
    t, day = desk.visit.t, desk.visit.day(one.review_at)
    values = {"plate": one.plate, "day": day}
    if one.case_number:
        return t.many(
            "{n} read of {plate} is pinned for this case until {day} at least.",
            "{n} reads of {plate} are pinned for this case until {day} at least.",
            one.reads, **values,
        )  # fmt: skip
    return t.many(
        "{n} read of {plate} is pinned for another case until {day} at least, whatever is"
        " forgotten here.",
        "{n} reads of {plate} are pinned for another case until {day} at least, whatever is"
        " forgotten here.",
        one.reads, **values,
    )  # fmt: skip


def _of_asked(told: Beside, plates: Sequence[str]) -> list[SuspectedClone]:
    return [one for one in told.clones if one.plate.text in plates]


def _warning(desk: Desk, one: SuspectedClone) -> None:
    t, visit = desk.visit.t, desk.visit
    with tag("section", "", "wrong", role="note"):
        tag("strong", t(WARNING))
        who, at = one.labelled_by, visit.local(one.labelled_at)
        tag("p", t("Labelled by {name}, {at}: {reason}", name=who, at=at, reason=one.reason))
        day = visit.day(one.review_on)
        if one.review_on <= now().date():
            tag("p", t("To be looked at again since {day}.", day=day))
        else:
            tag("p", t("To be looked at again on {day}.", day=day))
        tag("a", t("All suspected clones"), href="/suspected-clones")
