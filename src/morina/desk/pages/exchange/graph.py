"""Who tells whom what, as a drawing: nodes on a ring, one arrow for each ordered pair.

Made here as SVG, without a script; no element of a page is made before ``shown``. The same stands
in a table on the page, for whoever does not see the drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from xml.etree.ElementTree import Element, SubElement

from morina.desk.pages.markup import tag
from morina.exchange import Category

_NODE = 27.0
"""Radius of a node, and of the room around it that arrows leave free."""

_BADGE, _BETWEEN = 8.5, 18.5
_BEND = 0.2
"""How far an arrow bends aside, as a share of its length: two of one pair never lie together."""

NUMBERS = {category: number for number, category in enumerate(Category, start=1)}
"""The number that stands for a category on an arrow and in the legend."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Arrow:
    """What one node tells another."""

    giver: str
    receiver: str
    categories: frozenset[Category]


def drawing(nodes: Sequence[str], arrows: Sequence[Arrow], title: str) -> Element:
    """``nodes`` clockwise from the top and an arrow for each of ``arrows``; ``title`` is read out.

    ValueError where an arrow names a node that is not among ``nodes``.
    """
    places = _ring(nodes)
    if lost := [one for one in arrows if not {one.giver, one.receiver} <= places.keys()]:
        raise ValueError(f"{lost[0].giver} to {lost[0].receiver}: not both are among the nodes")
    wide = 2 * (_radius(len(nodes)) + _NODE + 45)
    high = wide - 70
    box = f"{-wide / 2:.0f} {-high / 2:.0f} {wide:.0f} {high:.0f}"
    root = Element("svg", {"viewBox": box, "role": "img", "class": "graph", "aria-label": title})
    for arrow in arrows:
        _arrow(root, arrow, places[arrow.giver], places[arrow.receiver])
    for node, (x, y) in places.items():
        _node(root, node, x, y)
    return root


def shown(drawn: Element) -> None:
    """Put a drawing on the page."""
    attributes = {key: value for key, value in drawn.attrib.items() if key != "class"}
    with tag(drawn.tag, drawn.text or "", drawn.get("class", ""), **attributes):
        for child in drawn:
            shown(child)


def _radius(nodes: int) -> float:
    return max(140.0, 30.0 * nodes)


def _ring(nodes: Sequence[str]) -> dict[str, Point]:
    radius = _radius(len(nodes))
    turns = {node: 2 * pi * at / len(nodes) for at, node in enumerate(nodes)}
    return {node: (radius * sin(turn), -radius * cos(turn)) for node, turn in turns.items()}


def _arrow(root: Element, arrow: Arrow, begins: Point, ends: Point) -> None:
    (x1, y1), (x2, y2) = begins, ends
    aside = ((x1 + x2) / 2 - (y2 - y1) * _BEND, (y1 + y2) / 2 + (x2 - x1) * _BEND)
    start, end = _short(begins, aside, _NODE + 3), _short(ends, aside, _NODE + 7)
    classes = f"arrow {next(iter(arrow.categories))}" if len(arrow.categories) == 1 else "arrow"
    group = SubElement(
        root, "g", {"class": classes, "data-from": arrow.giver, "data-to": arrow.receiver}
    )
    middle = f"{aside[0]:.1f} {aside[1]:.1f}"
    line = f"M{start[0]:.1f} {start[1]:.1f}Q{middle} {end[0]:.1f} {end[1]:.1f}"
    SubElement(group, "path", {"class": "line", "d": line})
    SubElement(group, "path", {"class": "head", "d": _head(aside, end)})
    _badges(group, arrow, _on_curve((start, aside, end)), (x2 - x1, y2 - y1))


def _badges(group: Element, arrow: Arrow, at: Point, along: Point) -> None:
    """The numbers of what is told, side by side along the arrow."""
    length = hypot(*along)
    step = (along[0] / length * _BETWEEN, along[1] / length * _BETWEEN)
    told = sorted(arrow.categories, key=NUMBERS.__getitem__)
    for place, category in enumerate(told):
        off = place - (len(told) - 1) / 2
        x, y = at[0] + step[0] * off, at[1] + step[1] * off
        where = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": str(_BADGE)}
        SubElement(group, "circle", {"class": f"badge {category}", **where})
        words = {"class": f"badge-text {category}", "x": f"{x:.1f}", "y": f"{y + 4:.1f}"}
        SubElement(group, "text", words).text = str(NUMBERS[category])


def _node(root: Element, node: str, x: float, y: float) -> None:
    group = SubElement(root, "g", {"class": "node", "data-node": node})
    wide = max(2 * _NODE, 9.0 * len(node) + 14)
    SubElement(group, "rect", {
        "x": f"{x - wide / 2:.1f}", "y": f"{y - _NODE:.1f}", "width": f"{wide:.1f}",
        "height": f"{2 * _NODE:.1f}", "rx": f"{_NODE:.1f}",
    })  # fmt: skip
    SubElement(group, "text", {"x": f"{x:.1f}", "y": f"{y + 5:.1f}"}).text = node


def _short(point: Point, towards: Point, by: float) -> Point:
    """``point`` moved by so much towards another."""
    dx, dy = towards[0] - point[0], towards[1] - point[1]
    length = hypot(dx, dy)
    return (point[0] + dx / length * by, point[1] + dy / length * by)


def _head(comes_from: Point, tip: Point) -> str:
    back = _short(tip, comes_from, 11)
    dx, dy = (tip[0] - back[0]) / 11 * 4.5, (tip[1] - back[1]) / 11 * 4.5
    left, right = (back[0] - dy, back[1] + dx), (back[0] + dy, back[1] - dx)
    points = (tip, left, right)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z"


def _on_curve(curve: tuple[Point, Point, Point], at: float = 0.5) -> Point:
    """A point of a quadratic Bézier curve, ``at`` of its way."""
    (x0, y0), (x1, y1), (x2, y2) = curve
    a, b, c = (1 - at) ** 2, 2 * at * (1 - at), at**2
    return (a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2)
