"""Forms by which items of an operation are written: tasks, notes, results of checks, files."""

from collections.abc import Awaitable, Callable, Mapping

from nicegui.events import GenericEventArguments

from morina.accountability import Action
from morina.desk.pages.joint.board import Board
from morina.desk.pages.joint.parts import (
    REFUSED,
    acting,
    addressed,
    addressing,
    instant,
    owner_line,
    refuse,
)
from morina.desk.pages.joint.words import FIELDS, KINDS, REASONS
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.exchange.message import Value
from morina.exchange.operations import (
    ItemKind,
    Key,
    OperationItem,
    Operations,
    OperationView,
    RefusedItemError,
    Writing,
)
from morina.exchange.operations.counts import Counted, StopReason, counted

Again = Callable[[], Awaitable[None]]
_UPLOAD = (
    "async (e) => { e.preventDefault(); const form = e.target;"
    " const to = [...form.querySelectorAll('input[data-to]:checked')].map((b) => b.dataset.to);"
    " form.querySelector('[name=addressed]').value = to.join(',');"
    " emit(await desk.upload(form)); }"
)
"""Gathers the boxes ticked into one field, and sends the form."""

_ASKED: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.TASK: ("title", "words", "due_at"),
    ItemKind.CHECK: ("title", "crossing", "words", "due_at"),
    ItemKind.NOTE: ("words",),
    ItemKind.OFFICER: ("officer", "duty"),
}


class Adding:
    """The form of one kind of item."""

    def __init__(
        self, visit: Visit, operations: Operations, operation: Key,
        of: tuple[ItemKind, list[str]], again: Again,
    ) -> None:  # fmt: skip
        self._visit, self._operations, self._operation = visit, operations, operation
        self._kind, others = of
        self._again = again
        t = visit.t
        with tag("details", "", "part"):
            tag("summary", t("Add: {kind}", kind=t(KINDS[self._kind])))
            with form(self._send, "stack") as self._form:
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    for name in _ASKED[self._kind]:
                        self._field(name)
                addressing(visit, others, t("Addressed to"))
                with tag("div", "", "actions"):
                    tag("button", t("Add"), "first", type="submit")

    def _field(self, name: str) -> None:
        kind = "datetime-local" if name == "due_at" else "text"
        most = "4000" if name == "words" else "200"
        field(self._visit.t(FIELDS[name]), name, type=kind, maxlength=most)

    async def _send(self, fields: Fields) -> None:
        visit, actor = self._visit, acting(self._visit)
        said: dict[str, Value] = {
            name: fields.get(name, "").strip() for name in _ASKED[self._kind]
        }  # fmt: skip
        try:
            if "due_at" in said:
                said["due_at"] = instant(str(said["due_at"]), visit)
            writing = Writing(self._kind, said, addressed(fields))
            await self._operations.add(self._operation, writing, actor)
        except REFUSED as refused:
            refuse(self._wrong, refused, visit)
            return
        say(self._wrong, "")
        self._form.run_method("reset")
        await self._again()


