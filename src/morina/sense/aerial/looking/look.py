"""One look at one picture: what the eyes see in it, and where that stands."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from morina.sense.aerial.detection import Detection
from morina.sense.aerial.ground import Ground, Pose
from morina.sense.aerial.looking.eyes import Eye, once
from morina.sense.aerial.looking.pictures import Due, Picture
from morina.sense.aerial.looking.places import metres_per_pixel, stood_at
from morina.sense.aerial.tracking.tracker import Seen

SAME = 0.5
"""Two eyes' boxes that share this part of the smaller one are of one thing."""

MEASURED_PER_S = 2.0
"""How often it is measured how large a pixel is on the ground."""


class Looks:
    """At one sortie's pictures in time order, by all ``eyes`` at once in threads of ``pool``."""

    def __init__(self, ground: Ground, eyes: Sequence[Eye], pool: ThreadPoolExecutor) -> None:
        self._ground, self._eyes, self._pool = ground, eyes, pool
        self._measure = Due(MEASURED_PER_S)
        self._metres: float | None = None

    def seen(self, picture: Picture, pose: Pose) -> Sequence[Seen] | None:
        """None where it is not known how large a pixel is on the ground. NoPlaceError."""
        down, across = picture.image.shape[:2]
        if self._measure.at(picture.at_s) or self._metres is None:
            self._metres = metres_per_pixel(pose, self._ground, across)
        if self._metres is None:
            return None
        return stood_at(self._found(picture, self._metres), pose, self._ground, (across, down))

    def _found(self, picture: Picture, metres: float) -> Sequence[Detection]:
        """What all eyes see, each in a thread of its own."""
        looks = [self._pool.submit(eye.see, picture.image, metres) for eye in self._eyes]
        found = [one for look in looks for one in look.result()]
        return found if len(self._eyes) == 1 else once(found, SAME)
