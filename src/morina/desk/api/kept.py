"""What the routes of what is kept have in common: who keeps, and plates as sent."""

from typing import Annotated

from fastapi import Depends

from morina.desk.api.route import Desk
from morina.desk.problems import ProblemError
from morina.desk.services import Forgotten
from morina.plates import NotAPlateError, plate_text


def _forgotten(desk: Desk) -> Forgotten:
    if desk.forgotten is None:
        raise ProblemError(503, "this node keeps no records", place="node", mend="ask another")
    return desk.forgotten


Kept = Annotated[Forgotten, Depends(_forgotten)]


def plate_of(text: str) -> str:
    """A plate as sent, upper-case; ProblemError where it is none."""
    try:
        return plate_text(text)
    except NotAPlateError as error:
        raise ProblemError(422, str(error), place="plate", mend="send a plate") from None