class Results:
    """Checks with what was counted at each, and the form to count on."""

    def __init__(
        self, visit: Visit, operations: Operations, view: OperationView, again: Again
    ) -> None:
        self._visit, self._operations, self._view, self._again = visit, operations, view, again
        t = visit.t
        with tag("section", "", "part", aria_labelledby="checks"):
            tag("h2", t("Checks at crossings"), id="checks")
            for check in view.of(ItemKind.CHECK):
                self._check(check)

    def _check(self, check: OperationItem) -> None:
        t, key = self._visit.t, str(check.key)
        results = [one for one in self._view.of(ItemKind.RESULT) if one.text("task") == key]
        total = counted(results)
        with tag("article", "", "", data_check=key):
            tag("h3", f"{check.text('crossing')}: {check.text('title')}")
            with tag("dl", "", "facts"):
                for label, n in (
                    (t("Vehicles checked"), total.vehicles_checked), (t("Hits"), total.hits),
                    *((t("Stopped: {reason}", reason=t(REASONS[r])), n)
                      for r, n in sorted(total.stopped.items())),
                ):  # fmt: skip
                    tag("dt", label)
                    tag("dd", str(n))
            with tag("ul", "", "told"):
                for one in results:
                    with tag("li", "", "", data_item=str(one.key)):
                        numbers = {"n": one.text("vehicles_checked"), "hits": one.text("hits")}
                        tag("div", t("vehicles checked: {n}, hits: {hits}", **numbers))
                        owner_line(one, self._visit)
                        Board.taking_back(self._visit, self._operations, one, self._again)
            if self._visit.may(Action.WORK_OPERATIONS):
                self._counting(check)

    def _counting(self, check: OperationItem) -> None:
        t = self._visit.t
        with tag("details"):
            tag("summary", t("Add what was counted"))
            wrong = tag("p", "", "wrong", role="alert")

            async def send(fields: Fields) -> None:
                actor = acting(self._visit)
                try:
                    await self._operations.add(
                        check.operation, self._writing(check, fields), actor
                    )  # fmt: skip
                except REFUSED as refused:
                    refuse(wrong, refused, self._visit)
                    return
                await self._again()

            with form(send, "stack"):
                tag("p", t("Numbers only; nobody's name or plate."), "muted")
                with tag("div", "", "fields"):
                    number = {"type": "number", "min": "0", "value": "0"}
                    for name in ("vehicles_checked", "hits"):
                        field(t(FIELDS[name]), name, **number)
                    for reason, said in REASONS.items():
                        field(t("Stopped: {reason}", reason=t(said)), reason.value, **number)
                with tag("div", "", "actions"):
                    tag("button", t("Add"), "first", type="submit")

    def _writing(self, check: OperationItem, fields: Fields) -> Writing:
        """For the check's owner, where that is another authority."""
        numbers = {name: _number(fields.get(name, "")) for name in ("vehicles_checked", "hits")}
        stopped = {reason: _number(fields.get(reason.value, "")) for reason in StopReason}
        made = Counted(numbers["vehicles_checked"], numbers["hits"], stopped)
        exchange = self._visit.services.exchange
        here = exchange.node_id if exchange else ""
        to = frozenset({check.key.node} - {here})
        return Writing(ItemKind.RESULT, {**made.fields(), "task": str(check.key)}, to)


class Uploading:
    """The form to attach a file, sent to the route of the API that takes it."""

    def __init__(self, visit: Visit, operation: Key, others: list[str], again: Again) -> None:
        t = visit.t
        where = f"/api/v1/operations/{operation}/attachments"
        with tag("details", "", "part"):
            tag("summary", t("Add: {kind}", kind=t(KINDS[ItemKind.ATTACHMENT])))
            wrong = tag("p", "", "wrong", role="alert")
            upload = tag("form", "", "stack", action=where, data_working=t("Sending the file…"))
            with upload:
                with tag("label", "", "field"):
                    tag("span", t("PNG, JPEG, PDF or text file"), "field-label")
                    tag("input", name="file", type="file", required=True,
                        accept=".png,.jpg,.jpeg,.pdf,.txt")  # fmt: skip
                tag("input", name="addressed", type="hidden", value="")
                addressing(visit, others, t("Addressed to"), named=False)
                with tag("div", "", "actions"):
                    tag("button", t("Attach"), "first", type="submit")

        async def answered(event: GenericEventArguments) -> None:
            answer = dict(event.args)
            if answer.get("status") == 201:
                say(wrong, "")
                await again()
                return
            why = str(answer.get("detail") or t("The node did not answer. Is the connection up?"))
            say(wrong, translated(why, t))

        upload.on("submit", answered, js_handler=_UPLOAD)


def _number(text: str) -> int:
    if not text.strip():
        return 0
    if not text.strip().isdecimal():
        raise RefusedItemError("vehicles_checked", "write a whole number from 0 on")
    return int(text)
