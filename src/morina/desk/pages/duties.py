"""Duties: what is open, what is due, and the papers that must be shown when asked for."""

from datetime import timedelta

from morina.accountability.duties import Concern, Matter
from morina.accountability.duties.breaches import clock
from morina.accountability.duties.requests import due_on
from morina.desk.duties.reviews import Due, due_by
from morina.desk.oversight import Oversight
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit, now
from morina.desk.words import mark

PAPERS = (
    ("/duties/processing", mark("Record of processing activities")),
    ("/duties/assessment", mark("Data protection impact assessment")),
    ("/duties/controls", mark("Controls of article 29")),
)
KINDS = {
    "hotlist": mark("Hotlist {name}"),
    "entries": mark("{count} entries of the hotlist {name}"),
    "pins": mark("Case {name}: {count} reads kept"),
}
"""What is due for review, in words."""


async def duties_page(visit: Visit) -> None:
    """Clocks first."""
    t, oversight = visit.t, visit.services.oversight
    with frame(visit, t("Duties"), "/duties"):
        with tag("div", "", "head"):
            tag("h1", t("Duties"))
        if oversight is None:
            tag("p", t("This node keeps no trail."), "wrong")
            return
        await _open(visit, oversight)
        until = now().date() + timedelta(days=oversight.authority.review_ahead_days)
        _reviews(visit, await due_by(visit.services, oversight.reviews, until))
        with tag("section", "", "part", aria_labelledby="papers"):
            tag("h2", t("Papers"), id="papers")
            with tag("ul"):
                for path, name in PAPERS:
                    with tag("li"):
                        tag("a", t(name), href=path)


async def _open(visit: Visit, oversight: Oversight) -> None:
    t = visit.t
    with tag("div", "", "halves"):
        for concern, title, path in (
            (Concern.BREACH, t("Breaches"), "/duties/breaches"),
            (Concern.REQUEST, t("Requests of persons"), "/duties/requests"),
        ):
            found = [one for one in await oversight.matters.matters(concern) if not one.is_closed]
            with tag("section", "", "part"):
                with tag("h2"):
                    tag("a", title, href=path)
                    tag("span", f" {len(found)}", "count")
                if not found:
                    tag("p", t("Nothing is open."), "muted")
                with tag("ul", "", "told"):
                    for one in found:
                        _matter(visit, oversight, one)


def _matter(visit: Visit, oversight: Oversight, one: Matter) -> None:
    with tag("li"):
        tag("div", f"{one.number}: {one.said.get('what') or one.said.get('right', '')}")
        clock_line(visit, oversight, one)


def clock_line(visit: Visit, oversight: Oversight, one: Matter) -> None:
    """How much time is left, by the authority's own clocks."""
    t, rules = visit.t, oversight.authority
    if one.concern is Concern.REQUEST:
        last = due_on(one, rules.request_days)
        late = last < now().date() and not one.newest("answer")
        text = t("to be answered by {day}", day=visit.day(last))
        tag("div", t("late: {what}", what=text) if late else text, "wrong" if late else "muted")
        return
    state = clock(one, rules.breach_hours, now())
    if state.settled:
        said = t("reported late") if state.is_late else t("reported, or found not to need it")
        tag("div", said, "muted")
        return
    left = abs(state.left_s)
    hours = f"{int(left // 3600)} h {int(left % 3600 // 60)} min"
    ends = visit.local(state.ends_at)
    if state.is_late:
        tag(
            "div",
            t("late by {hours}: it had to be reported by {at}", hours=hours, at=ends),
            "wrong",
        )
    else:
        tag("div", t("{hours} left: to be reported by {at}", hours=hours, at=ends), "note")


def _reviews(visit: Visit, due: list[Due]) -> None:
    t, today = visit.t, now().date()
    with tag("section", "", "part", aria_labelledby="reviews"):
        with tag("h2", t("Due for review"), id="reviews"):
            tag("span", f" {len(due)}", "count")
        if not due:
            tag("p", t("Nothing is due in the days ahead."), "muted")
        with tag("ul", "", "told"):
            for one in due:
                said = t(KINDS[one.kind], name=one.name, count=one.count)
                day = t("by {day}", day=visit.day(one.day))
                with tag("li", "", "wrong" if one.day < today else ""):
                    tag("span", f"{said}, {day}")
