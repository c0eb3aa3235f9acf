"""One person at one page: who they are, their words and their clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from morina.accountability import Action, User
from morina.accountability.policy import Refusal
from morina.desk import permits
from morina.desk.services import Services
from morina.desk.words import Words
from morina.records.kinds import Question


class NotPermittedError(Exception):
    """None of a person's roles may do what they asked for on a page."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.said)
        self.why = why


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page is built from."""

    services: Services
    user: User
    t: Words

    def may(self, *acts: Action) -> bool:
        """Whether this person may do one of ``acts``: what they may not is not offered."""
        return permits.may(self.user, *acts)

    def must(self, *acts: Action) -> None:
        """Nothing where this person may do one of ``acts``.

        NotPermittedError else, which ``frame`` says at the foot of the page. Stands before every
        call by which a page reveals or changes something.
        """
        if why := permits.refused(self.user, acts):
            raise NotPermittedError(why)

    def may_ask(self, question: type[Question]) -> bool:
        """Whether this person may ask the records such questions, and this node answers them."""
        kinds = {kind.question: kind.name for kind in self.services.search.asking.kinds}
        return question in kinds and self.may(permits.KINDS[kinds[question]])

    def must_ask(self, question: Question) -> None:
        """The same as ``must`` for asking the records ``question``."""
        kinds = {kind.question: kind.name for kind in self.services.search.asking.kinds}
        self.must(permits.KINDS[kinds[type(question)]])

    def here(self, at: datetime) -> datetime:
        """The same instant in the user's zone."""
        return at.astimezone(ZoneInfo(self.user.time_zone))

    def local(self, at: datetime) -> str:
        """``at`` in the user's zone with UTC beside; the date only when it is not today."""
        here = self.here(at)
        today = datetime.now(here.tzinfo).date()
        day = "" if here.date() == today else f"{self.day(here.date())} "
        return f"{day}{here:%H:%M:%S} ({at.astimezone(UTC):%H:%M:%S} UTC)"

    def time_only(self, at: datetime) -> str:
        """``at`` in the user's zone, hours to seconds."""
        return f"{self.here(at):%H:%M:%S}"

    def day(self, day: date) -> str:
        """A date as people here write it."""
        return format_date(day, "d MMM y", locale=self.t.language)


def now() -> datetime:
    """This instant, UTC."""
    return datetime.now(UTC)
