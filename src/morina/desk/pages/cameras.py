"""Cameras: where they stand, when each was last heard of."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from nicegui.events import GenericEventArguments

from morina.accountability import Action
from morina.desk.map import Mark, show_map
from morina.desk.pages.frame import focus, frame, toast
from morina.desk.pages.markup import Fields, field, form, open_details, say, tag
from morina.desk.pages.pushing import show_pushing
from morina.desk.pages.state import page_of, state_of
from morina.desk.pages.visit import Visit, now
from morina.desk.pages.written import Written, hold, holding, written
from morina.desk.said import translated
from morina.desk.words import mark
from morina.sense.cameras import Camera, NoSuchCameraError

LOOKED_BACK = timedelta(days=1)
"""Within it the last read is told to the second, before it to the hour."""

COLUMNS = (mark("Camera"), mark("Site"), mark("Place"), mark("Last read"), mark("State"), "")


async def cameras_page(visit: Visit) -> None:
    """Map, table and the form to add or change a camera."""
    t = visit.t
    cameras = await visit.services.cameras.cameras()
    last_reads = await _last_reads(visit)
    with frame(visit, t("Cameras"), "/cameras"):
        with tag("div", "", "head"):
            tag("h1", t("Cameras"))
        with tag("div", "", "beside"):
            with tag("div"):
                form_ = None
                if visit.may(Action.CHANGE_CAMERAS):
                    form_ = _CameraForm(visit)
                    await show_pushing(visit)
                _table(visit, [camera.shown() for camera in cameras], last_reads, form_)
            with tag("section", "", "part flush", aria_label=t("Map")):
                marks = [Mark(c.name, c.latitude, c.longitude, c.bearing) for c in cameras]
                show_map(marks, height="560px", translate=t)


async def _last_reads(visit: Visit) -> dict[str, datetime]:
    upkeep = visit.services.upkeep
    hours = {name: one.figures.hours for name, one in upkeep.checkup.latest.items()}
    counted = {name: those[-1].begins_at for name, those in hours.items() if those}
    return counted | await upkeep.counts.last_passed(now() - LOOKED_BACK)


def _table(
    visit: Visit,
    cameras: list[Camera],
    last_reads: dict[str, datetime],
    form_: "_CameraForm | None",
) -> None:
    t = visit.t
    with tag("section", "", "part flush", aria_labelledby="cameras"):
        with tag("h2", f"{t('Cameras')} ", id="cameras"):
            tag("span", str(len(cameras)), "count")
        if not cameras:
            tag("p", t("There is no camera yet. Add one above."), "empty")
            return
        with tag("div", "", "scroll"), tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column), scope="col")
            with tag("tbody"):
                for camera in cameras:
                    _Row(visit, camera, last_reads.get(camera.camera_id), form_)


class _Row:
    """One camera, written as text: at hundreds of cameras an element a cell takes a second."""

    def __init__(
        self, visit: Visit, camera: Camera, last_at: datetime | None, form_: "_CameraForm | None"
    ) -> None:
        self._visit, self._camera = visit, camera
        self._cells = _cells(visit, camera, last_at)
        t = visit.t
        if form_ is None:
            holding("tr", *self._cells, written("td"))
            return
        self._does = {
            "change": form_.change(camera),
            "ask": self._ask,
            "remove": self._remove,
        }
        last = written("td", _press("change", t("Change")), _press("ask", t("Remove")))
        self._element = holding("tr", *self._cells, last).on(
            "click",
            self._pressed,
            js_handler="(e) => { const pressed = e.target.closest('button');"
            " if (pressed) emit(pressed.value) }",
        )

    async def _pressed(self, event: GenericEventArguments) -> None:
        if does := self._does.get(str(event.args)):
            await does()

    async def _ask(self) -> None:
        text = self._visit.t("Yes, remove {name}", name=self._camera.name)
        hold(self._element, *self._cells, written("td", _press("remove", text, "stern")))

    async def _remove(self) -> None:
        self._visit.must(Action.CHANGE_CAMERAS)
        try:
            await self._visit.services.cameras.remove(self._camera.camera_id)
        except NoSuchCameraError:
            toast(self._element, self._visit.t("That camera was removed already."))
        self._element.client.open("/cameras")


def _press(does: str, text: str, classes: str = "link") -> Written:
    return written("button", text, class_=classes, type="button", value=does)


def _cells(visit: Visit, camera: Camera, last_at: datetime | None) -> list[Written]:
    """All but the last, with its buttons."""
    t = visit.t
    cell = partial(written, "td")
    name = written("div", written("a", camera.name, href=page_of(camera.camera_id)))
    place = f"{camera.latitude:.5f}, {camera.longitude:.5f}"
    looks = t("looks towards {degrees}°", degrees=round(camera.bearing))
    heard = written("span", t("no read lately"), class_="muted")
    if last_at is not None:
        heard = written("time", data_since=last_at.isoformat(), title=visit.local(last_at))
    return [
        written("th", name, written("code", camera.camera_id, class_="muted"), scope="row"),
        cell(camera.site, data_label=t("Site")),
        cell(
            written("div", place), written("div", looks, class_="muted"),
            class_="nowrap", data_label=t("Place"),
        ),
        cell(heard, data_label=t("Last read")),
        cell(*state_of(visit, camera.camera_id), data_label=t("State")),
    ]  # fmt: skip


class _CameraForm:
    """The form for a new camera, or for one to change."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with tag("details", "", "part") as self._details:
            self._title = tag("summary", visit.t("Add a camera"))
            self._place = tag("div")
        self._draw(None)

    def change(self, camera: Camera) -> Callable[[], Awaitable[None]]:
        """What a press on the camera's "Change" does."""

        async def open_form() -> None:
            say(self._title, self._visit.t("Change {name}", name=camera.name))
            self._draw(camera)
            open_details(self._details)
            focus(self._details, "[name=name]")

        return open_form

    def _draw(self, camera: Camera | None) -> None:
        t = self._visit.t
        self._place.clear()
        with self._place, form(self._save):
            self._wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "fields"):
                for name, title, more in _FIELDS:
                    value = "" if camera is None else str(getattr(camera, name))
                    fixed = {"readonly": True} if camera and name == "camera_id" else {}
                    field(t(title), name, value=value, **more, **fixed)
            with tag("div", "", "actions"):
                tag("button", t("Save the camera"), "first", type="submit")

    async def _save(self, fields: Fields) -> None:
        self._visit.must(Action.CHANGE_CAMERAS)
        try:
            camera = Camera(
                camera_id=fields["camera_id"].strip(),
                name=fields["name"].strip(),
                site=fields["site"].strip(),
                latitude=float(fields["latitude"]),
                longitude=float(fields["longitude"]),
                bearing=float(fields["bearing"] or 0),
                source=fields["source"].strip(),
            )
            await self._visit.services.cameras.put(camera)
        except ValueError as refused:
            say(self._wrong, translated(str(refused), self._visit.t))
        else:
            self._wrong.client.open("/cameras")


_DEGREES: dict[str, object] = {"type": "number", "step": "any"}
_FIELDS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("camera_id", mark("Identifier"), {"required": True, "maxlength": "64"}),
    ("name", mark("Name"), {"required": True, "maxlength": "200"}),
    ("site", mark("Site"), {"required": True, "maxlength": "200"}),
    ("latitude", mark("Latitude, degrees"), _DEGREES | {"required": True, "min": -90, "max": 90}),
    ("longitude", mark("Longitude, degrees"),
     _DEGREES | {"required": True, "min": -180, "max": 180}),
    ("bearing", mark("Looks towards, degrees from north"), _DEGREES | {"min": 0, "max": 360}),
    ("source", mark("Address to follow (rtsp:, file: ...), empty if it sends by itself"), {}),
)  # fmt: skip
