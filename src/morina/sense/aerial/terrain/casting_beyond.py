"""Whether a ray could miss the ground it meets, or meet ground it passes: what its error says."""

import numpy as np
from numpy.typing import NDArray

from morina.sense.aerial.terrain.casting_paths import Bundle
from morina.sense.aerial.terrain.clip import Clip
from morina.sense.aerial.terrain.earth import Floats, metres_per_degree

_BEYOND_M = 3_000.0
_SURE = 2.0
"""Standard deviations within which a ray may lie."""

_LEAST_POSTS = 2
"""A ray that comes out of the ground for less than this many posts only cuts a bump."""


def doubtful(
    clip: Clip, bundle: Bundle, metres: Floats, sd: tuple[float, Floats]
) -> NDArray[np.bool_]:
    """Which rays, within their error, pass over the ground they meet at ``metres`` and go on, or
    already meet ground before it. ``sd``: of the camera's height against the ground, metres, and
    of each ray's elevation, radians."""
    step = min(m * s for m, s in zip(metres_per_degree(bundle.place[0]), clip.step, strict=True))
    far = metres + _BEYOND_M
    paths = bundle.paths(clip, far)[:, :, None]
    t = np.arange(0, far.max() + step, step) / far[:, None]
    row, column, height = paths[:3] + (paths[3:6] + paths[6:] * t) * t
    over = height - clip.at(row, column)
    metres_on = t * far[:, None]
    flatter = np.sqrt(1 - bundle.up**2)[:, None]
    doubt = _SURE * np.hypot(sd[0] * flatter, metres_on * sd[1][:, None])
    clear = np.where(t <= 1, over * flatter, np.nan)
    before = metres_on < metres[:, None] - step
    return _brushes(clear, doubt, before) | _comes_out(clear, doubt, metres_on > metres[:, None])


def _brushes(clear: Floats, doubt: Floats, before: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Near the ground before it is met, with more room afterwards."""
    near = before & (clear <= doubt)
    after = before & (clear > doubt)
    began = np.maximum.accumulate(near, axis=1)
    return np.asarray((began & after).any(axis=1))


def _comes_out(clear: Floats, doubt: Floats, behind: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Under the ground by no more than the doubt, then over it again for some way."""
    deep = behind & (-clear > doubt)
    stopped = np.maximum.accumulate(deep, axis=1)
    out = behind & ~stopped & (clear > 0)
    long = out[:, _LEAST_POSTS:] & out[:, 1:-1] & out[:, :-2]
    return np.asarray(long.any(axis=1))
