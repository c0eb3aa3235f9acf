"""Drone video and telemetry become footprints, places with their error and anonymous tracks.

Rights first: nobody is recognised, nothing is kept of how people look, a track ends with its sortie
and is forgotten on time, and someone in trouble is a rescue before anything else.
"""

from morina.sense.aerial.detection import Box, Detection, Detector, ObjectKind
from morina.sense.aerial.ground import (
    Ellipse,
    Flag,
    Footprint,
    Ground,
    Lens,
    MissingTerrainError,
    NoPlaceError,
    Place,
    Pose,
)
from morina.sense.aerial.reviewing import (
    TASK_STEPS,
    AerialTask,
    CalledTo,
    Named,
    PlacedBy,
    Review,
    TaskKind,
    TaskState,
    TaskStep,
)
from morina.sense.aerial.sortie import STEPS, RefusedSortieError, Sortie, SortieState, SortieStep
from morina.sense.aerial.telemetry import (
    Angles,
    Flight,
    Height,
    HeightDatum,
    Spread,
    Telemetry,
    TelemetryError,
)
from morina.sense.aerial.track import Track, TrackPoint

__all__ = [
    "STEPS",
    "TASK_STEPS",
    "AerialTask",
    "Angles",
    "Box",
    "CalledTo",
    "Detection",
    "Detector",
    "Ellipse",
    "Flag",
    "Flight",
    "Footprint",
    "Ground",
    "Height",
    "HeightDatum",
    "Lens",
    "MissingTerrainError",
    "Named",
    "NoPlaceError",
    "ObjectKind",
    "Place",
    "PlacedBy",
    "Pose",
    "RefusedSortieError",
    "Review",
    "Sortie",
    "SortieState",
    "SortieStep",
    "Spread",
    "TaskKind",
    "TaskState",
    "TaskStep",
    "Telemetry",
    "TelemetryError",
    "Track",
    "TrackPoint",
]
