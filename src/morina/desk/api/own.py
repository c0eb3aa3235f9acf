"""The own account."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from morina.accountability import SignInRefusedError
from morina.desk.api.route import Desk, Officer, Route
from morina.desk.problems import ProblemError
from morina.desk.sessions import own_session

routes = APIRouter(prefix="/me", tags=["node"], route_class=Route)


class PasswordIn(BaseModel):
    """The password there is, and the one from now on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    old: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


@routes.post("/password", status_code=204, summary="Change the own password")
async def change_password(sent: PasswordIn, request: Request, desk: Desk, officer: Officer) -> None:
    """Every session of the account ends, this one too. For sessions, not for tokens.

    Where the password is the first one, made by an administrator, nothing else answers before.
    """
    own_session(request)
    try:
        await desk.users.change_password(officer.name, sent.old, sent.new, datetime.now(UTC))
    except SignInRefusedError as refused:
        raise ProblemError(403, str(refused), place="old", mend="send the present one") from None
    except ValueError as error:
        raise ProblemError(422, str(error), place="new", mend="choose another") from None
