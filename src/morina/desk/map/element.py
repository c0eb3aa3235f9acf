"""The map on a page."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from nicegui import ui

from morina.desk.map.layers import ATTRIBUTION

HOME = (42.1, 20.6)
"""Shown when there is nothing to show: the border between Kukës and Prizren."""

_FAR, _NEAR = 8, 12
_PARTS = ("map.css", "map.js", "drawing.js")


@dataclass(frozen=True, slots=True)
class Mark:
    """A camera on the map: WGS 84 degrees, ``bearing`` degrees from north or None if not known.

    ``pin`` is a short text on the pin itself, ``about`` are lines told when it is pressed. A line
    is drawn from it to each place (latitude, longitude) of ``ways``.
    """

    name: str
    latitude: float
    longitude: float
    bearing: float | None = None
    highlighted: bool = False
    pin: str = ""
    about: tuple[str, ...] = ()
    ways: tuple[tuple[float, float], ...] = ()


def show_map(
    marks: Sequence[Mark],
    *,
    centre: tuple[float, float] | None = None,
    zoom: int | None = None,
    height: str = "24rem",
    translate: Callable[[str], str] = str,
) -> ui.leaflet:
    """A map of the cameras, drawn from this node alone; ``router`` must be mounted.

    Without ``centre`` (latitude, longitude) and ``zoom`` it shows all marks. ``height`` is a
    CSS length.
    """
    where = centre or (HOME if not marks else _middle(marks))
    level = zoom if zoom is not None else (_NEAR if marks or centre else _FAR)
    shown = ui.leaflet(
        center=where,
        zoom=level,
        options={"zoomControl": False, "minZoom": 3, "maxZoom": 19},
        additional_resources=[*(f"/map/static/{name}" for name in _PARTS)],
    )
    shown.clear_layers()  # NiceGUI starts every map with tiles from the internet
    shown.classes("morina-map").style(f"height: {height}")
    shown.generic_layer(
        name="morina",
        args=[
            {
                "marks": [asdict(mark) for mark in marks],
                "fit": bool(marks) and centre is None and zoom is None,
                "words": _words(translate),
            }
        ],
    )
    return shown


def add_script(shown: ui.leaflet, address: str) -> None:
    """Have a map that is not on the page yet load what draws more on it.

    The address may have no query: NiceGUI looks for it by a selector made of its last part.
    """
    shown.props["additional-resources"] = [*shown.props["additional-resources"], address]


def draw_on(
    shown: ui.leaflet, field: str, within: str = "", *, translate: Callable[[str], str] = str
) -> None:
    """Let an area be drawn on a map by mouse or keyboard.

    What is drawn is the text of the page's field named ``field``: latitude and longitude of every
    corner, between semicolons. ``within`` names a field of metres, which makes a strip of it.
    """
    words = {"corner": translate("Corner {n}: drag it, or press it to take it out")}
    given = {"field": field, "within": within, "words": words}
    shown.generic_layer(name="morinaDrawing", args=[given])


def _middle(marks: Sequence[Mark]) -> tuple[float, float]:
    latitudes = [mark.latitude for mark in marks]
    longitudes = [mark.longitude for mark in marks]
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def _words(translate: Callable[[str], str]) -> dict[str, str]:
    return {
        "map": translate("Map. Arrow keys move it, plus and minus zoom."),
        "zoom_in": translate("Zoom in"),
        "zoom_out": translate("Zoom out"),
        "close": translate("Close"),
        "looks": translate("looks towards"),
        "attribution": translate(ATTRIBUTION),
    }
