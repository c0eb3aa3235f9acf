"""Preparing the answer to a person's request: what is kept of their plate, to be weighed first."""

from morina.accountability import Action
from morina.accountability.duties import Matter, RefusedMatterError
from morina.accountability.trail import acts_as
from morina.desk.duties.answering import Prepared, prepared
from morina.desk.duties.keeping import step_of
from morina.desk.pages.markup import button, tag
from morina.desk.pages.visit import Visit
from morina.desk.pages.written import holding, written
from morina.records.running import StoppedError


def prepare_button(visit: Visit, request: Matter) -> None:
    """Looks for the plate under the purpose of oversight, and shows what there is."""
    t, outcome = visit.t, tag("div", role="status")

    async def prepare() -> None:
        visit.must(Action.KEEP_DUTIES)
        acts_as(visit.user.name)
        oversight = visit.services.oversight
        if oversight is None:
            return
        outcome.clear()
        with outcome:
            try:
                found = await prepared(visit.services, request, visit.user.name)
                said = {"consultation": str(found.number), "passages": str(len(found.found))}
                fresh = await oversight.matters.matter(request.matter_id)
                step = ("search", said, len(fresh.steps))
                await step_of(oversight, fresh, step, visit.user.name)
            except StoppedError:
                tag("p", t("It took too long; try again."), "wrong")
            except RefusedMatterError as refused:
                tag("p", str(refused), "wrong")
            else:
                _shown(visit, found)

    button(t("Look for the plate"), prepare)


def _shown(visit: Visit, found: Prepared) -> None:
    t = visit.t
    weigh = t("Weigh first whether an answer may be refused or given in part: it must not hinder"
              " inquiries, nor show other persons (article 15).")  # fmt: skip
    tag("p", weigh, "note")
    tag("p", t("{n} passages; written down as look no. {no}", n=len(found.found), no=found.number))
    if found.more:
        tag("p", t("There are more than are shown."), "wrong")
    rows = [
        written("tr", written("td", visit.local(one.read.captured_at)),
                written("td", one.read.camera_id), written("td", one.text))
        for one in found.found
    ]  # fmt: skip
    with tag("div", "", "scroll", tabindex=0, role="region", aria_label=t("Passages found")):
        holding("table", written("tbody", *rows))
