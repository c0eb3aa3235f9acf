"""What sites last told of themselves, as gauges at the node's /metrics."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily

from morina.sense.site import SiteHeard, SiteState

CONNECTED = "morina_site_connected"
HEARD = "morina_site_last_heard_timestamp_seconds"

OF_SITES: Mapping[str, tuple[str, Callable[[SiteState], float | None]]] = {
    "morina_site_reads_waiting": ("Reads that wait at a site.", lambda s: s.reads_waiting),
    "morina_site_pictures_waiting": ("Pictures that wait at a site.", lambda s: s.pictures_waiting),
    "morina_site_reads_dropped": (
        "Reads a site let go unsent for want of space, ever.",
        lambda s: s.reads_dropped,
    ),
    "morina_site_pictures_dropped": (
        "Pictures a site let go unsent for want of space, ever.",
        lambda s: s.pictures_dropped,
    ),
    "morina_site_clock_offset_seconds": (
        "What is to be added to a site's clock to get the node's.",
        lambda s: s.clock_offset_s,
    ),
    "morina_site_alarms": ("Possible hits told at a site since it started.", lambda s: s.alarms),
    "morina_site_knocks": (
        "Pushes of unknown cameras, refused at a site since it started.",
        lambda s: s.knocks,
    ),
    "morina_site_bad_payload_cameras": (
        "Cameras of a site whose payload was refused since it started.",
        lambda s: len(s.bad_payloads),
    ),
}
"""Name to help and value; a value not known is left out."""

OF_CAMERAS: Mapping[str, tuple[str, Callable[[SiteState], Mapping[str, float]]]] = {
    "morina_site_camera_behind_seconds": (
        "What a camera's clock is behind, of cameras a site flagged.",
        lambda s: s.wrong_clocks,
    ),
    "morina_site_camera_waiting_captures": (
        "Captures not read yet at a site, of cameras with any.",
        lambda s: s.captures_waiting,
    ),
}
"""Name to help and values by camera."""


def sites_now(sites: Iterable[SiteHeard], now: datetime) -> Iterator[GaugeMetricFamily]:
    """The figures of every site as it last told them."""
    known = list(sites)
    connected = GaugeMetricFamily(CONNECTED, "1 while a site is connected.", labels=["site"])
    heard = GaugeMetricFamily(HEARD, "When a site last told how it is, Unix time.", labels=["site"])
    for one in known:
        connected.add_metric([one.site], float(one.connected_at(now)))
        if one.heard_at:
            heard.add_metric([one.site], one.heard_at.timestamp())
    yield connected
    yield heard
    states = [(one.site, one.state) for one in known if one.state]
    for name, (meaning, value_of) in OF_SITES.items():
        family = GaugeMetricFamily(name, meaning, labels=["site"])
        for site, state in states:
            if (value := value_of(state)) is not None:
                family.add_metric([site], value)
        yield family
    for name, (meaning, values_of) in OF_CAMERAS.items():
        family = GaugeMetricFamily(name, meaning, labels=["site", "camera"])
        for site, state in states:
            for camera_id, value in values_of(state).items():
                family.add_metric([site, camera_id], value)
        yield family
