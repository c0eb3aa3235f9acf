"""The shapes of cars, vans and lorries, as flat faces in metres.

A body stands on z = 0; y runs backwards from its foremost point, x to the right as seen from in
front of it. Shapes follow no make.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Vertices = NDArray[np.float64]
"""Corners of one face, n x 3, metres, anticlockwise seen from outside."""


class Material(Enum):
    """What a face is made of; decides how light falls on it."""

    PAINT = "paint"
    GLASS = "glass"
    TRIM = "trim"
    TYRE = "tyre"
    CHROME = "chrome"
    HEADLAMP = "headlamp"
    TAIL_LAMP = "tail lamp"
    BOX = "box"


@dataclass(frozen=True, slots=True)
class Face:
    """One flat piece; a higher ``layer`` is drawn over a lower one."""

    vertices: Vertices
    material: Material
    layer: int = 1


@dataclass(frozen=True, slots=True)
class Rib:
    """One cross-section of the upper skin: at ``y``, ``z`` high, half ``half`` wide.

    ``material`` covers the skin from here to the next rib.
    """

    y: float
    z: float
    half: float
    material: Material = Material.PAINT


@dataclass(frozen=True, slots=True)
class Panel:
    """A lamp, grille or the like on the front or rear: its outline as (x, z), both sides alike."""

    outline: tuple[tuple[float, float], ...]
    material: Material
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a plate hangs: the middle of its face."""

    y: float
    z: float


@dataclass(frozen=True, slots=True)
class Body:
    """A vehicle's shape.

    ``ribs`` run from the foot of the front over the roof to the foot of the rear. ``belt`` is
    where side windows begin, ``cabin`` the indices of the ribs they reach between.
    """

    ribs: tuple[Rib, ...]
    belt: float
    cabin: tuple[int, int]
    wheels: tuple[float, ...]
    wheel_radius: float
    front: tuple[Panel, ...]
    rear: tuple[Panel, ...]
    front_plate: Mount
    rear_plate: Mount
    roundness: float = 0.22

    @property
    def length(self) -> float:
        """Metres from front to rear."""
        return max(rib.y for rib in self.ribs)

    @property
    def height(self) -> float:
        """Metres from the road to the roof."""
        return max(rib.z for rib in self.ribs)

    @property
    def half_width(self) -> float:
        """Metres from the middle to the side."""
        return max(rib.half for rib in self.ribs)


_M = Material


def _rect(x0: float, z0: float, x1: float, z1: float) -> tuple[tuple[float, float], ...]:
    return ((x0, z0), (x1, z0), (x1, z1), (x0, z1))


CAR = Body(
    ribs=(
        Rib(0.10, 0.19, 0.76, _M.TRIM),
        Rib(0.02, 0.27, 0.83),
        Rib(0.00, 0.48, 0.87),
        Rib(0.05, 0.66, 0.86),
        Rib(0.16, 0.76, 0.85),
        Rib(0.45, 0.86, 0.84),
        Rib(0.80, 0.93, 0.83),
        Rib(1.12, 0.97, 0.82, _M.GLASS),
        Rib(1.45, 1.20, 0.74, _M.GLASS),
        Rib(1.80, 1.41, 0.64),
        Rib(2.10, 1.47, 0.61),
        Rib(2.80, 1.48, 0.60),
        Rib(3.45, 1.43, 0.60, _M.GLASS),
        Rib(3.85, 1.08, 0.72),
        Rib(4.08, 1.00, 0.78),
        Rib(4.20, 0.88, 0.82),
        Rib(4.24, 0.55, 0.85),
        Rib(4.20, 0.34, 0.83, _M.TRIM),
        Rib(4.10, 0.22, 0.76),
    ),
    belt=0.96,
    cabin=(7, 13),
    wheels=(0.78, 3.42),
    wheel_radius=0.32,
    front=(
        Panel(_rect(-0.36, 0.60, 0.36, 0.70), _M.TRIM),
        Panel(_rect(-0.36, 0.646, 0.36, 0.660), _M.CHROME),
        Panel(_rect(-0.56, 0.25, 0.56, 0.36), _M.TRIM),
        Panel(
            ((0.43, 0.61), (0.80, 0.63), (0.82, 0.74), (0.66, 0.74), (0.43, 0.68)), _M.TRIM, True
        ),
        Panel(
            ((0.46, 0.622), (0.77, 0.642), (0.79, 0.73), (0.66, 0.728), (0.46, 0.672)),
            _M.HEADLAMP,
            True,
        ),
        Panel(_rect(0.62, 0.30, 0.76, 0.38), _M.CHROME, True),
    ),
    rear=(
        Panel(_rect(-0.62, 0.24, 0.62, 0.34), _M.TRIM),
        Panel(((0.50, 0.72), (0.79, 0.70), (0.80, 0.92), (0.54, 0.90)), _M.TAIL_LAMP, True),
        Panel(_rect(-0.40, 0.84, 0.40, 0.86), _M.CHROME),
    ),
    front_plate=Mount(-0.02, 0.47),
    rear_plate=Mount(4.27, 0.66),
)

