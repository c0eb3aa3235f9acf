"""A filmed road without a model: plates are coloured patches, and a script says how they read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from morina.plates import Plate
from morina.sense.recogniser.country import Said
from morina.sense.recogniser.reading import Image, PlateReading

_PATCH = (40, 12)


@dataclass(frozen=True)
class Car:
    """A grey block crossing the picture from ``from_s`` on; ``number`` 0 carries no plate."""

    number: int
    from_s: float
    speed: float = 200.0
    y: int = 120


def filmed(cars: Sequence[Car], at_s: float, size: tuple[int, int] = (320, 480)) -> Image:
    """The picture at a time; every plate is a patch whose red tells the car."""
    picture = np.full((*size, 3), 90, np.uint8)
    picture[::4, ::3] = 110
    for car in cars:
        x = int((at_s - car.from_s) * car.speed)
        if 0 <= x < size[1]:
            picture[car.y : car.y + 80, x : x + 120] = 200
            if car.number:
                y = car.y + 50
                patch = picture[y : y + _PATCH[1], x + 40 : x + 40 + _PATCH[0]]
                patch[:] = (0, 0, car.number)
    return picture


class ScriptedRecogniser:
    """Reads car ``n`` as the next of ``says[n]`` (text, confidence), the last one for ever."""

    def __init__(self, says: Mapping[int, Sequence[tuple[str, float]]]) -> None:
        self._says = {number: list(readings) for number, readings in says.items()}
        self.pictures = 0
        self.said: tuple[Said | None, ...] = ()

    def read(
        self, images: Sequence[Image], said: Sequence[Said | None] = ()
    ) -> list[list[PlateReading]]:
        self.said = tuple(said)
        self.pictures += len(images)
        return [self._read(image) for image in images]

    def _read(self, image: Image) -> list[PlateReading]:
        readings = []
        for number, says in self._says.items():
            ys, xs = np.nonzero((image == (0, 0, number)).all(axis=2))
            if len(xs) < _PATCH[0] * _PATCH[1] * 0.9:
                continue
            text, confidence = says.pop(0) if len(says) > 1 else says[0]
            if text:
                x0, y0, x1, y1 = (float(v) for v in (xs.min(), ys.min(), xs.max(), ys.max()))
                readings.append(
                    PlateReading(
                        plate=Plate(text),
                        country_probability=0.0,
                        confidence=confidence,
                        character_confidences=(confidence,) * len(text),
                        box=(x0, y0, x1, y1),
                        corners=((x0, y0), (x1, y0), (x1, y1), (x0, y1)),
                    )
                )
        return readings
