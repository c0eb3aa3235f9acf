"""What all stores are asked: drawn by lot from the traffic, the same for each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from clickhouse_connect.driver.client import Client
from keeping.traffic import CAMERAS, LEGS, Traffic

from morina.plates import skeleton

PAGE = 50
"""Findings asked for: a page of the desk."""

ONE_SLICE = 20_000_000
"""Plates are drawn from so many reads, which fit into memory."""

CONVOY_WITHIN, CONVOY_SITES = 120, 3
CONVOY_READS = 40

NAMES = (
    "exact", "look-alikes", "wildcard", "edit distance 1", "area and one hour", "convoy",
    "two areas, one day",
)  # fmt: skip

TARGETS_MS = {
    "exact": 50, "look-alikes": 100, "wildcard": 500, "edit distance 1": 500,
    "area and one hour": 100, "convoy": 1000, "two areas, one day": 1000,
}  # fmt: skip
"""95th percentile, at 100 million reads (issue 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question by its name; what it does not need is empty."""

    name: str
    begins_at: datetime
    ends_at: datetime
    text: str = ""
    pattern: str = ""
    cameras: tuple[str, ...] = field(default=())
    others: tuple[str, ...] = field(default=())

    @property
    def skeleton(self) -> str:
        """Of the text."""
        return skeleton(self.text)


def drawn(client: Client, traffic: Traffic, times: int) -> Iterator[Asked]:
    """Each question ``times`` times, about plates that are there, some often and some rarely."""
    dice = random.Random(5)
    plates = _plates(client, times, traffic, "HAVING n > 0")
    near = f"HAVING n BETWEEN {CONVOY_READS - 8} AND {CONVOY_READS + 8}"
    travelled = _plates(client, times, traffic, near)
    for plate, much in zip(plates, travelled, strict=True):
        whole = {"begins_at": traffic.begins_at, "ends_at": traffic.ends_at}
        yield Asked(name="exact", text=plate, **whole)
        yield Asked(name="look-alikes", text=plate, **whole)
        yield Asked(name="wildcard", pattern=_pattern(plate, dice), **whole)
        yield Asked(name="edit distance 1", text=plate, **whole)
        yield Asked(name="convoy", text=much, **whole)
        hour = traffic.begins_at + timedelta(hours=dice.randrange(24 * traffic.days))
        here, there = _area(dice), _area(dice)
        yield Asked(
            name="area and one hour",
            begins_at=hour,
            ends_at=hour + timedelta(hours=1),
            cameras=here,
        )
        day = traffic.begins_at + timedelta(days=dice.randrange(traffic.days))
        yield Asked(
            name="two areas, one day", begins_at=day, ends_at=day + timedelta(days=1),
            cameras=here, others=there,
        )  # fmt: skip


def _plates(client: Client, times: int, traffic: Traffic, having: str) -> list[str]:
    """Texts by lot, of a slice of all, as often as they pass on average."""
    slices = max(1, traffic.reads // ONE_SLICE)
    sql = (
        "SELECT plate FROM (SELECT plate, count() AS n FROM morina.reads WHERE plate != '' "
        f"AND sipHash64(plate, 8) % {slices} = 0 "
        f"GROUP BY plate {having}) ORDER BY sipHash64(plate, 9) LIMIT {times}"
    )
    return [row[0] for row in client.query(sql).result_rows]


def _pattern(plate: str, dice: random.Random) -> str:
    """Two or three fixed characters of it, in one of the forms people type."""
    form = dice.randrange(3)
    if form == 0:
        return f"{plate[:2]}?{plate[3]}*"
    if form == 1:
        return f"*{plate[-3:-1]}?"
    return f"{plate[0]}*{plate[4]}{plate[5]}*"


def _area(dice: random.Random) -> tuple[str, ...]:
    """The cameras of two neighbouring corridors."""
    first = dice.randrange(CAMERAS // LEGS - 2) * LEGS
    return tuple(f"camera-{number:03d}" for number in range(first, first + 2 * LEGS))
