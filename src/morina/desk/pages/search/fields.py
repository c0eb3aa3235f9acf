"""What the search form was sent with, as the question it stands for."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from morina.accountability import Purpose, PurposeCode, RefusedPurposeError
from morina.desk.pages.markup import Fields
from morina.desk.pages.search.where import AREA, STRIP, Places, where_of
from morina.desk.services import Services
from morina.desk.words import Words, mark
from morina.records import Period
from morina.records.both_places import MOST_AREAS, Area
from morina.records.kinds import RefusedQuestionError
from morina.records.questions import Hours, Looks, Scope
from morina.records.texts import (
    AnyText,
    Exact,
    LookAlikes,
    Near,
    Partial,
    TextQuestion,
    Unread,
    Wildcard,
)

DAYS = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"),
    mark("Saturday"), mark("Sunday"),
)  # fmt: skip
FITS = {
    "exact": mark("just this plate"),
    "look_alikes": mark("this plate and its look-alikes"),
    "near": mark("one character different"),
    "pattern": mark("a pattern: ? one character, * any number"),
    "partial": mark("these characters in any order"),
    "any": mark("all that passed"),
    "unread": mark("passages without a plate"),
}
VEHICLES = {
    "car": mark("car"),
    "van": mark("van"),
    "lorry": mark("lorry"),
    "bus": mark("bus"),
    "motorcycle": mark("motorcycle"),
    "other": mark("another kind of vehicle"),
}
"""Kinds of vehicle, as cameras' words are put (``wire.classes.CLASSES``)."""
LAST = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
PERIODS = {
    "24h": mark("last 24 hours"),
    "7d": mark("last 7 days"),
    "30d": mark("last 30 days"),
    "all": mark("all we remember"),
    "own": mark("from and until"),
}
USUAL_PERIOD = "7d"
OWN_TIME = "%Y-%m-%dT%H:%M"
"""How a browser sends a day and time."""


@dataclass(frozen=True, slots=True)
class Back:
    """How far back "all" goes, days; ``cut`` where more is remembered than may be asked for."""

    days: int
    cut: bool = False


def back_of(services: Services) -> Back:
    """All that is remembered by the longest policy, as far as a question may go back."""
    most = services.search.asking.rules.days_back
    longest = services.forgotten.policies.longest if services.forgotten else most
    return Back(min(longest, most), longest > most)


def periods(back: Back, t: Words) -> dict[str, str]:
    """The choices of a period with their words."""
    named = {name: t(words) for name, words in PERIODS.items()}
    if back.cut:
        named["all"] = t("all that may be asked for, the last {n} days", n=back.days)
    return named


def purpose_of(fields: Fields, officer: str) -> Purpose:
    """The purpose; RefusedPurposeError names the field that says too little."""
    code = fields.get("code", "")
    if code not in set(PurposeCode):
        raise RefusedPurposeError("code", "is not chosen", "choose what the question is for")
    return Purpose(
        officer=officer,
        code=PurposeCode(code),
        case_number=fields.get("case_number", "").strip(),
        legal_basis=fields.get("legal_basis", "").strip(),
        justification=fields.get("justification", "").strip(),
    )


def text_of(fields: Fields) -> TextQuestion:
    """What is asked of the plate's text; wildcards make a pattern of it whatever was chosen."""
    typed, fits = fields.get("plate", "").strip(), fields.get("fits", "exact")
    if fits in ("any", "unread"):
        if typed:
            raise RefusedQuestionError("plate", "is not asked for", "empty it, or choose a plate")
        return AnyText() if fits == "any" else Unread()
    if fits == "partial":
        return Partial(typed, length_of(fields))
    if fits == "pattern" or "?" in typed or "*" in typed:
        return Wildcard(typed)
    if fits == "near":
        return Near(typed)
    return LookAlikes(typed) if fits == "look_alikes" else Exact(typed)


