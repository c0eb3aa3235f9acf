"""The cameras a vehicle seen from the air may pass next, as a list for an officer."""

from collections.abc import Mapping
from datetime import timedelta

from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit
from morina.desk.track_ahead import CameraAhead, ToldAhead
from morina.sense.cameras import Camera


def show_ahead(told: ToldAhead, cameras: Mapping[str, Camera], visit: Visit) -> None:
    """Each camera with the soonest and latest time, and what they rest on."""
    t = visit.t
    tag("h3", t("Cameras it may pass next"), id="ahead-of-track", tabindex=-1)
    if not told.cameras:
        tag("p", t("No camera lies ahead of its course within reach."), "muted")
    with tag("ol", "", "told"):
        for one in told.cameras:
            _camera(one, told, cameras, visit)
    tag("p", t("Nothing follows of itself: no plate was looked for."), "muted")
    tag("p", t("Consultation no. {number}", number=told.number), "muted")


def _camera(one: CameraAhead, told: ToldAhead, cameras: Mapping[str, Camera], visit: Visit) -> None:
    t = visit.t
    with tag("li", data_camera=one.camera_id):
        tag("strong", _name(one.camera_id, cameras))
        tag("div", _when(one, told, visit))
        if one.after_id:
            first = _name(one.after_id, cameras)
            said = t(
                "From {camera} on half of the vehicles took {usual} min, nine of ten up to {slow}"
                " min.",
                camera=first, usual=_minutes(one.usual_s), slow=_minutes(one.slow_s),
            )  # fmt: skip
        else:
            km = f"{one.distance_m / 1000:.1f}"
            said = t(
                "Bounds only: {km} km in a straight line at 130 km/h, and at 20 km/h on a road"
                " twice as long.",
                km=km,
            )
        tag("div", said, "muted")


def _when(one: CameraAhead, told: ToldAhead, visit: Visit) -> str:
    if told.left_at is None:
        return visit.t(
            "{soonest} to {latest} min after it was seen last",
            soonest=_minutes(one.soonest_s), latest=_minutes(one.latest_s),
        )  # fmt: skip
    soonest, latest = (told.left_at + timedelta(seconds=s) for s in (one.soonest_s, one.latest_s))
    return visit.t("{soonest} to {latest}", soonest=visit.local(soonest),
                   latest=visit.local(latest))  # fmt: skip


def _name(camera_id: str, cameras: Mapping[str, Camera]) -> str:
    known = cameras.get(camera_id)
    return f"{known.name}, {known.site}" if known else camera_id


def _minutes(seconds: float | None) -> str:
    return f"{(seconds or 0) / 60:.0f}"
