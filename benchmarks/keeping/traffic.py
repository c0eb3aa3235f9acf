"""Reads as a nation's cameras would make them, generated inside the engine.

Vehicles: a few pass often, most rarely (index = vehicles x u^1.6). Each trip passes four cameras
of one of 50 corridors, some minutes apart; corridors differ in flow; days have their rhythm. Every
number is a hash of its row's number: the same size gives the same traffic.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from clickhouse_connect.driver.client import Client

from morina.sense.cameras import Camera

LAST_DAY = date(2026, 10, 31)
A_DAY = 1_100_000
LEGS = 4
CORRIDORS = 50
CAMERAS = CORRIDORS * LEGS

_UNIT = "(sipHash64(trip, {salt}) % 1000000007) / 1000000007."

_ROWS = f"""
SELECT
    0 AS id_high,
    bitOr(bitShiftRight(sipHash64(number, 11), 24), bitShiftLeft(toUInt64(1), 63)) AS id_low,
    concat('camera-', leftPad(toString({LEGS} * toUInt32({CORRIDORS} * pow({_UNIT.format(salt=1)},
        1.5)) + leg), 3, '0')) AS camera_id,
    toDateTime64({{day:String}}, 3, 'UTC') + toIntervalMillisecond(least(86399999, toInt64(
        80000000 * (u + 0.12 * sin(2 * pi() * u)) + leg * 420000 + of_row % 120000)))
        AS captured_at,
    365 AS keep_days,
    200 + bitShiftRight(of_row, 17) % 700 + if(bitShiftRight(of_row, 30) % 50 = 0, 5000, 0)
        AS received_after_ms,
    received_after_ms + 100 + bitShiftRight(of_row, 37) % 200 AS stored_after_ms,
    if(bitShiftRight(of_row, 3) % 33 = 0, '', text) AS plate,
    if(plate = '', '', ['AL', 'AL', 'XK', 'MK', 'ME', 'GB'][1 + h % 6]) AS country,
    900 + h % 100 AS country_thousandths,
    toUInt16(1000 - 500 * pow((bitShiftRight(of_row, 5) % 10007) / 10007, 6)) AS thousandths,
    if(plate = '', [], arrayMap(
        i -> toUInt8(100 - floor(60 * pow((bitShiftRight(of_row, i) % 1009) / 1009, 8))),
        [3, 7, 11, 15, 19, 23, 27])) AS character_percent,
    3 + of_row % 4 AS frames
FROM (
    SELECT
        number, intDiv(number, {LEGS}) AS trip, number % {LEGS} AS leg,
        {_UNIT.format(salt=2)} AS u,
        toUInt64({{vehicles:UInt64}} * pow({_UNIT.format(salt=3)}, 1.6)) AS vehicle,
        sipHash64(vehicle, 4) AS h,
        sipHash64(number, 5) AS of_row,
        concat(char(65 + modulo(h, 26)), char(65 + modulo(intDiv(h, 26), 26)),
            leftPad(toString(modulo(intDiv(h, 676), 1000)), 3, '0'),
            char(65 + modulo(intDiv(h, 676000), 26)), char(65 + modulo(intDiv(h, 17576000), 26))
        ) AS text
    FROM numbers({{first:UInt64}}, {{count:UInt64}})
)
"""

COLUMNS = (
    "id_high, id_low, camera_id, captured_at, keep_days, received_after_ms, stored_after_ms, "
    "plate, country, country_thousandths, thousandths, character_percent, frames"
)

_IN_ONE_PART = {"min_insert_block_size_rows": 1 << 22, "min_insert_block_size_bytes": 1 << 32}


@dataclass(frozen=True, slots=True)
class Traffic:
    """How many reads, over how many days up to LAST_DAY, of how many vehicles."""

    reads: int

    @property
    def days(self) -> int:
        """A day has about A_DAY reads, and there are two at least."""
        return max(2, round(self.reads / A_DAY))

    @property
    def vehicles(self) -> int:
        """Of the country: a fifth of the reads, at most 40 million."""
        return min(self.reads // 5, 40_000_000)

    @property
    def begins_at(self) -> datetime:
        """Midnight of the first day, UTC."""
        first = LAST_DAY - timedelta(days=self.days - 1)
        return datetime(first.year, first.month, first.day, tzinfo=UTC)

    @property
    def ends_at(self) -> datetime:
        """Midnight after the last day, UTC."""
        return self.begins_at + timedelta(days=self.days)

    def fill(self, clients: Sequence[Client]) -> None:
        """Insert all of it, a day at a time and in one part, by all clients at once."""
        with ThreadPoolExecutor(len(clients)) as threads:
            turns = range(len(clients))
            list(threads.map(lambda turn: self._fill(clients[turn], turn, len(clients)), turns))

    def _fill(self, client: Client, first: int, each: int) -> None:
        count = self.reads // self.days
        for number in range(first, self.days, each):
            day = (self.begins_at + timedelta(days=number)).date()
            client.command(
                f"INSERT INTO morina.reads ({COLUMNS}) {_ROWS}",
                parameters={
                    "day": f"{day} 00:00:00", "vehicles": self.vehicles,
                    "first": number * count, "count": count,
                },
                settings=_IN_ONE_PART,
            )  # fmt: skip


def cameras() -> list[Camera]:
    """All cameras: corridors 10 km apart, a corridor's cameras every 8 km."""
    return [
        Camera(
            camera_id=f"camera-{number:03d}", name=f"Camera {number}",
            site=f"corridor-{number // LEGS}", latitude=40.0 + number // LEGS * 0.09,
            longitude=20.0 + number % LEGS * 0.1, bearing=90.0,
        )
        for number in range(CAMERAS)
    ]  # fmt: skip
