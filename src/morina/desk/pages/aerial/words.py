"""What the values of drone flights are called on screen."""

from collections.abc import Mapping

from morina.desk.said import translated
from morina.desk.words import Words, mark
from morina.sense.aerial import Flag, HeightDatum, ObjectKind, Sortie, SortieState
from morina.sense.aerial.stated import FilmKind, PlaceOrder

STATES: Mapping[SortieState, str] = {
    SortieState.PLANNED: mark("planned"),
    SortieState.CLEARED: mark("cleared to fly"),
    SortieState.FLYING: mark("flying"),
    SortieState.WAITING: mark("waiting to be worked through"),
    SortieState.WORKING: mark("being worked through"),
    SortieState.READY: mark("ready"),
    SortieState.FAILED: mark("failed"),
    SortieState.CANCELLED: mark("cancelled"),
    SortieState.FORGOTTEN: mark("forgotten"),
}
KINDS: Mapping[ObjectKind, str] = {
    ObjectKind.PERSON: mark("person"),
    ObjectKind.VEHICLE: mark("vehicle"),
    ObjectKind.BICYCLE: mark("bicycle"),
    ObjectKind.MOVING: mark("something moving"),
}
"""The machine's word for a track."""

FLAGS: Mapping[Flag, str] = {
    Flag.GRAZING: mark("the view only grazes the ground: the place may be far off along it"),
    Flag.SECOND_HIT: mark("it may also be other ground further behind"),
}
LACKS: Mapping[str, str] = {
    "gimbal angles": mark("gimbal angles"),
    "camera angles": mark("camera angles"),
    "field of view": mark("field of view"),
    "height": mark("height"),
    "height above a known datum": mark("what the height is counted from"),
    "clock with a zone": mark("a clock with its zone"),
    "when the video began": mark("when the video began"),
    "video": mark("video"),
}
"""What a flight may lack, in the words of the readers of telemetry; other words say why something
could not be plotted."""

HEIGHTS: Mapping[str, str] = {
    HeightDatum.TAKEOFF: mark("the take-off"),
    HeightDatum.EGM96: mark("mean sea level"),
    HeightDatum.ELLIPSOID: mark("the WGS 84 ellipsoid"),
}
FILMS: Mapping[str, str] = {
    FilmKind.THERMAL: mark("thermal camera"),
    FilmKind.DAYLIGHT: mark("daylight camera"),
}
ORDERS: Mapping[str, str] = {
    PlaceOrder.LAT_LON: mark("latitude first"),
    PlaceOrder.LON_LAT: mark("longitude first"),
}
"""What a person may state, by its value."""


def state_said(sortie: Sortie, t: Words) -> str:
    """Its state, with the share done while it is worked through."""
    said = t(STATES[sortie.state])
    return f"{said}, {sortie.done:.0%}" if sortie.state is SortieState.WORKING else said


def lacks_said(sortie: Sortie, t: Words) -> str:
    """What its telemetry lacks; empty where nothing."""
    return ", ".join(t(LACKS[one]) if one in LACKS else translated(one, t) for one in sortie.lacks)


def clock_said(at_s: float) -> str:
    """A time in the video: minutes and seconds."""
    minutes, seconds = divmod(max(at_s, 0.0), 60)
    return f"{int(minutes)}:{seconds:04.1f}"


def degrees(fields: Mapping[str, str]) -> tuple[float, float]:
    """Latitude and longitude as typed; ValueError."""
    latitude, longitude = (
        float(fields.get(name, "").replace(",", ".")) for name in ("latitude", "longitude")
    )
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("no place")
    return latitude, longitude
