"""One person at one page: who they are, their words and their clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from morina.accountability import User
from morina.desk.services import Services
from morina.desk.words import Words


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page is built from."""

    services: Services
    user: User
    t: Words

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
