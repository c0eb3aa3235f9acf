"""Rescue first: who may do what with a task, under which purpose, and how loudly it is shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import log2

from morina.accountability import Action, Purpose, PurposeCode, User
from morina.accountability.clearing import noted
from morina.desk.permits import may
from morina.desk.services import Services
from morina.sense.aerial.reviewing import TaskKind, TaskStep
from morina.sense.aerial.sortie import Sortie

A, K = Action, TaskKind

LOUDEST = 4
"""Louder than this nothing gets; own choice."""

PROTECTION = "protection of life"
"""The legal basis of a rescue, which nobody has to type while somebody waits."""

WORKS: dict[TaskKind, Action] = {K.RESCUE: A.WORK_RESCUES, K.PATROL: A.WORK_PATROLS}
"""Who works tasks of a kind."""

RAISES: tuple[Action, ...] = (A.REVIEW_TRACKS, A.FLY)
"""Who may call rescue to a place: whoever flies as well."""


def acts_of(kind: TaskKind, step: TaskStep) -> tuple[Action, ...]:
    """What a step is an act of: who goes there works it, who names tracks may call it off."""
    return (A.REVIEW_TRACKS,) if step is TaskStep.CANCEL else (WORKS[kind],)


def kinds_for(user: User) -> frozenset[TaskKind]:
    """Kinds of task this person sees: those they work, and all where they name tracks."""
    return frozenset(kind for kind in K if may(user, WORKS[kind], A.REVIEW_TRACKS))


def distress(sortie: Sortie, officer: str, said: str) -> Purpose:
    """Why rescue is called: risk to life, in the case the flight flew for. Nothing is compared,
    looked up or approved first: that would take longer than somebody may have."""
    return Purpose(
        officer=officer,
        code=PurposeCode.RISK_TO_LIFE,
        case_number=sortie.case_number,
        legal_basis=PROTECTION,
        justification=f"someone in trouble: {said}",
    )


async def cleared(services: Services, purpose: Purpose) -> Purpose:
    """A typed purpose once it will do, by the rules of every question; RefusedPurposeError. What
    could not be checked of it is noted in its words."""
    unchecked = await services.search.asking.rules.clearance.check(purpose)
    return replace(purpose, justification=noted(purpose.justification, unchecked))


def loudness(made_at: datetime, now: datetime, after_s: float) -> int:
    """How loudly a rescue is shown that nobody has taken: 0 for ``after_s`` seconds, then 1, and
    one more each time the wait has doubled, up to ``LOUDEST``."""
    waited = (now - made_at).total_seconds()
    if waited < after_s:
        return 0
    return min(LOUDEST, 1 + int(log2(waited / after_s)))


def loudest(waiting: Sequence[datetime], now: datetime, after_s: float) -> int:
    """Of all that wait: that of the one that waits longest."""
    return max((loudness(one, now, after_s) for one in waiting), default=0)
