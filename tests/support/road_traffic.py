"""Invented traffic of a small country: commuters, motorway packs, market days, a match.

Five motorways of eight sites, 4 km apart. Every vehicle keeps to habits or comes at random; none
travels with another on purpose unless planted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from clickhouse_connect.driver.client import Client

from morina.records.figures import Period
from morina.sense.cameras.camera import Camera

ROADS, SITES, DAYS = 5, 8, 28
BEGINS_AT = datetime(2026, 9, 7, tzinfo=UTC)
A_DAY = 86_400
LEG_S = 160
"""Seconds from one site to the next at 90 km/h."""

Trip = tuple[str, int, int, int, float, float]
"""Plate, road, first site, last site, second of the start, speed against the usual."""

CAMERAS = tuple(
    Camera(
        camera_id=f"road{road}-{site}", name="", site=f"{road}-{site}",
        latitude=41.0 + 0.3 * road, longitude=20.0 + 0.048 * site,
    )
    for road in range(ROADS) for site in range(SITES)
)  # fmt: skip
PERIOD = Period(BEGINS_AT, datetime.fromtimestamp(BEGINS_AT.timestamp() + DAYS * A_DAY, UTC))


@dataclass(frozen=True)
class Country:
    """Vehicles of each kind; the same seed makes the same traffic."""

    commuters: int = 1500
    visitors: int = 4000
    trucks: int = 300
    market: int = 400
    match: int = 300
    seed: int = 7

    def rows(self) -> list[tuple[str, int, str]]:
        """(camera, second, plate) of everything that passed."""
        dice = np.random.default_rng(self.seed)
        trips = [
            *_commuters(dice, self.commuters), *_visitors(dice, self.visitors),
            *_trucks(dice, self.trucks), *_market(dice, self.market), *_match(dice, self.match),
        ]  # fmt: skip
        return [row for trip in trips for row in passages(trip, dice)]


def passages(trip: Trip, dice: np.random.Generator) -> Iterator[tuple[str, int, str]]:
    """What the cameras on the way see: the pace changes a little from site to site."""
    plate, road, first, last, start, speed = trip
    at, step = start, 1 if last >= first else -1
    for site in range(first, last + step, step):
        if dice.random() < 0.97:
            yield f"road{road}-{site}", int(BEGINS_AT.timestamp() + at), plate
        at += LEG_S / speed * dice.normal(1, 0.03)


def plate(kind: str, number: int) -> str:
    """Invented; no two kinds and numbers have one text."""
    return f"{kind}{number * 7919 % 100_000:05d}Z"


def _stretch(dice: np.random.Generator, least: int = 2) -> tuple[int, int, int]:
    first = int(dice.integers(0, SITES - least))
    return int(dice.integers(ROADS)), first, int(dice.integers(first + least, SITES))


def _commuters(dice: np.random.Generator, many: int) -> Iterator[Trip]:
    """To work on working days at their hour, give or take minutes, and back."""
    for number in range(many):
        road, first, last = _stretch(dice)
        out, spread = dice.normal(7.5, 0.7) * 3600, dice.uniform(60, 900)
        stays, speed = dice.normal(9, 0.7) * 3600, dice.normal(1, 0.08)
        for day in range(DAYS):
            if day % 7 > 4 or dice.random() > 0.9:
                continue
            start = day * A_DAY + out + dice.normal(0, spread)
            yield plate("C", number), road, first, last, start, speed
            yield plate("C", number), road, last, first, start + dice.normal(stays, spread), speed


def _visitors(dice: np.random.Generator, many: int) -> Iterator[Trip]:
    """A few trips there and back at any time of the day, on one road."""
    for number in range(many):
        road, first, last = _stretch(dice)
        for _ in range(int(dice.integers(1, 8))):
            start = dice.integers(DAYS) * A_DAY + dice.normal(13, 3.5) * 3600
            speed = dice.normal(1, 0.1)
            yield plate("V", number), road, first, last, start, speed
            yield plate("V", number), road, last, first, start + dice.uniform(1, 6) * 3600, speed


def _trucks(dice: np.random.Generator, many: int) -> Iterator[Trip]:
    """The whole of a motorway at one pace, most days, so that packs stay together."""
    for number in range(many):
        road = int(dice.integers(ROADS))
        for day in range(DAYS):
            if day % 7 == 6 or dice.random() > 0.7:
                continue
            start = day * A_DAY + dice.uniform(4, 20) * 3600
            yield plate("T", number), road, 0, SITES - 1, start, dice.normal(0.9, 0.01)


def _market(dice: np.random.Generator, many: int) -> Iterator[Trip]:
    """Each Wednesday about nine, and home about noon."""
    for number in range(many):
        road, first, last = _stretch(dice)
        out = dice.normal(9, 0.3) * 3600
        for week in range(DAYS // 7):
            if dice.random() < 0.85:
                start = (week * 7 + 2) * A_DAY + out + dice.normal(0, 400)
                yield plate("M", number), road, first, last, start, dice.normal(1, 0.06)
                yield plate("M", number), road, last, first, start + dice.normal(3, 0.3) * 3600, 1.0


def _match(dice: np.random.Generator, many: int) -> Iterator[Trip]:
    """Two match days on one road: all come within an hour and leave within half an hour."""
    for number in range(many):
        first = int(dice.integers(0, SITES - 3))
        for day in (5, 19):
            come = day * A_DAY + dice.normal(17, 0.4) * 3600
            leave = day * A_DAY + dice.normal(21, 0.2) * 3600
            yield plate("F", number), 0, first, SITES - 1, come, dice.normal(0.8, 0.03)
            yield plate("F", number), 0, SITES - 1, first, leave, dice.normal(0.8, 0.03)


def insert(client: Client, rows: list[tuple[str, int, str]], first: int = 0) -> None:
    """Into ``morina.reads``; ids are counted from ``first``."""
    cameras, seconds, plates = zip(*rows, strict=True)
    client.insert(
        "morina.reads",
        [list(range(first, first + len(rows))), list(cameras),
         [second * 1000 for second in seconds], [90] * len(rows), list(plates)],
        column_names=["id_low", "camera_id", "captured_at", "keep_days", "plate"],
        column_type_names=[
            "UInt64", "LowCardinality(String)", "DateTime64(3, 'UTC')", "UInt16", "String",
        ],
        column_oriented=True,
    )  # fmt: skip
