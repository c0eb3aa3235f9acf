"""When a vehicle passed, where the clock that said so was wrong."""

from datetime import datetime

from morina.desk.pages.visit import Visit
from morina.desk.spans import span
from morina.sense import Read, put_right


def passed_at(read: Read, visit: Visit) -> datetime:
    """The time to show: put right where that can be done, else as sensed."""
    known = put_right(read, _within_s(visit))
    return known.at if known else read.captured_at


def clock_words(read: Read, visit: Visit) -> str:
    """What was wrong with the clock and what it said; empty where it was right."""
    t = visit.t
    if not read.clock_wrong:
        return ""
    known = put_right(read, _within_s(visit))
    if known is None:
        return t("clock wrong, by how much is not known")
    off = span(abs(known.behind_s), t)
    if known.by_arrival:
        words = t("clock wrong, off by about {span}: shown is when the read arrived", span=off)
    else:
        words = t("clock wrong, off by {span}: time put right", span=off)
    said = t("the clock said {time}", time=visit.local(read.captured_at))
    return f"{words}; {said}"


def _within_s(visit: Visit) -> float:
    return visit.services.upkeep.checkup.rules.clock_s