def length_of(fields: Fields) -> int:
    """How many characters the whole plate has; 0 where that is not known."""
    typed = fields.get("length", "").strip()
    if not typed:
        return 0
    if not typed.isdecimal():
        raise RefusedQuestionError("length", "is no whole number", "write one, or leave it empty")
    return int(typed)


def scope_of(fields: Fields, known: Places, at: datetime, zone: ZoneInfo, days_back: int) -> Scope:
    """Where and when; RefusedQuestionError, ValueError for a period that cannot be."""
    where = where_of(fields, "where", known)
    return Scope(
        period=period_of(fields, at, zone, days_back),
        cameras=where.cameras,
        hours=hours_of(fields, zone),
        looks=Looks(
            **{
                name: fields.get(name, "").strip()
                for name in ("make", "model", "colour", "vehicle_class")
            }
        ),
        country=fields.get("country", ""),
        place=where.place,
    )


def period_of(fields: Fields, at: datetime, zone: ZoneInfo, days_back: int) -> Period:
    """The period chosen, up to ``at`` unless the officer says otherwise."""
    chosen = fields.get("period", USUAL_PERIOD)
    if chosen == "own":
        return Period(
            instant(fields, "begins_at", zone),
            instant(fields, "ends_at", zone),
        )
    return Period(at - LAST.get(chosen, timedelta(days=days_back)), at)


def day_of(fields: Fields, zone: ZoneInfo) -> Period:
    """The day chosen, from midnight to midnight by the officer's clock."""
    try:
        day = datetime.strptime(fields.get("day", ""), "%Y-%m-%d").replace(tzinfo=zone)
        return Period(day.astimezone(UTC), (day + timedelta(days=1)).astimezone(UTC))
    except (ValueError, OverflowError):
        raise RefusedQuestionError("day", "is no day", "choose one") from None


def areas_of(fields: Fields, known: Places, zone: ZoneInfo) -> tuple[Area, ...]:
    """The areas of the form, each with its time."""
    there = [number for number in range(1, MOST_AREAS + 1) if f"where{number}" in fields]
    return tuple(area_of(fields, number, known, zone) for number in there)


def area_of(fields: Fields, number: int, known: Places, zone: ZoneInfo) -> Area:
    """One of several areas with its time."""
    name = f"where{number}"
    where = where_of(fields, name, known)
    if where.everywhere:
        raise RefusedQuestionError(name, "is not chosen", "choose a site or a camera")
    begins_at = instant(fields, f"begins{number}", zone)
    period = Period(begins_at, instant(fields, f"ends{number}", zone))
    called = f"area {number}" if where.called in (AREA, STRIP) else where.called
    return Area(called, where.cameras or frozenset(), period, where.place)


def apart_of(fields: Fields) -> timedelta:
    """The least time between two areas, typed in minutes."""
    typed = fields.get("apart", "").strip()
    if typed and not typed.isdecimal():
        raise RefusedQuestionError("apart", "is no whole number", "write one, or leave it empty")
    return timedelta(minutes=int(typed[:9] or 0))


def hours_of(fields: Fields, zone: ZoneInfo) -> Hours | None:
    """Times of day and days of the week; None where all are meant."""
    chosen = frozenset(day for day in range(len(DAYS)) if fields.get(f"day{day}"))
    begins, ends = fields.get("hours_begin", ""), fields.get("hours_end", "")
    if not begins and not ends and len(chosen) in (0, len(DAYS)):
        return None
    weekdays = chosen or frozenset(range(len(DAYS)))
    return Hours(zone=zone, begins=_time(begins), ends=_time(ends), weekdays=weekdays)


def instant(fields: Fields, name: str, zone: ZoneInfo) -> datetime:
    """A day and time by the officer's clock, UTC."""
    try:
        typed = datetime.strptime(fields.get(name, ""), OWN_TIME).replace(tzinfo=zone)
        return typed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RefusedQuestionError(name, "is no time", "choose day and time") from None


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text) if text else time(0)
    except ValueError:
        raise RefusedQuestionError("hours_begin", "is no time", "write it such as 22:30") from None
