"""Which cameras usually follow the one of a confirmed alert, and when: a hint where to look.

It counts vehicles that passed that camera; nothing is foretold of this one or of who drives it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from morina.alerts.alert import Alert, State
from morina.alerts.store import RefusedStepError
from morina.records.roads import Roads

MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A camera that follows in ``share`` of ``passed`` passages: ``travels`` of them.

    Half of those were read there by ``usual_at``, nine of ten by ``slow_at``; ``over`` says that
    it is later than that by now.
    """

    camera_id: str
    share: float
    travels: int
    passed: int
    usual_at: datetime
    slow_at: datetime
    over: bool


@dataclass(frozen=True, slots=True)
class WayAhead:
    """Cameras that follow, most often first; ``known`` is False where too little was seen."""

    known: bool
    cameras: tuple[Ahead, ...] = ()


def refuse_unconfirmed(alert: Alert) -> None:
    """RefusedStepError unless a person confirmed the alert: before that there is no vehicle of
    interest, only a reading."""
    if alert.state not in (State.CONFIRMED, State.DISPATCHED):
        raise RefusedStepError(
            f"the alert is {alert.state}; where vehicles go on to is shown once a person has "
            "confirmed it, and until it is closed"
        )


def way_ahead(alert: Alert, roads: Roads, now: datetime) -> WayAhead:
    """Where vehicles of the alert's camera are read next; RefusedStepError as above."""
    refuse_unconfirmed(alert)
    if alert.read.clock_wrong:
        return WayAhead(known=False)
    following = roads.after(alert.read.camera_id)
    if not following:
        return WayAhead(known=False)
    passed_at = alert.last_seen_at
    return WayAhead(
        True,
        tuple(
            Ahead(
                camera_id=one.camera_id,
                share=one.share,
                travels=one.travels,
                passed=one.passed,
                usual_at=passed_at + timedelta(seconds=one.usual_s),
                slow_at=(slow_at := passed_at + timedelta(seconds=one.slow_s)),
                over=now > slow_at,
            )
            for one in following[:MOST]
        ),
    )
