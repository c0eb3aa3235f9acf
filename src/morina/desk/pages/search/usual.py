"""When a plate usually passes: how often, first and last, hours of the week, by camera."""

from morina.desk.pages.markup import tag
from morina.desk.pages.search.answered import Asked, Desk
from morina.desk.pages.search.fields import DAYS
from morina.desk.pages.visit import now
from morina.desk.words import mark
from morina.records.habits import Habits, remembered_days
from morina.records.hours import WEEK

DAY_HOURS = 24
DEEPEST = 35
"""Percent of colour behind the hour with most passages: its number still stands out."""

COLUMNS = (mark("Camera"), mark("Passages"), mark("First"), mark("Last"))


def usual_title(desk: Desk, asked: Asked) -> str:
    """Whose habits these are."""
    return desk.visit.t("Usual times of {plate}", plate=asked.question.text.asked)


def show_usual(desk: Desk, asked: Asked) -> None:
    """Figures, a week by hour, and the cameras; that it never passed where it did not."""
    t = desk.visit.t
    days = remembered_days(asked.answer.coverage, now())
    if not asked.answer.found:
        tag("p", t("Nothing was found."), "part")
        return
    habits: Habits = asked.answer.found[0]
    with tag("div"):
        with tag("section", "", "part", aria_labelledby="usual"):
            tag("h2", t("How often"), id="usual")
            with tag("dl", "", "facts"):
                _fact(t("Passages"), f"{habits.passages:,}")
                _fact(t("First seen"), desk.second(habits.first_at))
                _fact(t("Last seen"), desk.second(habits.last_at))
                if days is not None:
                    words = t.many("{n} day", "{n} days", days)
                    _fact(t("In what we still remember"), words)
            _cameras(desk, habits)
        with tag("section", "", "part", aria_labelledby="week"):
            tag("h2", t("By hour of the week, your time"), id="week")
            _week(desk, habits)


def _fact(name: str, value: str) -> None:
    tag("dt", name)
    tag("dd", value)


def _cameras(desk: Desk, habits: Habits) -> None:
    t = desk.visit.t
    with tag("div", "", "scroll"), tag("table", "", "stacks"):
        with tag("thead"), tag("tr"):
            for column in COLUMNS:
                tag("th", t(column), scope="col")
        with tag("tbody"):
            for stay in habits.by_camera:
                with tag("tr"):
                    tag("th", desk.camera(stay.at), scope="row")
                    tag("td", f"{stay.passages:,}", "num", data_label=t("Passages"))
                    tag("td", desk.minute(stay.first_at), data_label=t("First"))
                    tag("td", desk.minute(stay.last_at), data_label=t("Last"))


def _week(desk: Desk, habits: Habits) -> None:
    t, most = desk.visit.t, max(habits.by_hour)
    with tag("div", "", "scroll"), tag("table", "", "week"):
        with tag("thead"), tag("tr"):
            tag("td")
            for hour in range(DAY_HOURS):
                tag("th", str(hour), scope="col")
        with tag("tbody"):
            for day in range(WEEK):
                with tag("tr"):
                    tag("th", t(DAYS[day]), scope="row")
                    for n in habits.by_hour[day * DAY_HOURS : (day + 1) * DAY_HOURS]:
                        shade = round(DEEPEST * n / most)
                        tag("td", str(n) if n else "", style=f"--shade: {shade}%")
