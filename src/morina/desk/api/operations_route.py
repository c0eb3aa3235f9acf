"""How routes of joint operations refuse: as problems that name the place and the mend."""

from morina.desk.api.route import RefusingRoute
from morina.desk.problems import ProblemError
from morina.exchange import NotAgreedError, UnknownNodeError
from morina.exchange.operations import NoSuchItemError, RefusedItemError


class OperationsRoute(RefusingRoute):
    """Adds what operations refuse."""

    refusals = (NoSuchItemError, RefusedItemError, NotAgreedError, UnknownNodeError)

    @staticmethod
    def problem(error: Exception) -> ProblemError:
        """The refusal over HTTP: 404 not here, 409 not agreed or not now, 422 not so."""
        if isinstance(error, NoSuchItemError):
            mend = "use an id as GET /api/v1/operations or the operation gives it"
            return ProblemError(404, str(error), place="item_id", mend=mend)
        if isinstance(error, RefusedItemError):
            status = 409 if error.field in ("step", "owner", "authority") else 422
            mend = "do what the message says"
            return ProblemError(status, str(error), place=error.field, mend=mend)
        mend = "address it to others, leave the field out, or have the agreement changed"
        return ProblemError(409, str(error), place="addressed", mend=mend)
