"""What the search form was sent with, as the question it stands for."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from morina.accountability import Purpose, PurposeCode, RefusedPurposeError
from morina.desk.pages.markup import Fields
from morina.desk.words import mark
from morina.records import Period
from morina.records.both_places import Area
from morina.records.kinds import RefusedQuestionError
from morina.records.place import Place
from morina.records.places import at_sites
from morina.records.questions import Hours, Looks, Scope
from morina.records.texts import AnyText, Exact, LookAlikes, Near, TextQuestion, Unread, Wildcard
from morina.sense.cameras import Camera

DAYS = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"),
    mark("Saturday"), mark("Sunday"),
)  # fmt: skip
FITS = {
    "exact": mark("just this plate"),
    "look_alikes": mark("this plate and its look-alikes"),
    "near": mark("one character different"),
    "pattern": mark("a pattern: ? one character, * any number"),
    "any": mark("all that passed"),
    "unread": mark("passages without a plate"),
}
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
    if fits == "pattern" or "?" in typed or "*" in typed:
        return Wildcard(typed)
    if fits == "near":
        return Near(typed)
    return LookAlikes(typed) if fits == "look_alikes" else Exact(typed)


def scope_of(
    fields: Fields, cameras: Iterable[Camera], at: datetime, zone: ZoneInfo, days_back: int
) -> Scope:
    """Where and when; RefusedQuestionError, ValueError for a period that cannot be."""
    return Scope(
        period=period_of(fields, at, zone, days_back),
        cameras=cameras_of(fields.get("where", ""), cameras),
        hours=hours_of(fields, zone),
        looks=Looks(
            **{
                name: fields.get(name, "").strip()
                for name in ("make", "model", "colour", "vehicle_class")
            }
        ),
        country=fields.get("country", ""),
        place=place_of(fields.get("where", "")),
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
    except ValueError:
        raise RefusedQuestionError("day", "is no day", "choose one") from None
    return Period(day.astimezone(UTC), (day + timedelta(days=1)).astimezone(UTC))


def area_of(fields: Fields, number: int, cameras: Collection[Camera], zone: ZoneInfo) -> Area:
    """One of several areas with its time."""
    name = f"where{number}"
    where = fields.get(name, "")
    there, at = cameras_of(where, cameras), place_of(where)
    if there is None and at is None:
        raise RefusedQuestionError(name, "is not chosen", "choose a site or a camera")
    begins_at = instant(fields, f"begins{number}", zone)
    period = Period(begins_at, instant(fields, f"ends{number}", zone))
    kind, _, place = where.partition(":")
    names = {one.camera_id: one.name for one in cameras}
    called = names.get(place, place) if kind == "camera" else place
    return Area(called, there or frozenset(), period, at)


def place_of(where: str) -> Place | None:
    """The site or group of a choice, so that it is written down as such."""
    kind, _, name = where.partition(":")
    if kind == "group":
        return Place(groups=frozenset([name]))
    return Place(sites=frozenset([name])) if kind == "site" else None


def cameras_of(where: str, cameras: Iterable[Camera]) -> frozenset[str] | None:
    """The cameras of a choice such as ``site:Bridge`` or ``camera:lane-1``; None for all, and for
    a group, whose cameras the node looks up."""
    kind, _, name = where.partition(":")
    if kind == "site":
        return at_sites(cameras, [name])
    return frozenset([name]) if kind == "camera" else None


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
    except ValueError:
        raise RefusedQuestionError(name, "is no time", "choose day and time") from None
    return typed.astimezone(UTC)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text) if text else time(0)
    except ValueError:
        raise RefusedQuestionError("hours_begin", "is no time", "write it such as 22:30") from None
