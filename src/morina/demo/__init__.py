"""Rendered traffic at the crossing: plates, scenes, videos, and the script of the demo."""

from morina.demo.issue import COUNTRIES, random_plate
from morina.demo.light import Hour
from morina.demo.plates import Look, PlatePicture, render_plate
from morina.demo.scenes import Appearance, Scene, Stage, render_photograph
from morina.demo.script import DEMO_LISTINGS, Case, DemoListing, demo_script
from morina.demo.traffic import (
    CameraScript,
    Clip,
    Passing,
    Seen,
    VideoWriteError,
    write_video,
    write_videos,
)
from morina.demo.vehicles import Heading, Kind

__all__ = [
    "COUNTRIES",
    "DEMO_LISTINGS",
    "Appearance",
    "CameraScript",
    "Case",
    "Clip",
    "DemoListing",
    "Heading",
    "Hour",
    "Kind",
    "Look",
    "Passing",
    "PlatePicture",
    "Scene",
    "Seen",
    "Stage",
    "VideoWriteError",
    "demo_script",
    "random_plate",
    "render_photograph",
    "render_plate",
    "write_video",
    "write_videos",
]
