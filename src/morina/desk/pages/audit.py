"""The read-rate audit of one camera: draw, judge, count, and what it says."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.auditing import drawn_audit
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.passing import clock_words, passed_at
from morina.desk.pages.plates import picture, plate
from morina.desk.pages.state import page_of
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.records import Period
from morina.records.audit import (
    MOST_DRAWN,
    Audit,
    Drawn,
    Person,
    RefusedVerdictError,
    Targets,
    Verdict,
    judged,
)
from morina.sense import Read
from morina.sense.cameras import Camera, NoSuchCameraError
from morina.sense.cameras.chances import Interval

VERDICTS = {
    Verdict.RIGHT: mark("Right"),
    Verdict.WRONG: mark("Wrong"),
    Verdict.MISSED: mark("Missed"),
    Verdict.NOT_LEGIBLE: mark("Not legible"),
}
OF_READ = (Verdict.RIGHT, Verdict.WRONG, Verdict.NOT_LEGIBLE)
OF_UNREAD = (Verdict.MISSED, Verdict.NOT_LEGIBLE)
_MINUTES = "%Y-%m-%dT%H:%M"


async def audit_page(visit: Visit, camera_id: str) -> None:
    """The newest audit of a camera, and the form to draw another."""
    t = visit.t
    try:
        camera = await visit.services.cameras.camera(camera_id)
    except NoSuchCameraError:
        show_missing(visit, t("There is no such camera."))
        return
    audits = await visit.services.upkeep.audits.of_camera(camera_id, 1)
    reads: dict[UUID, Read] = {}
    if audits:
        ids = [drawn.read_id for drawn in audits[0].passages]
        counts = visit.services.upkeep.counts
        reads = await counts.passages(camera_id, audits[0].period, ids)
    title = t("Read-rate audit of {name}", name=camera.name)
    with frame(visit, title, "/cameras"):
        with tag("div", "", "head"):
            tag("h1", title)
            with tag("div", "", "actions"):
                tag("a", t("Back to the camera"), "button", href=page_of(camera_id))
        _Draw(visit, camera)
        if audits:
            _Shown(visit, audits[0], visit.services.upkeep.targets_of(camera.site), reads)


class _Draw:
    """The form that draws a new sample."""

    def __init__(self, visit: Visit, camera: Camera) -> None:
        self._visit = visit
        self._camera = camera
        t, here = visit.t, visit.here(now())
        when = {"type": "datetime-local", "required": True}
        with tag("details", "", "part"):
            tag("summary", t("Draw passages by lot"))
            with form(self._draw):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    begins = (here - timedelta(days=1)).strftime(_MINUTES)
                    field(t("From, your time"), "begins_at", value=begins, **when)
                    ends = (here + timedelta(minutes=1)).strftime(_MINUTES)
                    field(t("Until, your time"), "ends_at", value=ends, **when)
                    field(
                        t("How many"), "n", type="number", value="50", min=1, max=MOST_DRAWN,
                        required=True,
                    )  # fmt: skip
                with tag("div", "", "actions"):
                    tag("button", t("Draw"), "first", type="submit")

    async def _draw(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.CORRECT_READS)
        try:
            zone = ZoneInfo(visit.user.time_zone)
            period = Period(*(_instant(fields[name], zone) for name in ("begins_at", "ends_at")))
            n = min(MOST_DRAWN, max(1, int(fields["n"])))
        except ValueError as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        by = Person(visit.user.name, now())
        upkeep = visit.services.upkeep
        drawn = await drawn_audit(upkeep, self._camera.camera_id, period, (n, uuid4(), by))
        if drawn.passages:
            self._wrong.client.open(f"{page_of(self._camera.camera_id)}/audit")
        else:
            say(self._wrong, visit.t("No passage is kept from that time; choose another."))


class _Shown:
    """One audit: rates above, passages to judge below."""

    def __init__(
        self, visit: Visit, audit: Audit, targets: Targets, reads: dict[UUID, Read]
    ) -> None:
        self._visit = visit
        self._audit = audit
        self._targets = targets
        t = visit.t
        with tag("section", "", "part", aria_labelledby="rates"):
            tag("h2", t("What it says"), id="rates")
            begins, ends = audit.period.begins_at, audit.period.ends_at
            said = {"n": len(audit.passages), "who": audit.made_by}
            times = {"begins": visit.local(begins), "ends": visit.local(ends)}
            tag("p", t("{n} passages of {begins} to {ends}, drawn by {who}", **said, **times))
            self._rates = tag("div", "", "", role="status")
            self._draw_rates()
        self._count_form()
        with tag("ol", "", "audit"):
            for drawn in audit.passages:
                with tag("li", "", "part") as item:
                    self._passage(item, drawn, reads.get(drawn.read_id))

    def _draw_rates(self) -> None:
        audit, t = self._audit, self._visit.t
        self._rates.clear()
        with self._rates, tag("dl", "", "facts"):
            self._rate(t("Read rate"), audit.read_rate, self._targets.read)
            self._rate(t("Right of the plates given"), audit.accuracy, None)
            self._rate(t("Capture rate"), audit.capture_rate, self._targets.capture)
            tag("dt", t("Still to be judged"))
            tag("dd", str(audit.how_many(None)))

    def _rate(self, name: str, rate: Interval | None, target: float | None) -> None:
        t = self._visit.t
        tag("dt", name)
        with tag("dd"):
            if rate is None:
                tag("span", "-")
            else:
                low, high = f"{rate.low:.1%}", f"{rate.high:.1%}"
                said = {"share": f"{rate.share:.1%}", "low": low, "high": high, "n": rate.of}
                tag("span", t("{share} of {n}; 95 % interval {low} to {high}", **said))
            if target is not None:
                tag("span", " " + t("target {share}", share=f"{target:.1%}"), "muted")
            if rate is not None and target is not None and rate.high < target:
                tag("strong", " " + t("below the target"))

    def _count_form(self) -> None:
        t, audit = self._visit.t, self._audit
        number = {"type": "number", "min": 0, "required": True}
        with tag("details", "", "part"):
            tag("summary", t("Enter a manual count"))
            with form(self._take_count):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    field(t("Vehicles counted"), "counted", value=_text(audit.counted), **number)
                    field(t("Of them captured"), "captured", value=_text(audit.captured), **number)
                with tag("div", "", "actions"):
                    tag("button", t("Save"), "first", type="submit")

    async def _take_count(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.CORRECT_READS)
        audits, by = visit.services.upkeep.audits, Person(visit.user.name, now())
        try:
            counted, captured = int(fields["counted"]), int(fields["captured"])
            self._audit = await audits.take_count(self._audit.audit_id, counted, captured, by)
        except RefusedVerdictError as refused:
            say(self._wrong, translated(str(refused), visit.t))
        except ValueError:
            say(self._wrong, visit.t("Write whole numbers."))
        else:
            say(self._wrong, "")
            self._draw_rates()

    def _passage(self, item: Element, drawn: Drawn, read: Read | None) -> None:
        t = self._visit.t
        item.clear()
        with item:
            if read is None:
                tag("p", t("This passage is no longer kept."), "muted")
                return
            self._pictures(read)
            with tag("div", "", "read-text"):
                plate(read, t)
            tag("div", self._visit.local(passed_at(read, self._visit)), "muted")
            if wrong := clock_words(read, self._visit):
                tag("div", wrong, "clock-wrong")
            with tag("div", "", "actions"):
                for verdict in OF_UNREAD if drawn.is_unread else OF_READ:
                    pressed = {"aria-pressed": str(drawn.verdict is verdict).lower()}
                    does = self._judge(item, drawn, read, verdict)
                    button(t(VERDICTS[verdict]), does, "verdict", **pressed)
            if drawn.judged_by:
                tag("div", t("judged by {who}", who=drawn.judged_by), "muted")

    def _pictures(self, read: Read) -> None:
        t = self._visit.t
        if read.evidence is None:
            tag("p", t("no evidence frame"), "muted")
            return
        tag("img", "", "patch", src=picture(read.evidence.patch), alt=t("plate patch, enlarged"))
        with tag("a", href=picture(read.evidence.overview), target="_blank", rel="noopener"):
            tag("span", t("overview image"))

    def _judge(
        self, item: Element, drawn: Drawn, read: Read, verdict: Verdict
    ) -> Callable[[], Awaitable[None]]:
        async def judge() -> None:
            visit = self._visit
            visit.must(Action.CORRECT_READS)
            by = Person(visit.user.name, now())
            changed = judged(self._audit, drawn.number, verdict, by)
            audits = visit.services.upkeep.audits
            self._audit = await audits.judge(self._audit.audit_id, changed)
            self._passage(item, changed, read)
            self._draw_rates()

        return judge


def _instant(text: str, zone: ZoneInfo) -> datetime:
    return datetime.strptime(text, _MINUTES).replace(tzinfo=zone).astimezone(UTC)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
