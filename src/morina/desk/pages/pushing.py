"""Cameras that push what they read, and unknown ones that knock, on the cameras page."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import UUID

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.adoption import adopt, push_path
from morina.desk.pages.account import zones
from morina.desk.pages.frame import focus
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.spans import span
from morina.desk.words import mark
from morina.records import Disputed
from morina.sense.cameras import Camera
from morina.sense.cameras.pushing import Heard, Knock, NoSuchKnockError, PushingCamera

DISPUTED_WITHIN = timedelta(days=7)

COLUMNS = (
    mark("Camera"),
    mark("Maker"),
    mark("Last report"),
    mark("Clock behind by"),
    mark("Read otherwise"),
    mark("Refused payloads"),
    "",
)


async def show_pushing(visit: Visit) -> None:
    """Who knocks, if anybody, and the table of cameras that push."""
    pushing = await visit.services.pushing.pushing()
    _knocking(visit, await visit.services.pushing.knocks())
    if not pushing:
        return
    heard = await visit.services.pushing.heard()
    disputed = await visit.services.reads.disputed(now() - DISPUTED_WITHIN)
    t = visit.t
    with tag("section", "", "part flush", aria_labelledby="pushing"):
        tag("h2", t("Cameras that read plates themselves"), id="pushing")
        with tag("div", "", "scroll"), tag("table", "", "stacks packed"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column), scope="col")
            with tag("tbody"):
                for camera in pushing:
                    name = camera.camera_id
                    _row(visit, camera, heard.get(name), disputed.get(name))


def _row(
    visit: Visit, camera: PushingCamera, heard: Heard | None, disputed: Disputed | None
) -> None:
    t = visit.t
    maker = visit.services.receiving.makers.get(camera.maker)
    with tag("tr"):
        with tag("th", scope="row"):
            tag("code", camera.camera_id)
        tag("td", maker.title if maker else camera.maker, data_label=t("Maker"))
        with tag("td", data_label=t("Last report")):
            if heard is None or heard.reported_at is None:
                tag("span", t("none yet"), "muted")
            else:
                at = heard.reported_at
                tag("time", "", data_since=at.isoformat(), title=visit.local(at))
        tag("td", _offset(visit, heard), data_label=t("Clock behind by"))
        tag("td", _share(disputed), data_label=t("Read otherwise"))
        tag("td", str(heard.bad_payloads if heard else 0), data_label=t("Refused payloads"))
        with tag("td") as last:
            button(t("Show the push address"), _address(visit, last, camera.camera_id), "link")


def _offset(visit: Visit, heard: Heard | None) -> str:
    known = heard.clock_offset_s if heard else None
    return "" if known is None else span(known, visit.t)


def _share(disputed: Disputed | None) -> str:
    return f"{disputed.share:.1%} ({disputed.differing}/{disputed.compared})" if disputed else ""


def _address(visit: Visit, cell: Element, camera_id: str) -> Callable[[], Awaitable[None]]:
    async def show() -> None:
        visit.must(Action.CHANGE_CAMERAS)
        secret = await visit.services.pushing.secret(camera_id)
        cell.clear()
        with cell:
            if secret:
                tag("code", push_path(secret), "push-address")
            else:
                tag("span", visit.t("as typed into the camera; only its hash is kept"), "muted")

    return show


def _knocking(visit: Visit, knocks: list[Knock]) -> None:
    if not knocks:
        return
    t = visit.t
    with tag("section", "", "part flush", aria_labelledby="knocking"):
        title = t("Knocking")
        with tag("h2", f"{title} ", id="knocking"):
            tag("span", str(len(knocks)), "count")
        tag("p", t("Unknown cameras called and were refused. Nothing they sent was kept."), "empty")
        with tag("ul", "", "knocks"):
            for knock in knocks:
                with tag("li") as item:
                    _knock(visit, knock, item)


def _knock(visit: Visit, knock: Knock, item: Element) -> None:
    t = visit.t
    tag("time", "", data_since=knock.last_at.isoformat(), title=visit.local(knock.last_at))
    tag("span", _named(visit, knock))
    button(t("Adopt"), lambda: _Adoption(visit, knock, item).open(), "first")


def _named(visit: Visit, knock: Knock) -> str:
    makers = visit.services.receiving.makers
    maker = makers[knock.maker].title if knock.maker in makers else visit.t("unknown maker")
    keys = ", ".join(f"{name} {value}" for name, value in knock.camera_key.items())
    times = visit.t.many("{n} time", "{n} times", knock.times)
    return f"{maker} · {keys or '?'} · {knock.address} · {times}"


class _Adoption:
    """The form that makes who knocked a camera."""

    def __init__(self, visit: Visit, knock: Knock, item: Element) -> None:
        self._visit = visit
        self._named = _named(visit, knock)
        self._knock_id: UUID = knock.knock_id
        self._maker = knock.maker
        self._item = item

    async def open(self) -> None:
        """Ask where the camera stands and what its clock shows."""
        t = self._visit.t
        self._item.clear()
        with self._item:
            tag("span", self._named)
        with self._item, form(self._save):
            self._wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "fields"):
                for name, title, more in _FIELDS:
                    field(t(title), name, **more)
                choice(t("Maker"), "maker", self._makers(), self._maker)
                choice(t("Time zone"), "time_zone", zones(), self._visit.user.time_zone)
            with tag("div", "", "actions"):
                tag("button", t("Adopt the camera"), "first", type="submit")
        focus(self._item, ".knocks [name=camera_id]")

    def _makers(self) -> dict[str, str]:
        makers = self._visit.services.receiving.makers
        return {name: makers[name].title for name in sorted(makers)}

    async def _save(self, fields: Fields) -> None:
        self._visit.must(Action.CHANGE_CAMERAS)
        services = self._visit.services
        try:
            camera = Camera(
                camera_id=fields["camera_id"].strip(),
                name=fields["name"].strip(),
                site=fields["site"].strip(),
                latitude=float(fields["latitude"]),
                longitude=float(fields["longitude"]),
            )
            secret = await adopt(
                services, self._knock_id, camera, fields["time_zone"], fields["maker"]
            )
        except (ValueError, NoSuchKnockError) as refused:
            say(self._wrong, translated(str(refused), self._visit.t))
            return
        if not secret:
            self._item.client.open("/cameras")
            return
        self._item.clear()
        with self._item:
            tag("span", self._visit.t("Type this push address into the camera:"))
            tag("code", push_path(secret), "push-address")


_DEGREES: Mapping[str, object] = {"type": "number", "step": "any", "required": True}
_FIELDS: tuple[tuple[str, str, Mapping[str, object]], ...] = (
    ("camera_id", mark("Identifier"), {"required": True, "maxlength": "64"}),
    ("name", mark("Name"), {"required": True, "maxlength": "200"}),
    ("site", mark("Site"), {"required": True, "maxlength": "200"}),
    ("latitude", mark("Latitude, degrees"), {**_DEGREES, "min": -90, "max": 90}),
    ("longitude", mark("Longitude, degrees"), {**_DEGREES, "min": -180, "max": 180}),
)
