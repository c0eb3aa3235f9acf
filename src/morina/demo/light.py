"""Light at the crossing: what each hour does to sky, ground, paint, lamps and plates."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

Triple = tuple[float, float, float]
"""Blue, green, red."""


class Hour(StrEnum):
    """When, and with which camera, a scene is seen."""

    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"
    INFRARED = "infrared"


@dataclass(frozen=True, slots=True)
class Light:
    """How much light there is. Colours of light multiply colours of things.

    ``sun`` comes from ``sun_from`` (a direction, x right, y away, z up). ``plate`` is what the
    camera's own lamp adds to a plate, which throws it back; ``noise`` the sensor's deviation in
    grey levels; ``glare`` how strongly lit headlamps bloom, 0 to 1.
    """

    ambient: Triple
    sun: Triple
    sun_from: Triple
    sky_top: Triple
    sky_low: Triple
    plate: Triple
    noise: float
    lamps: bool
    glare: float = 0.0
    monochrome: bool = False

    def on(self, normal: np.ndarray) -> np.ndarray:
        """Light falling on faces with these unit normals, n x 3 to n x 3 (BGR)."""
        towards = np.array(self.sun_from) / np.linalg.norm(self.sun_from)
        direct = np.clip(normal @ towards, 0, 1)[:, None] * np.array(self.sun)
        open_sky = (0.62 + 0.38 * normal[:, 2])[:, None] * np.array(self.ambient)
        return np.asarray(direct + open_sky)


LIGHTS: dict[Hour, Light] = {
    Hour.DAY: Light(
        ambient=(0.66, 0.62, 0.58),
        sun=(0.52, 0.56, 0.60),
        sun_from=(-0.5, -0.55, 0.8),
        sky_top=(205, 150, 95),
        sky_low=(235, 222, 205),
        plate=(0.92, 0.92, 0.92),
        noise=2.2,
        lamps=False,
    ),
    Hour.DUSK: Light(
        ambient=(0.40, 0.33, 0.32),
        sun=(0.10, 0.16, 0.26),
        sun_from=(-0.9, 0.2, 0.25),
        sky_top=(120, 72, 52),
        sky_low=(115, 150, 215),
        plate=(0.62, 0.64, 0.66),
        noise=4.0,
        lamps=True,
        glare=0.55,
    ),
    Hour.NIGHT: Light(
        ambient=(0.16, 0.14, 0.13),
        sun=(0.16, 0.20, 0.23),
        sun_from=(0.2, -0.6, 0.8),
        sky_top=(26, 16, 12),
        sky_low=(38, 28, 24),
        plate=(0.66, 0.68, 0.68),
        noise=5.5,
        lamps=True,
        glare=0.8,
    ),
    Hour.INFRARED: Light(
        ambient=(0.20, 0.20, 0.20),
        sun=(0.32, 0.32, 0.32),
        sun_from=(0.0, -0.9, 0.35),
        sky_top=(18, 18, 18),
        sky_low=(30, 30, 30),
        plate=(0.95, 0.95, 0.95),
        noise=3.2,
        lamps=True,
        glare=0.25,
        monochrome=True,
    ),
}
