"""By which other texts reads of a plate may have been asked for."""

from morina.accountability.oversight import Alike
from morina.plates import LOOK_ALIKE_HEADS, skeleton
from morina.records.texts import LEAST_NEAR, Near


def alike(plate: str) -> Alike:
    """What questions about look-alikes and nearly alike texts cover ``plate`` by."""
    near = tuple(set(Near(plate).texts())) if len(plate) >= LEAST_NEAR else ()
    return Alike(skeleton(plate), LOOK_ALIKE_HEADS, near)
