"""Requests of persons: access, rectification, erasure, restriction; notices to past recipients."""

from uuid import UUID

from morina.accountability import Action
from morina.accountability.duties import Concern, Matter, NoSuchMatterError, RefusedMatterError
from morina.accountability.duties.requests import Right
from morina.accountability.trail import acts_as
from morina.desk.duties.answering import Recipient, recipients
from morina.desk.duties.keeping import open_request
from morina.desk.oversight import Oversight
from morina.desk.pages.breaches import MINUTES, instant
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import Fields, choice, field, form, say, tag
from morina.desk.pages.matter_parts import MatterPart
from morina.desk.pages.missing import show_missing
from morina.desk.pages.preparing import prepare_button
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark

RIGHTS = {
    Right.ACCESS.value: mark("to know what is kept"),
    Right.RECTIFICATION.value: mark("to have it put right"),
    Right.ERASURE.value: mark("to have it erased"),
    Right.RESTRICTION.value: mark("to have its use restricted"),
}
FIELDS = {
    "right": mark("Asks"),
    "plate": mark("Plate"),
    "person": mark("The person, as your file names them (no name)"),
    "said": mark("What they say"),
    "how": mark("How"),
    "consultation": mark("Look no."),
    "passages": mark("Passages found"),
    "what": mark("What was put right"),
    "reason": mark("Reason"),
    "recipients": mark("Who was told"),
    "outcome": mark("Outcome: given, given_in_part or refused"),
    "summary": mark("In sum"),
}
STEPS = {
    "identity": mark("Who asks was checked"),
    "search": mark("The plate was looked for"),
    "rectify": mark("Data were put right"),
    "restrict": mark("Use was restricted"),
    "notify": mark("Past recipients were told"),
    "answer": mark("It was answered"),
    "close": mark("Close it"),
}
TOLD = {
    "answer": mark("an answer to your question"),
    "sighting": mark("a confirmed sighting"),
    "hotlist": mark("an entry of a list shared with you"),
    "follow_up": mark("details released to you"),
}
"""By the conversation of a disclosure."""

_OF_STEPS = ("how", "consultation", "what", "reason", "recipients", "outcome", "summary")


async def requests_page(visit: Visit) -> None:
    """The form for a new one, and those there are."""
    t, oversight = visit.t, visit.services.oversight
    with frame(visit, t("Requests of persons"), "/duties"):
        with tag("div", "", "head"):
            tag("h1", t("Requests of persons"))
            with tag("div", "", "actions"):
                tag("a", t("Back to the duties"), "button", href="/duties")
        if oversight is None:
            return
        _New(visit, oversight)
        for one in await oversight.matters.matters(Concern.REQUEST):
            _Request(visit, oversight, one, (FIELDS, STEPS))


class _Request(MatterPart):
    """One request; its answer is prepared and its notices are printed from here."""

    def asked(self) -> tuple[str, ...]:
        """See MatterPart."""
        return _OF_STEPS

    def more(self) -> None:
        """See MatterPart."""
        one, t = self._matter, self._visit.t
        with tag("div", "", "actions"):
            if one.newest("identity") and not one.is_closed:
                prepare_button(self._visit, one)
            path = f"/duties/requests/{one.matter_id}/notices"
            tag("a", t("Notices to past recipients"), "button", href=path)


class _New:
    """Recording a request."""

    def __init__(self, visit: Visit, oversight: Oversight) -> None:
        self._visit, self._oversight = visit, oversight
        t = visit.t
        with tag("details", "", "part"):
            tag("summary", t("Record a request"))
            with form(self._send, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                received = visit.here(now()).strftime(MINUTES)
                field(t("Received at, your time"), "received_at", type="datetime-local",
                      value=received, required=True)  # fmt: skip
                choice(t("Asks"), "right", {name: t(text) for name, text in RIGHTS.items()})
                for name in ("plate", "person", "said"):
                    field(t(FIELDS[name]), name, required=name != "said", maxlength=4000)
                with tag("div", "", "actions"):
                    tag("button", t("Record"), "first", type="submit")

    async def _send(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.KEEP_DUTIES)
        acts_as(visit.user.name)
        said = {name: fields.get(name, "") for name in ("right", "plate", "person", "said")}
        try:
            received = instant(fields["received_at"], visit)
            await open_request(self._oversight, said, received, visit.user.name)
        except (RefusedMatterError, ValueError) as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        self._wrong.client.open("/duties/requests")


async def notices_page(visit: Visit, matter_id: str) -> None:
    """A notice to each past recipient, a sheet each when printed (article 16(5) and (6))."""
    t, oversight = visit.t, visit.services.oversight
    try:
        found = await oversight.matters.matter(UUID(matter_id)) if oversight else None
    except (NoSuchMatterError, ValueError):
        found = None
    if found is None or oversight is None or found.concern is not Concern.REQUEST:
        show_missing(visit, t("There is no such request."))
        return
    with frame(visit, t("Notices to past recipients"), "/duties"):
        with tag("div", "", "head"):
            tag("h1", t("Notices to past recipients"))
        given = await recipients(oversight, found.said["plate"], visit.services.exchange)
        if not given:
            tag("p", t("The trail knows of nobody who was given data of this plate."))
        for one in given:
            with tag("section", "", "part sheet"):
                tag("h2", one.to or t("{officer}, case {case}", officer=one.officer,
                                      case=one.case_number))  # fmt: skip
                tag("p", _when(visit, one))
                tag("p", _changed(visit, found))
                tag("p", t("Put it right, erase it or restrict its use with you, and tell us."))
                tag("p", oversight.authority.name or t("Name of the authority: ______"))


def _when(visit: Visit, one: Recipient) -> str:
    t, at = visit.t, visit.local(one.at)
    if one.entry is not None:
        n = one.entry
        return t("On {at} you were given data of one plate (entry {n} of our trail).", at=at, n=n)
    return t("On {at} our nodes told you of one plate: {what}.", at=at, what=t(TOLD[one.act]))


def _changed(visit: Visit, request: Matter) -> str:
    t = visit.t
    if put_right := request.newest("rectify"):
        return t("It was put right: {what}", what=put_right.said["what"])
    if restricted := request.newest("restrict"):
        return t("Its use is restricted: {reason}", reason=restricted.said["reason"])
    return t("What was changed is not recorded yet: ______")
