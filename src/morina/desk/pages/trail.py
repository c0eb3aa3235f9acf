"""The trail at the desk: who looked at this plate and why, and what did this person do."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nicegui.element import Element

from morina.accountability import Action, Consultation, Purpose, PurposeCode, RefusedPurposeError
from morina.accountability.trail import Act, Entry, Sought, acts_as
from morina.desk.oversight import Oversight
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.trail_chain import chain_part
from morina.desk.pages.trail_words import act_in_words, in_words, why_in_words
from morina.desk.pages.visit import Visit, now
from morina.desk.pages.written import Written, holding, written
from morina.desk.said import translated
from morina.desk.words import mark
from morina.plates import NotAPlateError, plate_text

AT_ONCE = 100
COLUMNS = (mark("No."), mark("When"), mark("Who"), mark("Done"), mark("To what"), mark("Why"))
ASKED = (mark("No."), mark("When"), mark("Who"), mark("What was asked"), mark("Why"), mark("Shown"))


async def trail_page(visit: Visit) -> None:
    """Two questions, their answers, and how the chain is."""
    t, oversight = visit.t, visit.services.oversight
    with frame(visit, t("Trail"), "/trail"):
        with tag("div", "", "head"):
            tag("h1", t("Trail"))
            tag("span", t("What you look at here is entered in the trail as well."), "muted")
        if oversight is None:
            tag("p", t("This node keeps no trail."), "wrong")
            return
        with tag("div", "", "halves"):
            plates = _Plates(visit, oversight)
            people = _People(visit, oversight)
        plates.answer, people.answer = tag("div", role="status"), tag("div", role="status")
        await chain_part(visit, oversight)


class _Plates:
    """Who looked at this plate, and why."""

    answer: Element

    def __init__(self, visit: Visit, oversight: Oversight) -> None:
        self._visit, self._oversight = visit, oversight
        t = visit.t
        with tag("section", "", "part", aria_labelledby="who-looked"):
            tag("h2", t("Who looked at this plate, and why"), id="who-looked")
            with form(self._ask, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                needed = {"required": True, "maxlength": 200}
                field(
                    t("Plate"), "plate", autocapitalize="characters", spellcheck="false", **needed
                )
                field(t("Your file's reference"), "case_number", **needed)
                basis = oversight.authority.oversight_basis
                field(t("Legal basis"), "legal_basis", value=basis, **needed)
                hint = t("a sentence: what is looked for and why")
                field(t("Reason"), "justification", hint, **needed)
                with tag("div", "", "actions"):
                    tag("button", t("Who looked?"), "first", type="submit")

    async def _ask(self, fields: Fields, before: int | None = None) -> None:
        self._visit.must(Action.SEE_TRAIL)
        acts_as(self._visit.user.name)
        try:
            plate = plate_text(fields["plate"])
            purpose = Purpose(
                officer=self._visit.user.name, code=PurposeCode.OVERSIGHT,
                case_number=fields["case_number"], legal_basis=fields["legal_basis"],
                justification=fields["justification"],
            )  # fmt: skip
            looking = self._oversight.overseeing
            found = await looking.who_looked(plate, purpose, now(), (before, AT_ONCE))
        except RefusedPurposeError as refused:
            say(self._wrong, translated(f"{refused.fault}; {refused.mend}", self._visit.t))
            return
        except NotAPlateError as none:
            say(self._wrong, translated(str(none), self._visit.t))
            return
        say(self._wrong, "")
        self._show(found.plate, [_question(self._visit, one) for one in found.consultations])
        with self.answer:
            if found.entries:
                _entries(self._visit, self._visit.t("Alerts of this plate"), found.entries)
            if found.partners:
                title = self._visit.t("What partners asked about this plate")
                _entries(self._visit, title, found.partners)
            if len(found.consultations) == AT_ONCE:
                last = found.consultations[-1].number
                button(self._visit.t("Older ones"), lambda: self._ask(fields, last))

    def _show(self, plate: str, rows: list[Written]) -> None:
        t = self._visit.t
        self.answer.clear()
        with self.answer, tag("section", "", "part flush"):
            tag("h2", t("Who looked at {plate}", plate=plate))
            if rows:
                _table(t("Who looked at {plate}", plate=plate), [t(one) for one in ASKED], rows)
            else:
                tag("p", t("Nobody asked for it, or for a pattern it fits."), "empty")


class _People:
    """What a person did, or what was done to one thing, in a period."""

    answer: Element

    def __init__(self, visit: Visit, oversight: Oversight) -> None:
        self._visit, self._oversight = visit, oversight
        t, today = visit.t, visit.here(now()).date()
        acts = {"": t("anything")} | {act.value: act_in_words(act, t) for act in Act}
        with tag("section", "", "part", aria_labelledby="what-done"):
            tag("h2", t("What did this person do"), id="what-done")
            with form(self._ask, "stack"):
                self._wrong = tag("p", "", "wrong", role="alert")
                field(t("Account"), "who", t("empty: everybody"), maxlength=64)
                with tag("div", "", "fields"):
                    month_ago = (today - timedelta(days=30)).isoformat()
                    field(t("From"), "since", type="date", value=month_ago, required=True)
                    field(t("To, that day included"), "until", type="date",
                          value=today.isoformat(), required=True)  # fmt: skip
                choice(t("Done"), "act", acts)
                hint = t("an alert, a hotlist, a camera, the number of a question")
                field(t("Id of one thing"), "object_id", hint, maxlength=64)
                with tag("div", "", "actions"):
                    tag("button", t("What was done?"), "first", type="submit")

    async def _ask(self, fields: Fields, before: int | None = None) -> None:
        visit = self._visit
        visit.must(Action.SEE_TRAIL)
        acts_as(visit.user.name)
        try:
            sought = _sought(fields, ZoneInfo(visit.user.time_zone), before)
        except ValueError:
            say(self._wrong, visit.t("Choose two days, the first not after the second."))
            return
        say(self._wrong, "")
        found = await self._oversight.trail.read(sought)
        self.answer.clear()
        with self.answer:
            _entries(visit, visit.t("What was done"), found)
            if len(found) == AT_ONCE:
                last = found[-1].number
                button(visit.t("Older ones"), lambda: self._ask(fields, last))


def _sought(fields: Fields, zone: ZoneInfo, before: int | None) -> Sought:
    since, until = date.fromisoformat(fields["since"]), date.fromisoformat(fields["until"])
    if since > until:
        raise ValueError("the period ends before it begins")
    return Sought(
        who=fields["who"].strip(), act=Act(fields["act"]) if fields["act"] else None,
        object_id=fields["object_id"].strip(), since=_midnight(since, zone),
        until=_midnight(until + timedelta(days=1), zone), before=before, limit=AT_ONCE,
    )  # fmt: skip


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _entries(visit: Visit, title: str, found: Sequence[Entry]) -> None:
    t = visit.t
    with tag("section", "", "part flush"):
        tag("h2", title)
        if not found:
            tag("p", t("Nothing of the kind was entered."), "empty")
            return
        _table(title, [t(one) for one in COLUMNS], [_row(visit, one) for one in found])


def _table(title: str, columns: list[str], rows: list[Written]) -> None:
    heads = [written("th", one, scope="col") for one in columns]
    with tag("div", "", "scroll", tabindex=0, role="region", aria_label=title):
        holding("table", written("thead", written("tr", *heads)), written("tbody", *rows))


def _row(visit: Visit, entry: Entry) -> Written:
    deed, t = entry.deed, visit.t
    to = f" → {deed.with_whom}" if deed.with_whom else ""
    cells = (
        str(entry.number), visit.local(deed.at), deed.who or t("nobody known"),
        act_in_words(deed.act, t), in_words(entry, t) + to, why_in_words(entry, t),
    )  # fmt: skip
    return written("tr", *(written("td", cell) for cell in cells))


def _question(visit: Visit, one: Consultation) -> Written:
    why, t = one.purpose, visit.t
    shown = t("no answer") if one.shown is None else str(one.shown)
    reason = f"{why.code.replace('_', ' ')}; {why.case_number}; {why.legal_basis}; "
    cells = (
        str(one.number), visit.local(one.asked_at), why.officer, one.question,
        reason + why.justification, shown,
    )  # fmt: skip
    return written("tr", *(written("td", cell) for cell in cells))
