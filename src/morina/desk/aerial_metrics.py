"""Drone flights as gauges at the node's /metrics. No name, case or place is in them."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily

from morina.desk.aerial import AerialServices
from morina.sense.aerial.sortie import SortieState

SORTIES = "morina_aerial_sorties"
OVERDUE = "morina_aerial_overdue_sorties"
RESCUE = "morina_aerial_rescue_waiting_seconds"
OF_AERIAL = (SORTIES, OVERDUE, RESCUE)
MOST = 10_000
"""Flights counted: the newest."""


async def aerial_now(aerial: AerialServices | None, now: datetime) -> Iterator[GaugeMetricFamily]:
    """What is known of flights now; nothing where a node keeps none."""
    if aerial is None:
        return iter(())
    sorties = await aerial.sorties.sorties(MOST)
    by_state = GaugeMetricFamily(SORTIES, "Drone flights kept, by state.", labels=["state"])
    count = Counter(one.state for one in sorties)
    for state in SortieState:
        if state is not SortieState.FORGOTTEN:
            by_state.add_metric([state.value], count[state])
    overdue = sum(one.forget_at is not None and one.forget_at < now for one in sorties)
    meaning = "Drone flights due to be forgotten that are still kept; the daily run is next."
    late = GaugeMetricFamily(OVERDUE, meaning, value=overdue)
    return iter((by_state, late, *await _rescues(aerial, now)))


async def _rescues(aerial: AerialServices, now: datetime) -> tuple[GaugeMetricFamily, ...]:
    """Nothing where the node keeps no tasks."""
    if aerial.tasks is None:
        return ()
    waiting = await aerial.tasks.waiting()
    waited_s = (now - waiting[0]).total_seconds() if waiting else 0.0
    meaning = "How long the oldest rescue waits to which nobody is on the way, 0 where none does."
    return (GaugeMetricFamily(RESCUE, meaning, value=max(waited_s, 0.0)),)
