"""All labels of suspected clones: who gave them, why, when to look again; and taking one back."""

from collections.abc import Sequence

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.plates import sign
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.watch import NoSuchLabelError, RefusedLabelError, SuspectedClone, Withdrawal

HERE = "/suspected-clones"
COLUMNS = (mark("Plate"), mark("Why two vehicles may bear it"), mark("Labelled"), mark("Review on"))
MOST = 1000


async def labelled_page(visit: Visit) -> None:
    """Those that stand, what is to be looked at again first."""
    t = visit.t
    with frame(visit, t("Suspected clones"), "/search"):
        with tag("div", "", "head"):
            tag("h1", t("Suspected clones"))
            tag("span", t("A label protects the keeper of a plate until a person takes it back."),
                "muted")  # fmt: skip
        page = _Page(visit, tag("section", "", "part flush"))
        await page.draw()


class _Page:
    """The list; drawn anew when a label is taken back."""

    def __init__(self, visit: Visit, place: Element) -> None:
        self._visit, self._place = visit, place

    async def draw(self) -> None:
        """The labels as they are now."""
        labels = await self._visit.services.clones.labels(limit=MOST)
        self._place.clear()
        with self._place:
            if labels:
                self._table(sorted(labels, key=lambda one: one.review_on))
            else:
                tag("p", self._visit.t("No plate is labelled as a suspected clone."), "empty")

    def _table(self, labels: Sequence[SuspectedClone]) -> None:
        t, may = self._visit.t, self._visit.may(Action.CORRECT_READS)
        with tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column), scope="col")
                if may:
                    tag("th", scope="col")
            with tag("tbody"):
                for one in labels:
                    self._row(one, may)

    def _row(self, one: SuspectedClone, may: bool) -> None:
        visit, t = self._visit, self._visit.t
        plate, why, labelled, review = (t(column) for column in COLUMNS)
        with tag("tr"):
            with tag("td", data_label=plate):
                sign(one.plate.country, t)
                tag("span", f" {one.plate.text}", "mono")
            tag("td", one.reason, data_label=why)
            at = visit.local(one.labelled_at)
            tag("td", f"{one.labelled_by}, {at}", data_label=labelled)
            with tag("td", data_label=review):
                due = one.review_on <= now().date()
                tag("span", visit.day(one.review_on), "state late" if due else "")
            if may:
                with tag("td"):
                    self._taking_back(one)

    def _taking_back(self, one: SuspectedClone) -> None:
        visit, t = self._visit, self._visit.t

        async def withdraw(fields: Fields) -> None:
            visit.must(Action.CORRECT_READS)
            try:
                withdrawal = Withdrawal(visit.user.name, now(), fields["reason"].strip())
                await visit.services.clones.withdraw(one.label_id, withdrawal)
            except (RefusedLabelError, NoSuchLabelError) as refused:
                say(wrong, translated(str(refused), t))
                return
            await self.draw()

        with tag("details"):
            tag("summary", t("Take it back"))
            with form(withdraw, "stack"):
                wrong = tag("p", "", "wrong", role="alert")
                field(t("Why it no longer stands"), "reason", maxlength="2000")
                with tag("div", "", "actions"):
                    tag("button", t("Take the label back"), type="submit")
