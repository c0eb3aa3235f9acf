"""The form by which video and telemetry of a flight come in, and what is said where they do not."""

from collections.abc import Awaitable, Callable

from nicegui.events import GenericEventArguments

from morina.desk.pages.aerial.anew import REASON, reason_asked
from morina.desk.pages.aerial.stating import show_fields
from morina.desk.pages.markup import say, tag
from morina.desk.pages.sending import why_not
from morina.desk.pages.visit import Visit
from morina.sense.aerial import Sortie

COMMAND = "morina aerial add"
"""For files too large for a browser."""

_UPLOAD = "async (e) => { e.preventDefault(); emit(await desk.upload(e.target)); }"
_KINDS = ".ts,.mpg,.klv,.srt,.csv,.tlog,.bin,.ulg,.txt"


def show_handing_in(visit: Visit, sortie: Sortie, again: Callable[[], Awaitable[None]]) -> None:
    """Folded; the files go straight to the route of the API that takes them."""
    t = visit.t
    where = f"/api/v1/aerial/sorties/{sortie.sortie_id}/files"
    with tag("details", "", "hand-in"):
        tag("summary", t("Hand in video and telemetry"))
        wrong = tag("p", "", "wrong", role="alert")
        with tag("form", "", "stack", action=where, data_working=t("Sending the files…")) as sent:
            with tag("div", "", "fields"):
                _file(t("Telemetry, or MPEG-TS with both"), "telemetry", _KINDS, required=True)
                _file(t("Video, where it is a file of its own"), "video", "video/*,.ts,.mkv")
            with tag("details", "", "stated-beside"):
                tag("summary", t("State what its telemetry does not say"))
                show_fields(t, sortie.stated)
            asked = reason_asked(t)
            with tag("p", "", "hint"):
                tag("span", t("Files of many gigabytes go in at the node:") + " ")
                tag("code", COMMAND)
            with tag("div", "", "actions"):
                tag("button", t("Hand in"), "first", type="submit")

    async def answered(event: GenericEventArguments) -> None:
        answer = dict(event.args)
        if answer.get("status") == 202:
            say(wrong, "")
            await again()
            return
        asked.set_visibility(asked.visible or answer.get("place") == REASON)
        say(wrong, why_not(answer, t))

    sent.on("submit", answered, js_handler=_UPLOAD)


def _file(label: str, name: str, accept: str, **attributes: object) -> None:
    with tag("label", "", "field"):
        tag("span", label, "field-label")
        tag("input", name=name, type="file", accept=accept, **attributes)