VAN = Body(
    ribs=(
        Rib(0.08, 0.26, 0.86, _M.TRIM),
        Rib(0.00, 0.36, 0.93, _M.TRIM),
        Rib(0.00, 0.58, 0.95),
        Rib(0.05, 0.86, 0.94),
        Rib(0.16, 1.02, 0.93),
        Rib(0.50, 1.16, 0.92),
        Rib(0.80, 1.24, 0.91, _M.GLASS),
        Rib(1.15, 1.62, 0.87, _M.GLASS),
        Rib(1.50, 2.00, 0.82),
        Rib(1.85, 2.22, 0.80),
        Rib(2.30, 2.28, 0.80),
        Rib(5.00, 2.30, 0.80),
        Rib(5.20, 2.20, 0.84),
        Rib(5.26, 1.90, 0.86, _M.GLASS),
        Rib(5.28, 1.35, 0.93),
        Rib(5.30, 0.50, 0.94, _M.TRIM),
        Rib(5.24, 0.30, 0.90),
    ),
    belt=1.26,
    cabin=(6, 9),
    wheels=(0.95, 4.25),
    wheel_radius=0.35,
    front=(
        Panel(_rect(-0.46, 0.72, 0.46, 0.90), _M.TRIM),
        Panel(_rect(-0.46, 0.80, 0.46, 0.82), _M.CHROME),
        Panel(
            ((0.56, 0.76), (0.86, 0.78), (0.89, 1.02), (0.72, 0.98), (0.56, 0.90)),
            _M.HEADLAMP,
            True,
        ),
    ),
    rear=(
        Panel(_rect(-0.008, 0.52, 0.008, 1.9), _M.TRIM),
        Panel(_rect(0.80, 0.75, 0.92, 1.25), _M.TAIL_LAMP, True),
    ),
    front_plate=Mount(-0.03, 0.50),
    rear_plate=Mount(5.33, 0.66),
    roundness=0.14,
)

LORRY = Body(
    ribs=(
        Rib(0.05, 0.30, 1.16, _M.TRIM),
        Rib(0.00, 0.42, 1.22, _M.TRIM),
        Rib(0.00, 0.78, 1.24),
        Rib(0.00, 1.20, 1.24),
        Rib(0.02, 1.62, 1.24, _M.GLASS),
        Rib(0.16, 2.45, 1.20),
        Rib(0.24, 2.75, 1.18),
        Rib(0.60, 3.10, 1.14),
        Rib(1.90, 3.40, 1.14),
        Rib(2.00, 3.55, 1.27, _M.BOX),
        Rib(9.00, 3.55, 1.27, _M.BOX),
        Rib(9.05, 1.00, 1.27, _M.TRIM),
        Rib(9.00, 0.45, 1.22),
    ),
    belt=1.55,
    cabin=(4, 6),
    wheels=(1.15, 7.0, 8.2),
    wheel_radius=0.50,
    front=(
        Panel(_rect(-0.80, 0.86, 0.80, 1.06), _M.TRIM),
        Panel(_rect(-0.80, 1.12, 0.80, 1.34), _M.TRIM),
        Panel(_rect(-0.80, 1.22, 0.80, 1.24), _M.CHROME),
        Panel(_rect(-0.008, 1.62, 0.008, 1.66), _M.TRIM),
        Panel(((0.80, 0.52), (1.16, 0.54), (1.18, 0.72), (0.84, 0.70)), _M.HEADLAMP, True),
    ),
    rear=(
        Panel(_rect(-0.012, 1.05, 0.012, 3.5), _M.TRIM),
        Panel(_rect(0.72, 0.72, 1.16, 0.86), _M.TAIL_LAMP, True),
    ),
    front_plate=Mount(-0.03, 0.58),
    rear_plate=Mount(9.10, 0.80),
    roundness=0.06,
)
