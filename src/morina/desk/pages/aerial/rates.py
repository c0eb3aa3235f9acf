"""How often people agree with the detector: counts with their intervals."""

from collections.abc import Mapping, Sequence

from morina.desk.pages.aerial.tasks_words import NAMED
from morina.desk.pages.aerial.words import KINDS
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit
from morina.desk.words import mark
from morina.sense.aerial import ObjectKind
from morina.sense.aerial.reviewing import Named
from morina.sense.cameras.chances import wilson

FEW = 30
"""Fewer say next to nothing, and the page says so; own choice."""

COLUMNS = (
    mark("The machine says"), mark("A person says"), mark("Tracks"), mark("Share"),
    mark("95 % interval"),
)  # fmt: skip
Rates = Sequence[tuple[str, str, int]]


async def rates_page(visit: Visit) -> None:
    """Machine's word against person's word, of all reviews."""
    t, aerial = visit.t, visit.services.aerial
    if aerial is None or aerial.reviews is None:
        show_missing(visit, t("This node keeps no drone flights."))
        return
    found = await aerial.reviews.rates()
    with frame(visit, t("The detector's own rate"), "/sorties"):
        with tag("div", "", "head"):
            tag("h1", t("The detector's own rate"))
            with tag("div", "", "actions"):
                tag("a", t("All sorties"), "button", href="/sorties")
        _notes(visit)
        _table(visit, found)


def _notes(visit: Visit) -> None:
    t = visit.t
    words = t(
        "Only tracks that a person reviewed are counted, and people choose which those are. What"
        " the detector did not see is not in here. Of flights that are forgotten these numbers are"
        " all that is left."
    )
    tag("p", words, "note")


def _table(visit: Visit, found: Rates) -> None:
    t, totals = visit.t, _totals(found)
    with tag("section", "", "part flush"):
        if not found:
            tag("p", t("Nobody has reviewed a track yet."), "empty")
            return
        with tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column), scope="col")
            with tag("tbody"):
                for machine, named, tracks in found:
                    _row(visit, (machine, named), tracks, totals[machine])
    for machine, of in totals.items():
        if of < FEW:
            said = t.many(
                "{kind}: {n} review says next to nothing.",
                "{kind}: {n} reviews say next to nothing.",
                of,
                kind=_kind(visit, machine),
            )
            tag("p", said, "muted")


def _row(visit: Visit, words: tuple[str, str], tracks: int, of: int) -> None:
    t, between = visit.t, wilson(tracks, of)
    with tag("tr"):
        tag("th", _kind(visit, words[0]), scope="row")
        tag("td", t(NAMED[Named(words[1])]), data_label=t(COLUMNS[1]))
        tag("td", t("{n} of {of}", n=tracks, of=of), data_label=t(COLUMNS[2]))
        if between:
            tag("td", f"{between.share:.0%}", data_label=t(COLUMNS[3]))
            tag("td", f"{between.low:.0%} - {between.high:.0%}", data_label=t(COLUMNS[4]))


def _kind(visit: Visit, machine: str) -> str:
    return visit.t(KINDS[ObjectKind(machine)])


def _totals(found: Rates) -> Mapping[str, int]:
    totals: dict[str, int] = {}
    for machine, _, tracks in found:
        totals[machine] = totals.get(machine, 0) + tracks
    return totals
