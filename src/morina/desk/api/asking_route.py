"""How routes of questions to partners and follow-ups refuse: as problems with place and mend."""

from morina.desk.api.exchange import exchange_of
from morina.desk.api.route import RefusingRoute
from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.exchange.follow_ups import FollowUps, NoSuchFollowUpError, RefusedFollowUpError
from morina.exchange.questions import NoSuchPartnerQuestionError, Questions
from morina.exchange.register import RefusedVehicleError


class AskingRoute(RefusingRoute):
    """Adds what questions and follow-ups refuse."""

    refusals = (
        NoSuchPartnerQuestionError,
        NoSuchFollowUpError,
        RefusedVehicleError,
        RefusedFollowUpError,
    )

    @staticmethod
    def problem(error: Exception) -> ProblemError:
        """404 not one's own, 409 not now, 422 not so."""
        if isinstance(error, NoSuchPartnerQuestionError):
            mend = "use an id that GET /api/v1/exchange/questions lists"
            return ProblemError(404, str(error), place="question_id", mend=mend)
        if isinstance(error, NoSuchFollowUpError):
            mend = "use an id that GET /api/v1/exchange/follow-ups lists"
            return ProblemError(404, str(error), place="follow_up_id", mend=mend)
        place = str(getattr(error, "place", ""))
        status = 409 if place == "step" else 422
        return ProblemError(status, str(error), place=place, mend="do what the message says")


def questions_of(desk: Services) -> Questions:
    """Whom questions go through; ProblemError (404) where this node asks nobody."""
    questions = exchange_of(desk).questions
    if questions is None:
        raise ProblemError(404, "this node asks no partners", place="node", mend="ask another")
    return questions


def follow_ups_of(desk: Services) -> FollowUps:
    """Where follow-ups are kept; ProblemError (404) where this node keeps none."""
    follow_ups = exchange_of(desk).follow_ups
    if follow_ups is None:
        raise ProblemError(404, "this node keeps no follow-ups", place="node", mend="ask another")
    return follow_ups
