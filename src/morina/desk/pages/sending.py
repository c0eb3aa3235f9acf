"""A form that goes to a route of the API: what comes back is saved, counted, or said why not."""

from collections.abc import Mapping
from json import dumps
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from morina.desk.pages.markup import say, tag
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.words import Words

_SEND = "async (e) => { e.preventDefault(); emit(await desk.send(e.target)); }"


def why_not(answer: Mapping[str, Any], t: Words) -> str:
    """What the node refused and what to do; together they may be one message that is known."""
    why = str(answer.get("detail") or t("The node did not answer. Is the connection up?"))
    parts = [one for one in (why, str(answer.get("mend") or "")) if one]
    whole = "; ".join(parts)
    said = translated(whole, t)
    return said if said != whole else "; ".join(translated(one, t) for one in parts)


class Sending:
    """A form whose fields go to a route of the API with what is known already."""

    def __init__(self, visit: Visit, where: str, sent: Mapping[str, Any]) -> None:
        self._visit, self._sent = visit, dict(sent)
        self._form: Element = tag("form", "", "stack", action=where, data_sent=dumps(self._sent))
        self._form.on("submit", self._answered, js_handler=_SEND)
        with self._form:
            self._wrong = tag("p", "", "wrong", role="alert")
            self._good = tag("p", "", "good", role="status")

    def __enter__(self) -> "Sending":
        self._form.__enter__()
        return self

    def __exit__(self, *failed: object) -> None:
        self._form.__exit__(*failed)

    def button(self, text: str, working: str) -> None:
        """What sends it, and what it says meanwhile."""
        self._form.props["data-working"] = working
        with tag("div", "", "actions"):
            tag("button", text, type="submit")

    async def _answered(self, event: GenericEventArguments) -> None:
        t, answer = self._visit.t, dict(event.args)
        say(self._wrong, "")
        say(self._good, "")
        if 200 <= int(answer.get("status") or 0) < 300:
            self._done(answer)
            return
        if approval := answer.get("approval"):
            self._form.props["data-sent"] = dumps(self._sent | {"approval_id": approval})
            self._form.update()
            waits = t("whoever may approve sees it now; press again once it is approved")
            answer |= {"mend": waits}
        say(self._wrong, why_not(answer, t))

    def _done(self, answer: Mapping[str, Any]) -> None:
        t = self._visit.t
        if name := answer.get("name"):
            say(self._good, t("Saved as {name}.", name=str(name)))
            return
        n = int(answer.get("reads") or 0)
        say(
            self._good,
            t.many("{n} read is kept for the case.", "{n} reads are kept for the case.", n),
        )
