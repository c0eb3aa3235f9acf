"""Importing a hotlist file: taken whole, or every bad row named on screen."""

from typing import Any

from nicegui.events import GenericEventArguments

from morina.desk.pages.fields import NAMES
from morina.desk.pages.frame import frame
from morina.desk.pages.hotlists import found
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.words import Words, mark
from morina.watch import Hotlist

_UPLOAD = "async (e) => { e.preventDefault(); emit(await desk.upload(e.target)); }"
LONGEST_VALUE = 80
COLUMNS = (mark("Line"), mark("Field"), mark("Value"), mark("What to mend"))


async def import_page(visit: Visit, hotlist_id: str) -> None:
    """The form for a file and, after a refusal, the rows to mend."""
    t = visit.t
    hotlist = await found(visit, hotlist_id)
    if hotlist is None:
        return
    listed = (await visit.services.hotlists.find(hotlist.hotlist_id)).count
    with frame(visit, t("Import a file"), "/hotlists"):
        with tag("div", "", "head"):
            tag("h1", t("Import a file"))
            tag("span", hotlist.name, "muted")
            with tag("div", "", "actions"):
                back = f"/hotlists/{hotlist.hotlist_id}"
                tag("a", t("Back to the hotlist"), href=back, data_key="Escape")
        _form(visit, hotlist, listed)


def _form(visit: Visit, hotlist: Hotlist, listed: int) -> None:
    t = visit.t
    with tag("section", "", "part", aria_labelledby="file"):
        tag("h2", t("The file"), id="file")
        tag(
            "p",
            t.many(
                "A file replaces the whole hotlist, which has {n} entry now. It is taken whole or"
                " not at all.",
                "A file replaces the whole hotlist, which has {n} entries now. It is taken whole"
                " or not at all.",
                listed,
            ),
        )
        where = f"/api/v1/hotlists/{hotlist.hotlist_id}/import"
        upload = tag("form", "", "", action=where, data_working=t("Checking the file…"))
        with upload:
            with tag("label", "", "field"):
                tag("span", t("CSV or JSON file"), "field-label")
                tag("input", name="file", type="file", accept=".csv,.json", required=True)
            with tag("div", "", "actions"):
                tag("button", t("Check and import"), "first", type="submit")
    outcome = tag("div", "", "", role="status")

    def answered(event: GenericEventArguments) -> None:
        outcome.clear()
        with outcome:
            show_outcome(dict(event.args), visit, hotlist)

    upload.on("submit", answered, js_handler=_UPLOAD)


def show_outcome(answer: dict[str, Any], visit: Visit, hotlist: Hotlist) -> None:
    """What the node answered: status, detail, mend, count, faulty and faults."""
    t = visit.t
    if answer.get("status") == 200:
        with tag("section", "", "part"):
            n = int(answer.get("count", 0))
            tag("p", t.many("{n} entry is now listed.", "{n} entries are now listed.", n), "good")
            tag("a", t("Back to the hotlist"), href=f"/hotlists/{hotlist.hotlist_id}")
        return
    faults = answer.get("faults") or []
    with tag("section", "", "part", aria_labelledby="refused"):
        tag("h2", t("Nothing was imported"), id="refused")
        if not faults:
            _whole_file(answer, visit)
            return
        n = int(answer.get("faulty", len(faults)))
        tag("p", t.many("{n} thing is to be mended:", "{n} things are to be mended:", n), "wrong")
        _faults(faults, visit)
        if n > len(faults):
            tag("p", t("and {n} more", n=n - len(faults)), "muted")


def _whole_file(answer: dict[str, Any], visit: Visit) -> None:
    t = visit.t
    why = str(answer.get("detail") or t("The node did not answer. Is the connection up?"))
    tag("p", translated(why, t), "wrong")
    if mend := answer.get("mend"):
        tag("p", translated(str(mend), t))


def _faults(faults: list[dict[str, Any]], visit: Visit) -> None:
    t = visit.t
    with tag("div", "", "scroll"), tag("table", "", "stacks"):
        with tag("thead"), tag("tr"):
            for column in COLUMNS:
                tag("th", t(column), scope="col")
        with tag("tbody"):
            for fault in faults:
                _fault(fault, t)


def _fault(fault: dict[str, Any], t: Words) -> None:
    name = str(fault.get("field", ""))
    value, mend = str(fault.get("value", "")), translated(str(fault.get("mend", "")), t)
    with tag("tr"):
        tag("td", str(fault.get("line") or ""), "num", data_label=t("Line"))
        with tag("th", t(NAMES.get(name, "")), scope="row"):
            tag("code", f" {name}")
        tag("td", value[:LONGEST_VALUE], "mono value", data_label=t("Value"))
        tag("td", mend, data_label=t("What to mend"))
