"""What happens in the demo: three cameras around the crossing, and who passes them.

Everything is invented: plates, listings, and where exactly the cameras stand. A plate may by
chance be some real vehicle's; nothing here is about it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from morina.demo.issue import random_plate
from morina.demo.light import Hour
from morina.demo.plates import Look
from morina.demo.scenery import Place, Site
from morina.demo.scenes import Scene
from morina.demo.traffic import CameraScript, Passing
from morina.demo.vehicles import PAINTS, Heading, Kind
from morina.demo.view import View
from morina.plates import Plate
from morina.watch import ReasonCode


class Case(StrEnum):
    """What a listing is in the demo for, seen from the vehicle that passes."""

    LISTED = "listed"
    LOOK_ALIKE = "look-alike"
    OTHER_COUNTRY = "other country"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoListing:
    """A plate to put on the demo's hotlist, and the plate that then passes a camera."""

    case: Case
    listed: Plate
    passes: Plate
    colour: str
    reason: ReasonCode
    owner: str = "AL"
    """The authority that lists it."""

    @property
    def in_force(self) -> bool:
        """False for the one that must raise nothing, because it has run out."""
        return self.case is not Case.EXPIRED


DEMO_LISTINGS = (
    DemoListing(
        case=Case.LISTED,
        listed=Plate("LN67KTE", "GB"),
        passes=Plate("LN67KTE", "GB"),
        colour="blue",
        reason=ReasonCode.STOLEN,
        owner="GB",
    ),
    DemoListing(
        case=Case.LOOK_ALIKE,
        listed=Plate("KB12XRD", "GB"),
        passes=Plate("K812XRD", "GB"),
        colour="red",
        reason=ReasonCode.SMUGGLING,
    ),
    DemoListing(
        case=Case.OTHER_COUNTRY,
        listed=Plate("SV13LKE", "GB"),
        passes=Plate("SV13LKE", "RO"),
        colour="grey",
        reason=ReasonCode.WANTED_PERSON,
    ),
    DemoListing(
        case=Case.OTHER_COUNTRY,
        listed=Plate("KLBT204", "DE"),
        passes=Plate("KLBT204", "ME"),
        colour="white",
        reason=ReasonCode.STOLEN,
    ),
    DemoListing(
        case=Case.EXPIRED,
        listed=Plate("YE57HVN", "GB"),
        passes=Plate("YE57HVN", "GB"),
        colour="green",
        reason=ReasonCode.STOLEN,
    ),
    DemoListing(
        case=Case.LISTED,
        listed=Plate("AB508KT", "AL"),
        passes=Plate("AB508KT", "AL"),
        colour="black",
        reason=ReasonCode.TRAFFICKING,
    ),
)
"""The one source of the demo's hotlists: ``listed`` goes on ``owner``'s, ``passes`` drives by."""

_CROSSING = Place(Site.CROSSING, "MORINË", 4)
_LEFT_LANE = View(yaw=-12.0, lane_x=-1.5)
_MOTORWAY = View(camera_height=2.3, pitch=9.2, yaw=11.0, lane_x=1.6, focal_px=1550.0)

_CAST: dict[str, tuple[tuple[float, int], ...]] = {
    "morine-in": ((7.0, 0), (25.0, 1)),
    "morine-out": ((13.0, 2), (33.0, 4)),
    "kukes-a1": ((18.0, 3), (38.0, 5)),
}
"""When which of ``DEMO_LISTINGS`` passes which camera, seconds into its clip."""

_MUDDY_S = {"morine-in": 43.0}

_ORDINARY: dict[str, str] = {
    "morine-in": "XK XK GB AL DE XK MK ME",
    "morine-out": "AL GB AL XK AL GR HR AL",
    "kukes-a1": "AL XK GB AL ME RS BG FR",
}


def demo_script() -> dict[str, CameraScript]:
    """The demo's cameras by id, each with a minute of traffic."""
    cameras = (
        CameraScript(
            camera_id="morine-in",
            name="Morinë, arrivals, lane 1",
            site="Morinë crossing",
            latitude=42.1205,
            longitude=20.5400,
            bearing=75.0,
            heading=Heading.APPROACHING,
            scene=Scene(place=_CROSSING),
            passings=(),
            seed=11,
        ),
        CameraScript(
            camera_id="morine-out",
            name="Morinë, departures, lane 1",
            site="Morinë crossing",
            latitude=42.1201,
            longitude=20.5394,
            bearing=75.0,
            heading=Heading.LEAVING,
            scene=Scene(place=_CROSSING, hour=Hour.DUSK, view=_LEFT_LANE),
            passings=(),
            seed=12,
        ),
        CameraScript(
            camera_id="kukes-a1",
            name="A1 motorway near Kukës",
            site="Kukës",
            latitude=42.0890,
            longitude=20.4310,
            bearing=45.0,
            heading=Heading.APPROACHING,
            scene=Scene(place=Place(Site.MOTORWAY, "KUKËS", 9), hour=Hour.INFRARED, view=_MOTORWAY),
            passings=(),
            seed=13,
        ),
    )
    return {c.camera_id: replace(c, passings=_passings(c)) for c in cameras}


def _passings(camera: CameraScript) -> tuple[Passing, ...]:
    """The cast at its times, ordinary vehicles in the gaps, by time."""
    look = Look(rear=camera.heading is Heading.LEAVING)
    speed = 9.0 if camera.scene.place.site is Site.MOTORWAY else 5.0
    cast = [
        Passing(
            plate=DEMO_LISTINGS[index].passes,
            at_s=at_s,
            paint=DEMO_LISTINGS[index].colour,
            speed_ms=speed,
            look=look,
        )
        for at_s, index in _CAST[camera.camera_id]
    ]
    muddy_s = _MUDDY_S.get(camera.camera_id)
    if muddy_s is not None:
        plate = Plate("AA730LD", "AL")
        cast.append(
            Passing(plate=plate, at_s=muddy_s, paint="beige", speed_ms=speed, unreadable=True)
        )
    ordinary = _ordinary(camera, look, speed, [passing.at_s for passing in cast])
    return tuple(sorted([*cast, *ordinary], key=lambda passing: passing.at_s))


def _ordinary(camera: CameraScript, look: Look, speed: float, taken: list[float]) -> list[Passing]:
    rng = np.random.default_rng(camera.seed)
    free = [at_s for at_s in np.arange(1.0, 60.0, 6.0) if min(abs(at_s - t) for t in taken) >= 4.0]
    kinds, paints = (Kind.CAR, Kind.CAR, Kind.CAR, Kind.VAN, Kind.LORRY), sorted(PAINTS)
    return [
        Passing(
            plate=random_plate(rng, country),
            at_s=float(at_s) + float(rng.uniform(-0.4, 0.4)),
            kind=kinds[index % len(kinds)],
            paint=paints[rng.integers(0, len(paints))],
            speed_ms=speed,
            look=look,
        )
        for index, (at_s, country) in enumerate(
            zip(free, _ORDINARY[camera.camera_id].split(), strict=False)
        )
    ]
