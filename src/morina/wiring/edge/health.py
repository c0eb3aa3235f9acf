"""How a site is: a file for people and one for Prometheus, each second."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from morina.engines import Home
from morina.sense.site import SiteState

METRICS = {
    "linked": "1 when the node answered last time it was asked",
    "reads_waiting": "Reads the node does not have",
    "reads_waiting_bytes": "Disk space they take",
    "pictures_waiting": "Pictures the node does not have",
    "pictures_bytes": "Disk space of all pictures here",
    "reads_sent": "Reads the node has acknowledged, ever",
    "pictures_sent": "Pictures the node has acknowledged, ever",
    "reads_dropped": "Reads let go unsent for want of space, ever",
    "pictures_dropped": "Pictures let go unsent for want of space, ever",
    "disk_bytes": "What reads and pictures may take together",
    "clock_offset_s": "Seconds to add to the clock here to get the node's",
    "round_trip_s": "Seconds to the node and back",
    "hotlist_entries": "Listings held for the local alarm",
    "alarms": "Possible hits told here since the start",
    "knocks": "Pushes of unknown cameras, refused, since the start",
}

OF_CAMERAS: Mapping[str, tuple[str, Callable[[SiteState], Mapping[str, float]]]] = {
    "camera_behind_s": (
        "Seconds a camera's clock is behind, of cameras flagged",
        lambda state: state.wrong_clocks,
    ),
    "camera_forgotten": (
        "Passages that were no hits, of cameras of which only hits are kept, since the start",
        lambda state: state.forgotten,
    ),
    "camera_waiting_captures": (
        "Captures not read yet, of cameras with any",
        lambda state: state.captures_waiting,
    ),
}
"""Name to help and values by camera."""


def write_state(home: Home, state: SiteState) -> None:
    """Write ``run/edge.json`` and ``run/edge.prom``, whole or not at all."""
    run = home.folder("run")
    _replace(run / "edge.json", msgspec.json.format(msgspec.json.encode(state)))
    _replace(run / "edge.prom", metrics(state))


def metrics(state: SiteState) -> bytes:
    """The state in Prometheus' text format; what is not known is left out."""
    registry = CollectorRegistry()
    values = asdict(state)
    for name, meaning in METRICS.items():
        if values[name] is not None:
            gauge = Gauge(f"morina_edge_{name}", meaning, ["site"], registry=registry)
            gauge.labels(state.site).set(float(values[name]))
    for name, (meaning, value_of) in OF_CAMERAS.items():
        gauge = Gauge(f"morina_edge_{name}", meaning, ["site", "camera"], registry=registry)
        for camera_id, value in value_of(state).items():
            gauge.labels(state.site, camera_id).set(value)
    return generate_latest(registry)


def _replace(file: Path, content: bytes) -> None:
    fresh = file.with_suffix(file.suffix + ".new")
    fresh.write_bytes(content)
    fresh.replace(file)
