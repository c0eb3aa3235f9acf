"""When a follow-up is due, and when a supervisor is told. Pure.

Elsewhere core data follow a confirmed match within 48 hours (Regulation (EU) 2024/982); the hours
here are settings. A clock goes on while the owner waits for an answer to what it asked back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from morina.exchange.follow_up_steps import DUE
from morina.exchange.follow_ups import Clock, Escalation, FollowUp, Stage, Urgency

SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """How long an owner has, hours: to acknowledge, to answer, and to answer where the time to do
    so touches a Saturday or Sunday in ``zone``."""

    acknowledge: int = 1
    answer: int = 48
    weekend: int = 72
    zone: tzinfo = UTC


def dues(one: FollowUp, hours: Hours) -> dict[Clock, datetime]:
    """What is still due of the owner, and when."""
    if one.asked_at is None or one.stage not in DUE:
        return {}
    due = {Clock.ANSWER: one.asked_at + _to_answer(one.asked_at, hours)}
    if one.stage is Stage.ASKED:
        due[Clock.ACKNOWLEDGE] = one.asked_at + timedelta(hours=hours.acknowledge)
    return due


def first_due(one: FollowUp, hours: Hours) -> datetime | None:
    """The next moment something is due; None where nothing is."""
    return min(dues(one, hours).values(), default=None)


def escalations(one: FollowUp, hours: Hours, now: datetime) -> Sequence[Escalation]:
    """What a supervisor should have been told of by ``now``."""
    if one.asked_at is None:
        return ()
    found = []
    for clock, due in dues(one, hours).items():
        half = one.asked_at + (due - one.asked_at) / 2
        found += [
            Escalation(one.follow_up_id, clock, is_due, at)
            for is_due, at in ((False, half), (True, due))
            if at <= now
        ]
    return found


def in_order(found: Sequence[FollowUp], hours: Hours) -> list[FollowUp]:
    """What is due first before all else, danger to life before the rest; closed ones at the end,
    the newest first."""
    urgent = list(Urgency)[::-1]
    never = datetime.max.replace(tzinfo=UTC)
    newest = sorted(found, key=lambda one: one.written_at, reverse=True)
    return sorted(
        newest,
        key=lambda one: (
            first_due(one, hours) is None,
            one.urgency is not Urgency.DANGER_TO_LIFE,
            first_due(one, hours) or never,
            urgent.index(one.urgency),
        ),
    )


def _to_answer(asked_at: datetime, hours: Hours) -> timedelta:
    answer = timedelta(hours=hours.answer)
    first, last = asked_at.astimezone(hours.zone), (asked_at + answer).astimezone(hours.zone)
    days = ((first + timedelta(days=n)) for n in range((last.date() - first.date()).days + 1))
    if hours.weekend and any(day.weekday() >= SATURDAY for day in days):
        return timedelta(hours=hours.weekend)
    return answer
