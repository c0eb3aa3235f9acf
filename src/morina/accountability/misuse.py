"""When somebody's look-ups look like misuse: rules over what was asked, each with its reason.

An alarm is a question to whoever oversees, never a finding. The harm behind them: officers who
look up partners, former partners, neighbours.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from statistics import median
from zoneinfo import ZoneInfo

from morina.accountability.watched import short

FEW_SHOWN = 10
"""An answer of no more plates was about each of them; what passed a busy place is not."""


class Rule(StrEnum):
    """What an alarm is about."""

    SAME_PLATE = "same_plate"
    HOUSEHOLD = "household"
    OFF_SHIFT = "off_shift"
    VOLUME = "volume"
    SENSITIVE = "sensitive"
    ROLES = "roles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One consultation; ``marks`` are those of the plates in it, ``shown`` the short ones of the
    plates its answer showed (accountability.watched)."""

    number: int
    at: datetime
    officer: str
    case_number: str
    marks: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def tells(self, mark: str) -> bool:
        """Whether the plate of this mark was asked for or shown."""
        return mark in self.marks or short(mark) in self.shown

    @property
    def sought(self) -> frozenset[str]:
        """Short marks of plates asked for, and of those shown where they were few."""
        few = self.shown if len(self.shown) <= FEW_SHOWN else ()
        return frozenset((*map(short, self.marks), *few))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """``said`` explains it in words; ``numbers`` are the consultations; ``key`` keeps one event
    from raising two."""

    rule: Rule
    officer: str
    key: str
    said: str
    at: datetime
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of work by the clock of the node's zone; over midnight where ``ends`` is earlier."""

    begins: time
    ends: time

    @classmethod
    def of(cls, text: str) -> "Shift":
        """From such as ``06:00-14:00``; ValueError."""
        begins, _, ends = text.partition("-")
        return cls(time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip()))

    def holds(self, at: time) -> bool:
        """Whether a time of day is within."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


EVERYBODY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class MisuseRules:
    """Settings under ``[oversight]``. The same plate ``same_plate`` times by one officer in
    ``same_days`` days under different cases, or ``often`` times under whatever case; more
    questions in a day than the median of peers and ``volume_k`` times their median deviation,
    and at least ``volume_least``; ``shifts`` by officer, ``*`` for all others."""

    same_plate: int = 5
    same_days: int = 30
    often: int = 30
    volume_k: float = 6.0
    volume_least: int = 20
    peers: int = 3
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


def same_plate(looks: Sequence[Look], rules: MisuseRules) -> list[Alarm]:
    """One officer's looks: plates asked for again and again, or shown where few were, as by
    patterns and look-alikes. One alarm a plate and week."""
    if not looks:
        return []
    newest = max(looks, key=lambda one: one.number)
    since = newest.at - timedelta(days=rules.same_days)
    found = []
    for mark in sorted(newest.sought):
        of_it = [one for one in looks if mark in one.sought and one.at > since]
        cases = {one.case_number.casefold() for one in of_it}
        many_cases = len(of_it) >= rules.same_plate and len(cases) > 1
        if many_cases or len(of_it) >= rules.often:
            said = (
                f"{newest.officer} asked for one plate {len(of_it)} times in {rules.same_days} days"
                f" under {len(cases)} case number{'s' if len(cases) > 1 else ''}"
            )
            year, week, _ = newest.at.isocalendar()
            key = f"{newest.officer} {mark} {year}-{week}"
            found.append(_alarm(Rule.SAME_PLATE, newest, key, said, of_it))
    return found


def household(look: Look, marks: Collection[str]) -> list[Alarm]:
    """A look at a plate of the officer's own household (``marks``)."""
    said = f"{look.officer} asked for or was shown a plate of their own household"
    return [
        _alarm(Rule.HOUSEHOLD, look, f"{look.number} {mark}", said, [look])
        for mark in sorted(marks)
        if look.tells(mark)
    ]


def sensitive(look: Look, notes: Mapping[str, str]) -> list[Alarm]:
    """A look that asked for or was shown a sensitive plate (``notes`` by mark)."""
    return [
        _alarm(
            Rule.SENSITIVE, look, f"{look.number} {mark}",
            f"{look.officer} asked for or was shown a plate on the sensitive list: {notes[mark]}",
            [look],
        )
        for mark in sorted(notes)
        if look.tells(mark)
    ]  # fmt: skip


def put_on_list(
    by: str, hotlist_id: str, own: Collection[str], notes: Mapping[str, str], at: datetime
) -> list[Alarm]:
    """Plates of one's own household (``own``) or sensitive ones that ``by`` puts on a hotlist,
    which then tells their passages as alerts."""
    said = {mark: f"{by} put a plate of their own household on a hotlist" for mark in own}
    found = [(Rule.HOUSEHOLD, mark, words) for mark, words in said.items()]
    for mark, note in notes.items():
        words = f"{by} put a plate on the sensitive list on a hotlist: {note}"
        found.append((Rule.SENSITIVE, mark, words))
    return [
        Alarm(rule=rule, officer=by, key=f"hotlist {hotlist_id} {by} {mark}", said=words, at=at)
        for rule, mark, words in found
    ]


def new_roles(account: str, roles: Iterable[str], by: str, at: datetime) -> Alarm:
    """Roles that one person alone gave another, and with which two accounts can ask and agree."""
    named = " and ".join(sorted(role.replace("_", " ") for role in roles))
    said = f"{by} gave {account} the role of {named}; find out that it is another person"
    key = f"{account} {at.isoformat()}"
    return Alarm(rule=Rule.ROLES, officer=account, key=key, said=said, at=at)


def off_shift(look: Look, rules: MisuseRules) -> list[Alarm]:
    """A look outside the officer's hours, where they are set; one alarm a day."""
    shift = rules.shifts.get(look.officer, rules.shifts.get(EVERYBODY))
    here = look.at.astimezone(rules.zone)
    if shift is None or shift.holds(here.time()):
        return []
    said = (
        f"{look.officer} asked at {here:%H:%M}, outside the shift"
        f" {shift.begins:%H:%M}-{shift.ends:%H:%M}"
    )
    return [_alarm(Rule.OFF_SHIFT, look, f"{look.officer} {here.date()}", said, [look])]


def volume(
    asked: Mapping[str, int], roles: Mapping[str, Collection[str]], at: datetime, rules: MisuseRules
) -> list[Alarm]:
    """Officers who asked unusually much in a day against peers, those who share a role.

    Unusual is above median + k * MAD of the peers' counts, the officer's own left out; a MAD
    under 1 counts as 1.
    """
    found = []
    for officer, count in asked.items():
        own = set(roles.get(officer, ()))
        peers = [n for one, n in asked.items() if one != officer and own & set(roles.get(one, ()))]
        if len(peers) < rules.peers or count < rules.volume_least:
            continue
        middle = median(peers)
        spread = max(1.0, median(abs(one - middle) for one in peers))
        most = middle + rules.volume_k * spread
        if count > most:
            said = (
                f"{officer} asked {count} questions in a day; {len(peers)} peers asked {middle:g}"
                f" in the middle, and up to {most:g} is usual"
            )
            day = at.astimezone(rules.zone).date()
            found.append(Alarm(rule=Rule.VOLUME, officer=officer, key=f"{officer} {day}",
                               said=said, at=at))  # fmt: skip
    return found


def _alarm(rule: Rule, look: Look, key: str, said: str, looks: Sequence[Look]) -> Alarm:
    numbers = tuple(sorted(one.number for one in looks))
    return Alarm(rule=rule, officer=look.officer, key=key, said=said, at=look.at, numbers=numbers)
