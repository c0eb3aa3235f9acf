"""The weeks of all cameras as drawings in one picture, which the table of cameras points into.

Drawn once a look, however many pages show it. The page gives the colours, so a theme counts.
"""

from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Response

from morina.desk.pages.sparkline import HEIGHT, week_of
from morina.desk.services import Services
from morina.records.checkup import Checked, Checkup
from morina.sense.cameras.passed import WEEK_HOURS

PATH = "/weeks.svg"
KEPT = "private, max-age=600, immutable"
"""A browser keeps the picture of a look; the next look has another address."""


def router(services: Services) -> APIRouter:
    """The picture; who may ask is the gate's business."""
    routes = APIRouter(include_in_schema=False)
    drawn = _Drawn(services.upkeep.checkup)

    def weeks() -> Response:
        headers = {"Cache-Control": KEPT}
        return Response(drawn.picture(), media_type="image/svg+xml", headers=headers)

    routes.add_api_route(PATH, weeks, methods=["GET"])
    return routes


def address(checkup: Checkup, camera_id: str) -> str:
    """Where a camera's drawing is, as of the last look."""
    at = checkup.looked_at.timestamp() if checkup.looked_at else 0.0
    return f"{PATH}?at={at:.0f}#{quote(camera_id, safe='')}"


class _Drawn:
    """The picture of the last look, drawn when somebody first asks for it."""

    def __init__(self, checkup: Checkup) -> None:
        self._checkup = checkup
        self._of: dict[str, Checked] = {}
        self._picture = b""

    def picture(self) -> bytes:
        """As SVG; called in a thread."""
        latest = self._checkup.latest
        if latest is not self._of or not self._picture:
            self._picture, self._of = _picture(latest), latest
        return self._picture


def _picture(latest: dict[str, Checked]) -> bytes:
    root = Element("svg", xmlns="http://www.w3.org/2000/svg")
    for camera_id, checked in latest.items():
        bars, line = week_of(checked.figures.hours, checked.usual, checked.figures.at, checked.zone)
        box = f"0 0 {WEEK_HOURS} {HEIGHT:.0f}"
        of_one = SubElement(root, "symbol", id=camera_id, viewBox=box, preserveAspectRatio="none")
        SubElement(of_one, "path", d=bars, stroke="none")
        if line:
            effect = {"vector-effect": "non-scaling-stroke"}
            SubElement(of_one, "polyline", effect, points=line, fill="none")
    return tostring(root)
