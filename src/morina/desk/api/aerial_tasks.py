"""A person names what a track is, and hands places to mountain rescue and patrols."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from morina.accountability import Action, Purpose, User
from morina.accountability.trail import acts_as
from morina.desk.aerial import AerialServices
from morina.desk.api.aerial_route import AerialRoute, aerial_of, cleared_for
from morina.desk.api.aerial_tasks_sent import (
    AheadIn,
    AheadOut,
    HandOverIn,
    RateOut,
    RescueIn,
    ReviewIn,
    TaskOut,
    TaskStepIn,
    rates_of,
)
from morina.desk.api.asked import PurposeIn
from morina.desk.api.route import Desk, Officer
from morina.desk.called import called_to
from morina.desk.permits import may, must
from morina.desk.problems import ProblemError
from morina.desk.rescue import acts_of, cleared, distress, kinds_for
from morina.desk.services import Services
from morina.desk.track_ahead import told_track_ahead
from morina.sense.aerial.reviewing import FINISHED, AerialTask, Review, TaskKind, TaskState
from morina.sense.aerial.roles import Reviews, Tasks

routes = APIRouter(prefix="/aerial", tags=["aerial"], route_class=AerialRoute)


@routes.post(
    "/sorties/{sortie_id}/tracks/{track_id}/reviews", status_code=201, summary="Name a track"
)
async def review(
    sortie_id: UUID, track_id: UUID, sent: ReviewIn, desk: Desk, officer: Officer
) -> Review:
    """The newest review of a track counts, and the machine's word stays beside it. ``in_trouble``
    makes a rescue at the track's last place in the same transaction."""
    reviews = _reviews(aerial_of(desk))
    purpose = await _purpose(desk, officer, sortie_id, (sent.purpose, sent.remark))
    return await reviews.name(sortie_id, track_id, sent.named, purpose, sent.remark)


@routes.get("/sorties/{sortie_id}/reviews", summary="What people said of a flight's tracks")
async def reviews(sortie_id: UUID, desk: Desk, officer: Officer) -> list[Review]:
    """Newest first; the newest of a track counts."""
    acts_as(officer.name)
    return list(await _reviews(aerial_of(desk)).of_sortie(sortie_id))


@routes.get("/rates", summary="How often people agree with the detector")
async def rates(desk: Desk, _officer: Officer) -> list[RateOut]:
    """By the machine's word and the person's. Only tracks somebody reviewed are counted, and those
    are not drawn at random: it is no measure of what the detector misses."""
    return rates_of(await _reviews(aerial_of(desk)).rates())


@routes.post(
    "/sorties/{sortie_id}/tracks/{track_id}/tasks", status_code=201, summary="Hand a track over"
)
async def hand_over(
    sortie_id: UUID, track_id: UUID, sent: HandOverIn, desk: Desk, officer: Officer
) -> TaskOut:
    """A task at the track's last place. 409 where no person has named it, where it was named
    nothing, and for a patrol while somebody in trouble there waits for a rescue."""
    tasks = _tasks(aerial_of(desk))
    purpose = await _purpose(desk, officer, sortie_id, (sent.purpose, sent.said))
    made = await tasks.hand_over(sent.kind, sortie_id, track_id, purpose, sent.said)
    return _out(made, officer)


@routes.post("/sorties/{sortie_id}/rescues", status_code=201, summary="Call rescue from a flight")
async def rescue(sortie_id: UUID, sent: RescueIn, desk: Desk, officer: Officer) -> TaskOut:
    """At the place of a point of the video where that can be worked out, else at the place given,
    else where the aircraft was, and the task says which. Whoever flies may do it, too, live as
    well; no purpose is asked for and nothing has to be reviewed first. 422 where no place is given
    and no position of the flight is known yet."""
    aerial = aerial_of(desk)
    tasks, sortie = _tasks(aerial), await aerial.sorties.sortie(sortie_id)
    where = await called_to(aerial, sortie_id, sent.called())
    purpose = distress(sortie, officer.name, sent.said)
    return _out(await tasks.at_place(sortie_id, where, purpose, sent.said), officer)


@routes.get("/tasks", summary="Places to go to, rescues first")
async def tasks(
    desk: Desk, officer: Officer,
    kind: Annotated[list[TaskKind] | None, Query()] = None,
    state: Annotated[list[TaskState] | None, Query()] = None,
) -> list[TaskOut]:  # fmt: skip
    """Those of the kinds one may see, unfinished ones where no ``state`` is asked for; then oldest
    first. That they were shown is entered in the trail."""
    acts_as(officer.name)
    kinds = kinds_for(officer) & frozenset(kind or TaskKind)
    states = frozenset(state or set(TaskState) - FINISHED)
    return [_out(one, officer) for one in await _tasks(aerial_of(desk)).tasks(kinds, states)]


@routes.post("/tasks/{task_id}/steps", summary="Take a task, arrive, finish, give back, call off")
async def step(task_id: UUID, sent: TaskStepIn, desk: Desk, officer: Officer) -> TaskOut:
    """Rescues are worked by mountain rescue and operators, patrol tasks by patrols; who names
    tracks calls off. 409 where the task's state does not allow it."""
    tasks, now = _tasks(aerial_of(desk)), datetime.now(UTC)
    kind = (await tasks.task(task_id)).kind
    must(officer, *acts_of(kind, sent.step))
    done = await tasks.step(task_id, sent.step, officer.name, now, sent.outcome)
    return _out(done, officer)


@routes.post(
    "/sorties/{sortie_id}/tracks/{track_id}/way-ahead",
    summary="Cameras a vehicle seen from the air may pass next",
)
async def way_ahead(
    sortie_id: UUID, track_id: UUID, sent: AheadIn, desk: Desk, officer: Officer
) -> AheadOut:
    """For a track a person named a vehicle. Times are bounds from the straight distance, and from
    the second camera on also from travel times known from passages. A list for an officer to read:
    no plate is in it and nothing follows of itself. Who asked and why is entered first."""
    purpose = await cleared_for(desk, sent.purpose.purpose(officer.name))
    told = await told_track_ahead(desk, aerial_of(desk), (sortie_id, track_id), purpose)
    return AheadOut(number=told.number, left_at=told.left_at, cameras=list(told.cameras))


async def _purpose(
    desk: Services, officer: User, sortie_id: UUID, typed: tuple[PurposeIn | None, str]
) -> Purpose:
    """A purpose as typed, cleared; that of a rescue where none was."""
    acts_as(officer.name)
    sent, said = typed
    if sent is not None:
        return await cleared(desk, sent.purpose(officer.name))
    return distress(await aerial_of(desk).sorties.sortie(sortie_id), officer.name, said)


def _out(task: AerialTask, officer: User) -> TaskOut:
    return TaskOut.of(task, whole=may(officer, Action.REVIEW_TRACKS))


def _reviews(aerial: AerialServices) -> Reviews:
    if aerial.reviews is None:
        raise ProblemError(404, "this node keeps no reviews", place="node", mend="ask another")
    return aerial.reviews


def _tasks(aerial: AerialServices) -> Tasks:
    if aerial.tasks is None:
        raise ProblemError(404, "this node keeps no tasks", place="node", mend="ask another")
    return aerial.tasks
