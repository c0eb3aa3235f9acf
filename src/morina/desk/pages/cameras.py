"""Cameras: where they stand, when each was last heard of."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from nicegui.element import Element

from morina.desk.map import Mark, show_map
from morina.desk.pages.frame import focus, frame, toast
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.pushing import show_pushing
from morina.desk.pages.state import page_of, show_state
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.desk.words import mark
from morina.sense.cameras import Camera, NoSuchCameraError

LOOKED_BACK = 1000
"""How many of the latest reads are searched for each camera's last one."""

COLUMNS = (mark("Camera"), mark("Site"), mark("Place"), mark("Last read"), mark("State"), "")


async def cameras_page(visit: Visit) -> None:
    """Map, table and the form to add or change a camera."""
    t = visit.t
    cameras = await visit.services.cameras.cameras()
    last_reads: dict[str, datetime] = {}
    for read in await visit.services.reads.latest(LOOKED_BACK):
        last_reads.setdefault(read.camera_id, read.captured_at)
    with frame(visit, t("Cameras"), "/cameras"):
        with tag("div", "", "head"):
            tag("h1", t("Cameras"))
        with tag("div", "", "beside"):
            with tag("div"):
                form_ = _CameraForm(visit)
                await show_pushing(visit)
                _table(visit, [camera.shown() for camera in cameras], last_reads, form_)
            with tag("section", "", "part flush", aria_label=t("Map")):
                marks = [Mark(c.name, c.latitude, c.longitude, c.bearing) for c in cameras]
                show_map(marks, height="560px", translate=t)


def _table(
    visit: Visit, cameras: list[Camera], last_reads: dict[str, datetime], form_: "_CameraForm"
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
                    _row(visit, camera, last_reads.get(camera.camera_id), form_)


def _row(visit: Visit, camera: Camera, last_at: datetime | None, form_: "_CameraForm") -> None:
    t = visit.t
    with tag("tr"):
        with tag("th", scope="row"):
            with tag("div"):
                tag("a", camera.name, href=page_of(camera.camera_id))
            tag("code", camera.camera_id, "muted")
        tag("td", camera.site, data_label=t("Site"))
        with tag("td", "", "nowrap", data_label=t("Place")):
            tag("div", f"{camera.latitude:.5f}, {camera.longitude:.5f}")
            tag("div", t("looks towards {degrees}°", degrees=round(camera.bearing)), "muted")
        with tag("td", data_label=t("Last read")):
            if last_at is None:
                tag("span", t("no read lately"), "muted")
            else:
                tag("time", "", data_since=last_at.isoformat(), title=visit.local(last_at))
        with tag("td", data_label=t("State")):
            show_state(visit, camera.camera_id)
        with tag("td") as last:
            button(t("Change"), form_.change(camera), "link")
            button(t("Remove"), _asked(visit, last, camera), "link")


def _asked(visit: Visit, cell: Element, camera: Camera) -> Callable[[], Awaitable[None]]:
    async def remove() -> None:
        try:
            await visit.services.cameras.remove(camera.camera_id)
        except NoSuchCameraError:
            toast(cell, visit.t("That camera was removed already."))
        cell.client.open("/cameras")

    async def ask() -> None:
        cell.clear()
        with cell:
            button(visit.t("Yes, remove {name}", name=camera.name), remove, "stern")

    return ask


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
            self._details.props["open"] = True
            self._details.update()
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
