"""One joint operation: its tasks on a board, notes, officers, checks with their counts, files."""

from datetime import datetime

from morina.accountability import Action
from morina.desk.pages.frame import frame
from morina.desk.pages.joint.board import Board
from morina.desk.pages.joint.forms import Adding, Results, Uploading
from morina.desk.pages.joint.parts import looking, owner_line, parties_of
from morina.desk.pages.joint.words import KINDS, PURPOSES
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit
from morina.desk.words import mark
from morina.exchange.operations import (
    ItemKind,
    Key,
    NoSuchItemError,
    Operations,
    OperationView,
)

_FACTS = (
    ("purpose", mark("What it is for")),
    ("case_number", mark("Case number")),
    ("legal_basis", mark("Legal basis")),
)


async def operation_page(visit: Visit, operation_id: str) -> None:
    """What this person sees of it."""
    t, exchange = visit.t, visit.services.exchange
    if exchange is None or exchange.operations is None:
        show_missing(visit, t("This node exchanges with nobody: set exchange.node_id first."))
        return
    try:
        key = Key.of(operation_id)
        view = await exchange.operations.operation(key, looking(visit))
    except NoSuchItemError:
        show_missing(visit, t("There is no operation of that id here, or it is not for you."))
        return
    with frame(visit, view.case.text("name"), "/operations"):
        with tag("div", "", "head"):
            tag("h1", view.case.text("name"))
            with tag("div", "", "actions"):
                tag("a", t("Back to the operations"), "button", href="/operations")
        others = [one for one in parties_of(view.case) if one != exchange.node_id]
        await _Operation(visit, exchange.operations, view, others).draw()


class _Operation:
    """The page, drawn again after each act."""

    def __init__(
        self, visit: Visit, operations: Operations, view: OperationView, others: list[str]
    ) -> None:
        self._visit, self._operations, self._view = visit, operations, view
        self._told = tag("p", "", "", role="status")
        _facts(visit, view)
        self._parts = tag("div")
        if visit.may(Action.WORK_OPERATIONS):
            for kind in (ItemKind.TASK, ItemKind.CHECK, ItemKind.NOTE, ItemKind.OFFICER):
                Adding(visit, operations, view.case.key, (kind, others), self.again)
            Uploading(visit, view.case.key, others, self.again)

    async def again(self) -> None:
        """What is there now."""
        self._view = await self._operations.operation(self._view.case.key, looking(self._visit))
        await self.draw()

    async def draw(self) -> None:
        """The parts."""
        visit, view = self._visit, self._view
        self._parts.clear()
        with self._parts:
            Board(visit, self._operations, view, self.again)
            checks = view.of(ItemKind.CHECK)
            if checks:
                Results(visit, self._operations, view, self.again)
            for kind in (ItemKind.NOTE, ItemKind.OFFICER, ItemKind.ATTACHMENT):
                self._items(kind)

    def _items(self, kind: ItemKind) -> None:
        visit, found = self._visit, self._view.of(kind)
        with tag("section", "", "part", aria_labelledby=f"of-{kind}"):
            with tag("h2", visit.t(KINDS[kind]) + " ", id=f"of-{kind}"):
                tag("span", str(len(found)), "count")
            if not found:
                tag("p", visit.t("Nothing yet."), "muted")
            with tag("ul", "", "told"):
                for item in found:
                    with tag("li", "", "", data_item=str(item.key)):
                        if kind is ItemKind.ATTACHMENT:
                            where = f"/api/v1/operations/items/{item.key}/content"
                            tag("a", item.text("name"), href=where, download=item.text("name"))
                        else:
                            said = (item.text("officer"), item.text("duty"), item.text("words"))
                            tag("div", ": ".join(part for part in said if part))
                        owner_line(item, visit)
                        Board.taking_back(visit, self._operations, item, self.again)


def _facts(visit: Visit, view: OperationView) -> None:
    t, case = visit.t, view.case
    with tag("section", "", "part"), tag("dl", "", "facts"):
        for name, label in _FACTS:
            tag("dt", t(label))
            tag("dd", case.text(name))
        named = {code.value: said for code, said in PURPOSES.items()}
        tag("dt", t("Purpose"))
        tag("dd", t(named.get(case.text("purpose_code"), case.text("purpose_code"))))
        tag("dt", t("Led by"))
        tag("dd", case.key.node)
        tag("dt", t("Authorities"))
        tag("dd", ", ".join(parties_of(case)))
        times = [datetime.fromisoformat(case.text(name)) for name in ("begins_at", "ends_at")]
        tag("dt", t("From and until"))
        tag("dd", " / ".join(visit.local(at) for at in times))
