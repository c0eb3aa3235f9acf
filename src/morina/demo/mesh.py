"""Turns a body into faces: skin over the ribs, sides, windows, wheels, lamps."""

import itertools
from functools import lru_cache
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from morina.demo.bodies import Body, Face, Material, Panel, Rib, Vertices

_ACROSS = (-1.0, -0.93, -0.75, -0.4, 0.4, 0.75, 0.93, 1.0)
_PROUD = 0.012
"""How far panels stand out from the skin, metres."""


@lru_cache(maxsize=16)
def faces_of(body: Body) -> tuple[Face, ...]:
    """Every face of a body."""
    return (
        *_underside(body),
        *_wheels(body),
        *_sides(body),
        *_skin(body),
        *_panels(body, body.front, 1.0),
        *_panels(body, body.rear, -1.0),
        *_mirrors(body),
    )


def skin_point(body: Body, rib: Rib, across: float) -> NDArray[np.float64]:
    """A point of the upper skin; ``across`` runs from -1 to 1. Ends curve back, roof edges down."""
    bend = abs(across) ** 3
    back = body.roundness if rib.y < body.length / 2 else -body.roundness
    steep = min(rib.y, body.length - rib.y) < 0.5
    drop = 0.0 if steep else 0.05 * bend
    return np.array([across * rib.half, rib.y + (back * bend if steep else 0), rib.z - drop])


def _skin(body: Body) -> list[Face]:
    faces = []
    for low, high in zip(body.ribs, body.ribs[1:], strict=False):
        for left, right in itertools.pairwise(_ACROSS):
            corners = [
                skin_point(body, low, left),
                skin_point(body, low, right),
                skin_point(body, high, right),
                skin_point(body, high, left),
            ]
            edge = abs(left + right) > 1.8
            material = Material.PAINT if edge and low.material is Material.GLASS else low.material
            faces.append(Face(np.array(corners), material))
    return faces


def _sides(body: Body) -> list[Face]:
    """Body side from the sill up, and side windows between the cabin's ribs."""
    faces = []
    sill = min(rib.z for rib in body.ribs) + 0.04
    first, last = body.cabin
    upper = [rib for rib in body.ribs if rib.z > sill + 0.05]
    for near, far in itertools.pairwise(upper):
        glazed = body.ribs[first].y <= near.y and far.y <= body.ribs[last].y
        top = [skin_point(body, rib, 1.0) for rib in (near, far)]
        if top[1][1] < top[0][1] + 0.01:
            continue
        shoulder = [
            _lowered(body, rib) if glazed else point
            for rib, point in zip((near, far), top, strict=True)
        ]
        foot = [np.array([p[0], p[1], sill]) for p in shoulder]
        material = Material.BOX if near.material is Material.BOX else Material.PAINT
        faces += _both_sides(np.array([foot[0], foot[1], shoulder[1], shoulder[0]]), material)
        if glazed:
            faces += _both_sides(
                np.array([shoulder[0], shoulder[1], top[1], top[0]]), Material.GLASS
            )
    return faces


def _lowered(body: Body, rib: Rib) -> NDArray[np.float64]:
    """Where the side window above begins; the cabin's ends meet the skin."""
    edge = skin_point(body, rib, 1.0)
    at_end = rib in (body.ribs[body.cabin[0]], body.ribs[body.cabin[1]])
    return np.array([edge[0] if at_end else body.half_width, edge[1], min(body.belt, edge[2])])


def _both_sides(right: Vertices, material: Material, layer: int = 1) -> list[Face]:
    left = (right * np.array([-1.0, 1.0, 1.0]))[::-1]
    return [Face(right, material, layer), Face(left, material, layer)]


def _wheels(body: Body) -> list[Face]:
    faces = []
    outer, inner, radius = body.half_width - 0.01, body.half_width - 0.24, body.wheel_radius
    for y in body.wheels:
        ring = [(y + radius * cos(a), radius + radius * sin(a)) for a in _turn(16)]
        hub = [(y + 0.6 * radius * cos(a), radius + 0.6 * radius * sin(a)) for a in _turn(12)]
        faces += _both_sides(np.array([(outer + 0.02, *p) for p in ring]), Material.TYRE, 2)
        faces += _both_sides(np.array([(outer + 0.03, *p) for p in hub]), Material.CHROME, 3)
        for end in (y - radius * 0.7, y + radius * 0.7):
            tread = [
                (inner, end, 0.0),
                (outer, end, 0.0),
                (outer, end, radius),
                (inner, end, radius),
            ]
            corners = np.array(tread)
            if end > y:
                corners = corners[::-1]
            faces.append(Face(corners, Material.TYRE, 0))
            faces.append(Face((corners * np.array([-1.0, 1.0, 1.0]))[::-1], Material.TYRE, 0))
    return faces


def _turn(steps: int) -> list[float]:
    return [2 * pi * step / steps for step in range(steps)]


def _underside(body: Body) -> list[Face]:
    """A dark board below each end, so that no daylight shows under the body."""
    half, top = body.half_width - 0.08, min(rib.z for rib in body.ribs) + 0.05
    board = np.array([(-half, 0.5, 0.06), (half, 0.5, 0.06), (half, 0.5, top), (-half, 0.5, top)])
    behind = board[::-1] * np.array([1.0, 0.0, 1.0]) + np.array([0.0, body.length - 0.5, 0.0])
    return [Face(board, Material.TYRE, 0), Face(behind, Material.TYRE, 0)]


def _panels(body: Body, panels: tuple[Panel, ...], facing: float) -> list[Face]:
    """Lamps and grilles laid on the skin; ``facing`` is 1 for the front, -1 for the rear."""
    faces = []
    for depth, panel in enumerate(panels):
        for side in (1.0, -1.0) if panel.mirrored else (1.0,):
            outline = [_on_skin(body, x * side, z, facing) for x, z in panel.outline]
            if side * facing < 0:
                outline.reverse()
            faces.append(Face(np.array(outline), panel.material, 4 + depth))
    return faces


def _on_skin(body: Body, x: float, z: float, facing: float) -> tuple[float, float, float]:
    middle = body.length / 2
    ribs = [rib for rib in body.ribs if (rib.y < middle) == (facing > 0)]
    ribs.sort(key=lambda rib: rib.z)
    heights = [rib.z for rib in ribs]
    half = float(np.interp(z, heights, [rib.half for rib in ribs]))
    y = float(np.interp(z, heights, [rib.y for rib in ribs]))
    return x, y + facing * (body.roundness * abs(x / half) ** 3 - _PROUD), z


def _mirrors(body: Body) -> list[Face]:
    """A mirror housing at each front pillar, seen from both ends."""
    rib = body.ribs[body.cabin[0]]
    x0, x1, y = rib.half - 0.06, body.half_width + 0.15, rib.y + 0.28
    z0, z1 = body.belt + 0.02, body.belt + 0.15 * body.height / 1.5
    outline = [(x0, z0), (x1 - 0.05, z0), (x1, z0 + 0.04), (x1 - 0.02, z1), (x0 + 0.08, z1)]
    front = np.array([(x, y, z) for x, z in outline])
    return [*_both_sides(front, Material.PAINT), *_both_sides(front[::-1], Material.TRIM)]
