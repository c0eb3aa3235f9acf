"""How routes of drone flights refuse: as problems that name the place and the mend."""

from morina.accountability import Purpose
from morina.accountability.trail import acts_as
from morina.desk.aerial import AerialServices
from morina.desk.api.route import RefusingRoute
from morina.desk.problems import ProblemError
from morina.desk.rescue import cleared
from morina.desk.services import Services
from morina.sense.aerial import (
    MissingTerrainError,
    NoPlaceError,
    RefusedSortieError,
    TelemetryError,
)
from morina.sense.aerial.fleet.refusing import ReasonNeededError
from morina.sense.aerial.reviewing import SpokenOfError
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.aerial.stated import StatedError


class AerialRoute(RefusingRoute):
    """Adds what drone flights refuse."""

    refusals = (
        UnknownSortieError, RefusedSortieError, TelemetryError, NoPlaceError, StatedError
    )  # fmt: skip

    @staticmethod
    def problem(error: Exception) -> ProblemError:
        """404 not here or forgotten, 409 not now or not at this node, 422 not so."""
        if isinstance(error, UnknownSortieError):
            mend = "use an id that GET /api/v1/aerial/sorties lists; what is forgotten is gone"
            said = str(error).partition("; ")[0]
            return ProblemError(404, said, place="sortie_id", mend=mend)
        if isinstance(error, TelemetryError):
            place = f"telemetry, {error.place}"
            return ProblemError(422, f"{place}: {error.fault}", place=place, mend=error.mend)
        said, _, mend = str(error).partition("; ")
        mend = mend or "do what the message says"
        if isinstance(error, StatedError):
            return ProblemError(422, said, place="stated", mend=mend)
        if isinstance(error, MissingTerrainError):
            return ProblemError(409, said, place="terrain", mend=mend)
        if isinstance(error, NoPlaceError):
            return ProblemError(422, said, place="at_s", mend=mend)
        needs_reason = isinstance(error, SpokenOfError | ReasonNeededError)
        place = "reason" if needs_reason else "step"
        return ProblemError(409, said, place=place, mend=mend)


def aerial_of(desk: Services) -> AerialServices:
    """What is kept of drone flights; ProblemError (404) where this node keeps none."""
    if desk.aerial is None:
        raise ProblemError(404, "this node keeps no sorties", place="node", mend="ask another")
    return desk.aerial


async def cleared_for(desk: Services, purpose: Purpose) -> Purpose:
    """A typed purpose once it will do; all that follows is done, and entered, as its officer's."""
    acts_as(purpose.officer)
    return await cleared(desk, purpose)
