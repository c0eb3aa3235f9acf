"""A rendered sortie: a thermal camera over a real clip of terrain, with invented things that move.

The terrain is not the border's, and the film says so in its own picture.
"""

from pathlib import Path

from morina.demo.aerial.filming import SPREAD, Filmed, filmed
from morina.demo.aerial.judging import Judged, judged
from morina.demo.aerial.scene import Actor, Scene, There, demo_scene
from morina.demo.aerial.writing import write_sortie

CLIP = Path(__file__).with_name("terrain") / "clip.tif"
"""Heights of the ground it is filmed over, above EGM96."""

__all__ = [
    "CLIP",
    "SPREAD",
    "Actor",
    "Filmed",
    "Judged",
    "Scene",
    "There",
    "demo_scene",
    "filmed",
    "judged",
    "write_sortie",
]
