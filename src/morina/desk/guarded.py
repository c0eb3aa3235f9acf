"""What needs a second person, as the API and the pages ask for it and tell it."""

from datetime import UTC, datetime

from morina.accountability import RefusedPurposeError
from morina.accountability.approvals import Request, Stage
from morina.accountability.clearing import NotClearedError
from morina.desk.problems import ProblemError
from morina.desk.services import Guarding, Services
from morina.records.kinds import RefusedQuestionError

MENDS = {
    Stage.OPEN: "have somebody who may approve decide it, then send the same with approval_id",
    Stage.APPROVED: "it is approved: send the same with this approval_id",
}


def guard_of(services: Services) -> Guarding:
    """What is asked for a second person's word; ProblemError (503) where there is nobody."""
    if services.guard is None:
        raise ProblemError(503, "this node keeps no approvals", place="node", mend="ask another")
    return services.guard


async def approval_asked(services: Services, request: Request) -> ProblemError:
    """Ask for the approval, and say under which id; the same one when asked again."""
    guard, now = guard_of(services), datetime.now(UTC)
    try:
        approval = await guard.four_eyes.approvals.ask(request, now)
    except (ConnectionError, TimeoutError):
        mend = "wait a moment and send the same again; see GET /api/v1/health"
        return ProblemError(503, "an engine does not answer", place="node", mend=mend)
    stage = approval.stage(now)
    said = f"{request.needed}; the request is {stage}"
    problem = ProblemError(409, said, place="approval_id", mend=MENDS[stage])
    problem.approval_id = str(approval.approval_id)
    return problem


def refused(error: RefusedQuestionError | RefusedPurposeError | NotClearedError) -> ProblemError:
    """Over HTTP: 403 where it is about the person or purpose, 422 for what was sent."""
    if isinstance(error, RefusedPurposeError):
        return ProblemError(422, str(error), place=f"purpose.{error.field}", mend=error.mend)
    status = 403 if isinstance(error, NotClearedError) else 422
    return ProblemError(status, str(error), place=error.place, mend=error.mend)
