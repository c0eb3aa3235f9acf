"""Metrics for Prometheus at /metrics; docs/metrics.md lists every one."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from morina.accountability.oversight import Checked as TrailChecked
from morina.desk.aerial_metrics import aerial_now
from morina.desk.gate import METRICS_PATH
from morina.desk.services import Services
from morina.desk.site_metrics import sites_now
from morina.records.checkup import Checked
from morina.sense.cameras.condition import Figures
from morina.sense.cameras.passed import full_hour, hour_of_week

HOUR = timedelta(hours=1)

OF_CAMERAS: Mapping[str, tuple[str, Callable[[Checked], float | None]]] = {
    "morina_camera_last_frame_timestamp_seconds": (
        "When the last picture of a followed camera came, Unix time.",
        lambda one: _unix(one.figures.last_frame_at),
    ),
    "morina_camera_last_heard_timestamp_seconds": (
        "When a camera was last heard of, Unix time.",
        lambda one: _unix(one.figures.last_heard_at),
    ),
    "morina_camera_frames_per_second": (
        "Pictures a second taken of a followed camera.",
        lambda one: one.figures.frames_per_s,
    ),
    "morina_camera_dropped_frames_ratio": (
        "Share of pictures due that nobody had time for.",
        lambda one: one.figures.dropped_share,
    ),
    "morina_camera_passages_last_hour": (
        "Passages in the last full hour.",
        lambda one: _last_hour(one.figures),
    ),
    "morina_camera_usual_passages_last_hour": (
        "Passages usual in that hour of the week.",
        lambda one: _usual(one),
    ),
    "morina_camera_unread_ratio": (
        "Share of passages without a plate, last 24 hours.",
        lambda one: one.figures.last_day.unread_share,
    ),
    "morina_camera_confidence_ratio": (
        "Mean confidence of the passages read, last 24 hours.",
        lambda one: one.figures.last_day.confidence,
    ),
    "morina_camera_plate_width_pixels": (
        "Mean width of plates, last 24 hours.",
        lambda one: one.figures.last_day.plate_width_px,
    ),
    "morina_camera_disagreement_ratio": (
        "Share of plates that camera and node read differently, last 24 hours.",
        lambda one: one.figures.last_day.differing_share,
    ),
    "morina_camera_clock_offset_seconds": (
        "What a camera's clock is behind.",
        lambda one: one.figures.clock_offset_s,
    ),
    "morina_camera_delay_seconds": (
        "Mean time from capture to Morina, last two hours.",
        lambda one: one.figures.since(full_hour(one.figures.at) - HOUR).delay_s,
    ),
    "morina_camera_link_delay_seconds": (
        "Mean time from Morina at the site to the node's store, last two hours.",
        lambda one: one.figures.since(full_hour(one.figures.at) - HOUR).link_s,
    ),
}
"""Name to help and value; a value not known is left out."""

NOTICES = "morina_camera_notices"
LOOKED = "morina_checkup_timestamp_seconds"
QUEUE = "morina_camera_waiting_captures"
WAITING = "morina_stream_waiting_messages"
ENGINES = "morina_engine_up"
TRAIL_CHECKED = "morina_trail_checked_timestamp_seconds"
TRAIL_FAULTS = "morina_trail_faults"


def router(services: Services) -> APIRouter:
    """The metrics; who may ask is the gate's business."""
    routes = APIRouter(include_in_schema=False)
    checkup = services.upkeep.checkup

    async def metrics() -> Response:
        own = CollectorRegistry()
        ask = services.upkeep.queues
        queues, waiting = await asyncio.gather(ask.of_cameras(), ask.waiting())
        own.register(_Families(cameras_now(checkup.latest.values())))
        own.register(_Families([queues_now(checkup.latest, queues)]))
        looked = checkup.looked_at.timestamp() if checkup.looked_at else 0.0
        states = await services.health.engines()
        own.register(_Families(node_now(looked, waiting, states)))
        sites = await services.sites.sites()
        own.register(_Families(sites_now(sites, datetime.now(UTC))))
        checked = services.oversight.last_check() if services.oversight else None
        own.register(_Families(trail_now(checked)))
        own.register(_Families(await aerial_now(services.aerial, datetime.now(UTC))))
        content = generate_latest(own) + generate_latest(REGISTRY)
        return Response(content, media_type=CONTENT_TYPE_LATEST)

    routes.add_api_route(METRICS_PATH, metrics, methods=["GET"])
    return routes


class _Families(Collector):
    """Gauges that are known already."""

    def __init__(self, families: Iterable[GaugeMetricFamily]) -> None:
        self._families = list(families)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each of them."""
        yield from self._families


def cameras_now(checked: Iterable[Checked]) -> Iterator[GaugeMetricFamily]:
    """The figures of every camera at the last look."""
    cameras = list(checked)
    for name, (meaning, value_of) in OF_CAMERAS.items():
        family = GaugeMetricFamily(name, meaning, labels=["camera"])
        for one in cameras:
            if (value := value_of(one)) is not None:
                family.add_metric([one.figures.camera_id], value)
        yield family
    notices = GaugeMetricFamily(NOTICES, "Open technician's notices.", labels=["camera", "fault"])
    for one in cameras:
        for notice in one.notices:
            notices.add_metric([one.figures.camera_id, notice.fault.value], 1)
    yield notices


def queues_now(cameras: Iterable[str], waiting: Mapping[str, int] | None) -> GaugeMetricFamily:
    """What waits of each camera id, and of any other of which something does; None: unknown."""
    family = GaugeMetricFamily(QUEUE, "Captures not read yet, at this node.", labels=["camera"])
    if waiting is not None:
        for camera_id, captures in (dict.fromkeys(cameras, 0) | dict(waiting)).items():
            family.add_metric([camera_id], captures)
    return family


def node_now(
    looked: float, waiting: Mapping[str, int], engines: Mapping[str, str]
) -> Iterator[GaugeMetricFamily]:
    """The node's own figures."""
    yield GaugeMetricFamily(LOOKED, "When cameras were last looked at, Unix time.", value=looked)
    queued = GaugeMetricFamily(WAITING, "Messages that wait in a stream.", labels=["stream"])
    for name, messages in waiting.items():
        queued.add_metric([name], messages)
    yield queued
    up = GaugeMetricFamily(ENGINES, "1 while an engine of the node is up.", labels=["engine"])
    for name, state in engines.items():
        up.add_metric([name], float(state == "up"))
    yield up


def trail_now(checked: TrailChecked | None) -> Iterator[GaugeMetricFamily]:
    """What the last check of the trail found."""
    at, faults = (checked.at.timestamp(), len(checked.found)) if checked else (None, None)
    meaning = "When the trail was last checked as a whole, Unix time."
    yield GaugeMetricFamily(TRAIL_CHECKED, meaning, value=at)
    meaning = "Entries found changed or removed then, at most twenty are told; 0 is well."
    yield GaugeMetricFamily(TRAIL_FAULTS, meaning, value=faults)


def _unix(at: datetime | None) -> float | None:
    return at.timestamp() if at else None


def _last_hour(figures: Figures) -> float:
    ends_at = full_hour(figures.at)
    return figures.since(ends_at - HOUR, ends_at).passages


def _usual(one: Checked) -> float | None:
    if one.usual is None:
        return None
    return one.usual.passages[hour_of_week(full_hour(one.figures.at) - HOUR, one.zone)]
