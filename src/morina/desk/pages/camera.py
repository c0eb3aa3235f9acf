"""One camera: all its figures, its week beside what is usual, its notices, its bad payloads."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from babel.dates import get_day_names

from morina.accountability import Action
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.notices import show_notices
from morina.desk.pages.payloads import show_payloads
from morina.desk.pages.sparkline import sparkline
from morina.desk.pages.state import page_of
from morina.desk.pages.visit import Visit
from morina.desk.spans import span
from morina.records.checkup import Checked
from morina.sense.cameras import Camera, NoSuchCameraError
from morina.sense.cameras.health import Rules
from morina.sense.cameras.notices import Notice
from morina.sense.cameras.passed import Passed, Usual

DAY_HOURS = 24


async def camera_page(visit: Visit, camera_id: str) -> None:
    """The page of one camera, for whoever mends it."""
    t = visit.t
    try:
        camera = await visit.services.cameras.camera(camera_id)
    except NoSuchCameraError:
        show_missing(visit, t("There is no such camera."))
        return
    upkeep = visit.services.upkeep
    checked = upkeep.checkup.latest.get(camera_id)
    notices = await upkeep.checkup.notices.of_camera(camera_id)
    bad = await visit.services.pushing.bad_payloads(camera_id)
    waiting = await queue(visit, camera_id)
    with frame(visit, camera.name, "/cameras"):
        _head(visit, camera)
        _open(visit, checked)
        if checked:
            _week(visit, checked, upkeep.checkup.rules)
            with tag("div", "", "halves"):
                _figures(visit, checked, waiting)
                _passed(visit, checked)
            _usual(visit, checked.usual)
        _past(visit, [notice for notice in notices if not notice.is_open])
        if visit.may(Action.CHANGE_CAMERAS):
            show_payloads(visit, camera_id, bad)


def _head(visit: Visit, camera: Camera) -> None:
    t = visit.t
    with tag("div", "", "head"):
        tag("h1", camera.name)
        tag("code", camera.camera_id, "muted")
        tag("span", camera.site, "muted")
        with tag("div", "", "actions"):
            if visit.may(Action.CORRECT_READS):
                audit = f"{page_of(camera.camera_id)}/audit"
                tag("a", t("Read-rate audit"), "button", href=audit)
            tag("a", t("All cameras"), "button", href="/cameras")


def _open(visit: Visit, checked: Checked | None) -> None:
    t = visit.t
    with tag("section", "", "part", aria_labelledby="open"):
        tag("h2", t("To be mended"), id="open")
        if checked is None:
            tag("p", t("The camera was not looked at yet; look again in a minute."), "muted")
        elif not checked.notices:
            tag("p", t("Nothing is known to be wrong."), "muted")
        else:
            show_notices(visit, checked.notices)


def _week(visit: Visit, checked: Checked, rules: Rules) -> None:
    t = visit.t
    with tag("section", "", "part", aria_labelledby="week"):
        tag("h2", t("Passages by hour, seven days; the line is usual"), id="week")
        title = t("Passages by hour, seven days; the line is usual")
        sparkline(checked.figures.hours, checked.usual, checked.figures.at, (title, rules))


def _figures(visit: Visit, checked: Checked, waiting: str) -> None:
    t, figures = visit.t, checked.figures
    sight = figures.filmed or figures.sight
    rows = [
        (t("Last heard of"), _time(visit, figures.last_heard_at)),
        (t("Last picture"), _time(visit, figures.last_frame_at)),
        (t("Pictures a second"), _number(figures.frames_per_s, "{:.1f}")),
        (t("Pictures dropped"), _number(figures.dropped_share, "{:.0%}")),
        (t("Captures waiting to be read"), waiting),
        (t("Last error"), figures.last_error),
        (t("Clock behind by"), _span(visit, figures.clock_offset_s)),
        (
            t("Brightness of the picture"),
            _number(sight.light if sight else None, "{:.0%}"),
        ),
        (t("Looked at"), visit.local(figures.at)),
    ]
    if checked.heard:
        rows.append((t("Bad payloads ever"), str(checked.heard.bad_payloads)))
    _facts(t("The camera"), "figures", rows)


async def queue(visit: Visit, camera_id: str) -> str:
    """Captures not read yet: at this node, and at a site as it last told."""
    here = await visit.services.upkeep.queues.of_cameras()
    said = [] if here is None else [str(here.get(camera_id, 0))]
    for site in await visit.services.sites.sites():
        if site.state and (there := site.state.captures_waiting.get(camera_id)):
            said.append(visit.t("{n} at the site {site}", n=there, site=site.site))
    return ", ".join(said)


def _passed(visit: Visit, checked: Checked) -> None:
    t, today = visit.t, checked.figures.last_day
    known = checked.usual.altogether if checked.usual else Passed()
    rows = [(t("Passages"), str(today.passages))]
    for name, now, before, form in (
        (t("Unread"), today.unread_share, known.unread_share, "{:.0%}"),
        (t("Mean confidence"), today.confidence, known.confidence, "{:.0%}"),
        (t("Width of plates, pixels"), today.plate_width_px, known.plate_width_px, "{:.0f}"),
        (t("Read differently"), today.differing_share, known.differing_share, "{:.0%}"),
        (t("From the camera, seconds"), today.delay_s, known.delay_s, "{:.1f}"),
        (t("On the link, seconds"), today.link_s, known.link_s, "{:.1f}"),
    ):
        beside = f" ({t('usual {value}', value=form.format(before))})" if before is not None else ""
        rows.append((name, _number(now, form) + beside if now is not None else "-"))
    _facts(t("The last 24 hours"), "passed", rows)


def _facts(title: str, id_: str, rows: Sequence[tuple[str, str]]) -> None:
    with tag("section", "", "part", aria_labelledby=id_):
        tag("h2", title, id=id_)
        with tag("dl", "", "facts"):
            for name, value in rows:
                tag("dt", name)
                tag("dd", value or "-")


def _usual(visit: Visit, usual: Usual | None) -> None:
    """Median passages of every hour of the week."""
    t = visit.t
    with tag("section", "", "part flush", aria_labelledby="usual"):
        tag("h2", t("Usual passages by hour of the week"), id="usual")
        if usual is None:
            tag("p", t("Two weeks are needed before anything is usual."), "empty")
            return
        with tag("div", "", "scroll"), tag("table", "", "hours"):
            with tag("thead"), tag("tr"):
                tag("td")
                for hour in range(DAY_HOURS):
                    tag("th", f"{hour}", "num", scope="col")
            with tag("tbody"):
                for day, name, counts in _days(usual, t.language):
                    with tag("tr", data_day=day):
                        tag("th", name, scope="row")
                        for count in counts:
                            tag("td", f"{count:.0f}", "num")


def _days(usual: Usual, language: str) -> Iterator[tuple[int, str, tuple[float, ...]]]:
    names = get_day_names("abbreviated", locale=language)
    for day in range(7):
        first = day * DAY_HOURS
        yield day, names[day], usual.passages[first : first + DAY_HOURS]


def _past(visit: Visit, notices: Sequence[Notice]) -> None:
    if notices:
        with tag("section", "", "part", aria_labelledby="past"):
            tag("h2", visit.t("Mended"), id="past")
            show_notices(visit, notices)


def _time(visit: Visit, at: datetime | None) -> str:
    return visit.local(at) if at else ""


def _span(visit: Visit, seconds: float | None) -> str:
    return "" if seconds is None else span(seconds, visit.t)


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)
