"""Airspace on a map, and a map to draw an area on."""

from collections.abc import Sequence

from nicegui import ui

from morina.desk.map import draw_on, show_map
from morina.desk.pages.markup import field, tag
from morina.desk.pages.visit import Visit
from morina.sense.aerial.fleet.fleet import Airspace, AirspaceKind

LOOKS = {
    AirspaceKind.FORBIDDEN: {"color": "#b3261e", "weight": 3, "fillOpacity": 0.2},
    AirspaceKind.PERMISSION: {"color": "#8a5a00", "weight": 3, "dashArray": "8 6"},
}
"""A dashed line needs a permission, a whole one is forbidden: colour alone says nothing."""


def airspace_map(visit: Visit, airspace: Sequence[Airspace], height: str) -> ui.leaflet:
    """A map of it; of the border where there is none."""
    corners = [corner for one in airspace for corner in one.ring]
    zoom = 10 if corners else None
    shown = show_map([], centre=_middle(corners), zoom=zoom, height=height, translate=visit.t)
    for one in airspace:
        ring = [[latitude, longitude] for longitude, latitude in one.ring]
        shown.generic_layer(name="polygon", args=[ring, LOOKS[one.kind]])
    return shown


def area(visit: Visit, name: str, value: str = "", airspace: Sequence[Airspace] = ()) -> None:
    """A map to draw an area on, and the same in figures."""
    t = visit.t
    shown = airspace_map(visit, airspace, "300px")
    tag("p", t("Press the map to set a corner, drag a corner to move it, press it to take it"
               " out. By keyboard: arrow keys move the map, Enter sets a corner at its middle;"
               " or type the places below."), "hint")  # fmt: skip
    field(t("Latitude and longitude of each, between semicolons"), f"{name}_spots",
          value=value, placeholder="42.05 20.40; 42.10 20.45", maxlength=20000)  # fmt: skip
    with tag("div", "", "actions"):
        for takes, words in (("last", t("Take the last corner out")), ("all", t("Begin anew"))):
            tag("button", words, type="button", data_draws=f"{name}_spots", data_takes=takes)
    draw_on(shown, f"{name}_spots", translate=t)


def _middle(corners: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    if not corners:
        return None
    longitudes, latitudes = zip(*corners, strict=True)
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2
