"""A short flight made up for tests: a ball that crosses the picture, seen from straight above."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from klv_made import TIGHT, video
from morina.sense.aerial import (
    Angles,
    Detection,
    Height,
    HeightDatum,
    ObjectKind,
    Telemetry,
)
from morina.sense.aerial.sources.klv_out import muxed, packets

BEGAN = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
RATE = 25.0


def hovering(seconds: int) -> list[Telemetry]:
    """100 m over flat ground, five sayings a second."""
    return [
        Telemetry(
            at_s=n / 5, latitude=10.0, longitude=20.0, spread=TIGHT,
            height=Height(100.0, HeightDatum.ELLIPSOID), at=BEGAN + timedelta(seconds=n / 5),
            camera=Angles(0.0, -89.0, 0.0), view=(40.0, 30.0),
        )
        for n in range(seconds * 5)
    ]  # fmt: skip


def transport(folder: Path, pictures: int) -> bytes:
    """Video and telemetry in one MPEG-TS."""
    telemetry = packets(hovering(int(pictures / RATE) + 1))
    return b"".join(muxed([video(folder / "made.ts", pictures)], telemetry))


class Balls:
    """An eye that sees the white ball. The role Eye."""

    def see(self, image: NDArray[np.uint8], metres_per_pixel: float) -> list[Detection]:  # noqa: ARG002
        down, across = np.nonzero(image[:, :, 0] > 200)
        if not len(across):
            return []
        box = (float(across.min()), float(down.min()), across.max() + 1.0, down.max() + 1.0)
        return [Detection(ObjectKind.VEHICLE, box, 0.8)]
