"""Whether a moment lies in the times of day and days of the week asked for."""

from datetime import datetime

from morina.records.questions import Hours

WEEK = 7


def has(hours: Hours, at: datetime) -> bool:
    """Whether ``at`` lies in ``hours``, by what a clock there shows, to the full second.

    A stretch over midnight belongs to the weekday it begins on: Friday 22:00 to 06:00 holds
    Saturday 05:00 and not Friday 05:00. Summer time counts as the clocks do: an hour that comes
    twice is in twice, one left out never.
    """
    here = at.astimezone(hours.zone)
    time, day = here.time().replace(microsecond=0), here.weekday()
    if hours.begins < hours.ends:
        return hours.begins <= time < hours.ends and day in hours.weekdays
    if time >= hours.begins:
        return day in hours.weekdays
    return time < hours.ends and (day - 1) % WEEK in hours.weekdays
