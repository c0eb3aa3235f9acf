"""Breaches of personal data: recorded, their clock, whom it was told."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from morina.accountability import Action
from morina.accountability.duties import Concern, RefusedMatterError
from morina.accountability.duties.breaches import FIELDS as OF_BREACH
from morina.accountability.trail import acts_as
from morina.desk.duties.keeping import open_breach
from morina.desk.oversight import Oversight
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.matter_parts import MatterPart
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark

MINUTES = "%Y-%m-%dT%H:%M"
FIELDS = {
    "what": mark("What happened, or what was learnt"),
    "whose": mark("Whose data"),
    "data": mark("Which data"),
    "how_many": mark("How many persons and records, about"),
    "consequences": mark("What may follow for them"),
    "measures": mark("What was done against it"),
    "to_whom": mark("Reported to whom"),
    "late_reason": mark("Why it is late, where it is"),
    "reason": mark("Reason"),
    "how": mark("How"),
    "summary": mark("In sum"),
}
STEPS = {
    "add": mark("Add what was learnt"),
    "report": mark("It was reported to the supervisory authority"),
    "no_report": mark("It need not be reported"),
    "tell_persons": mark("The persons were told"),
    "no_telling": mark("The persons need not be told"),
    "close": mark("Close it"),
}
_OF_STEPS = ("what", "to_whom", "late_reason", "reason", "how", "summary")


class _Breach(MatterPart):
    """One breach."""

    def asked(self) -> tuple[str, ...]:
        """See MatterPart."""
        return _OF_STEPS


async def breaches_page(visit: Visit) -> None:
    """The form for a new one, and those there are."""
    t, oversight = visit.t, visit.services.oversight
    with frame(visit, t("Breaches"), "/duties"):
        with tag("div", "", "head"):
            tag("h1", t("Breaches"))
            with tag("div", "", "actions"):
                tag("a", t("Back to the duties"), "button", href="/duties")
        if oversight is None:
            return
        _New(visit, oversight)
        for one in await oversight.matters.matters(Concern.BREACH):
            _Breach(visit, oversight, one, (FIELDS, STEPS))


class _New:
    """Recording a breach."""

    def __init__(self, visit: Visit, oversight: Oversight) -> None:
        self._visit, self._oversight = visit, oversight
        t = visit.t
        hours = oversight.authority.breach_hours
        with tag("details", "", "part"):
            tag("summary", t("Record a breach"))
            tag("p", t("It must be reported within {n} hours of being noticed.", n=hours), "muted")
            with form(self._send, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                noticed = visit.here(now()).strftime(MINUTES)
                field(t("Noticed at, your time"), "noticed_at", type="datetime-local",
                      value=noticed, required=True)  # fmt: skip
                for name in OF_BREACH:
                    field(t(FIELDS[name]), name, required=name in ("what", "whose"), maxlength=4000)
                with tag("div", "", "actions"):
                    tag("button", t("Record"), "first", type="submit")

    async def _send(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.KEEP_DUTIES)
        acts_as(visit.user.name)
        said = {name: fields.get(name, "") for name in OF_BREACH}
        try:
            noticed = instant(fields["noticed_at"], visit)
            await open_breach(self._oversight, said, noticed, visit.user.name)
        except (RefusedMatterError, ValueError) as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        self._wrong.client.open("/duties/breaches")


def instant(text: str, visit: Visit) -> datetime:
    """What somebody chose in their zone; ValueError."""
    zone = ZoneInfo(visit.user.time_zone)
    return datetime.strptime(text, MINUTES).replace(tzinfo=zone).astimezone(UTC)
