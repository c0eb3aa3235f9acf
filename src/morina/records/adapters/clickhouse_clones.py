"""Which plates moved too fast between cameras, and what else was about, in ClickHouse."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from morina.plates import Plate, skeleton
from morina.plates.plate import DIGITS, LETTERS
from morina.records.adapters import sql_clones as sql
from morina.records.adapters.sql_scope import Condition, in_period, milliseconds, moment
from morina.records.clone_search import MOST_IN_PART, Part
from morina.records.clones import Cameras, CloneRules, Passage, TooFast, too_fast
from morina.records.figures import Period
from morina.records.mistaken import OFTEN_DAYS, Nearby, Often
from morina.records.running import Rows, Running

_HIGH = 1 << 64
_CHARACTERS = sorted(DIGITS | LETTERS)


class ClickHouseMoved:
    """The role Moved. The engine finds journeys that may be too fast; here they are measured."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def too_fast(
        self, asked: Part, cameras: Cameras, rules: CloneRules, running: Running
    ) -> Sequence[TooFast]:
        """See Moved."""
        known = [cameras[camera_id] for camera_id in sorted(cameras)]
        if len(known) < 2:
            return []
        where = in_period(asked.period) & _of(asked.plate)
        ids = [one.camera_id for one in known]
        wanted = {
            "cameras": ids,
            "numbers": list(range(1, len(known) + 1)),
            "latitudes": [one.latitude for one in known],
            "longitudes": [one.longitude for one in known],
            "corridor": _corridor(cameras, rules),
            "most_kmh": rules.most_kmh,
            "corridor_kmh": min([rules.most_kmh, *(one.most_kmh for one in rules.corridors)]),
            "clock_error_s": rules.clock_error_s,
            "apart_m": 2000 * rules.place_error_km,
            "least": round(rules.least_confidence * 1000),
            "most": MOST_IN_PART,
        }
        statement = sql.TOO_FAST.format(where=where.sql)
        rows = await self._rows.rows(statement, {**where.parameters, **wanted}, running)
        found = []
        for text, country, first, second in rows:
            plate = Plate(text, country or None)
            one = too_fast(plate, _passage(first, ids), _passage(second, ids), cameras, rules)
            found += [one] if one else []
        return found

    async def near(
        self, texts: Collection[str], period: Period, running: Running
    ) -> Sequence[Nearby]:
        """See Moved."""
        if not texts:
            return []
        wanted = {
            **_alike(texts),
            "begins_s": milliseconds(period.begins_at) // 1000,
            "ends_s": milliseconds(period.ends_at) // 1000,
        }
        rows = await self._rows.rows(sql.NEAR, wanted, running)
        return [Nearby(text, camera, moment(second * 1000)) for text, camera, second in rows]

    async def often(
        self, texts: Collection[str], cameras: Collection[str], period: Period, running: Running
    ) -> Sequence[Often]:
        """See Moved."""
        if not texts or not cameras:
            return []
        wanted = {
            **_alike(texts),
            "cameras": sorted(cameras),
            "begins_s": milliseconds(period.begins_at) // 1000,
            "ends_s": milliseconds(period.ends_at) // 1000,
            "days": OFTEN_DAYS,
        }
        return [Often(*row) for row in await self._rows.rows(sql.OFTEN, wanted, running)]


def _of(plate: str) -> Condition:
    if not plate:
        return Condition("plate != ''")
    return Condition(
        "skeleton = {skeleton:String} AND plate = {plate:String}",
        {"skeleton": skeleton(plate), "plate": plate},
    )


def _corridor(cameras: Cameras, rules: CloneRules) -> list[int]:
    """The pairs of cameras, as numbered in the statement, that a corridor joins."""
    sites: dict[str, list[int]] = {}
    for number, camera_id in enumerate(sorted(cameras), 1):
        sites.setdefault(cameras[camera_id].site, []).append(number)
    return [
        sql.PAIR * first + second
        for corridor in rules.corridors
        for one, other in ((corridor.one, corridor.other), (corridor.other, corridor.one))
        for first in sites.get(one, ())
        for second in sites.get(other, ())
    ]


def _alike(texts: Collection[str]) -> dict[str, Any]:
    return {
        "texts": sorted(texts),
        "skeletons": sorted({skeleton(text) for text in texts}),
        "characters": _CHARACTERS,
    }


def _passage(seen: Sequence[Any], cameras: Sequence[str]) -> Passage:
    ms, number, high, low, thousandths, verified, clock_wrong, make, colour = seen
    return Passage(
        read_id=UUID(int=(high + (ms << 16)) % _HIGH * _HIGH + low),
        camera_id=cameras[number - 1],
        at=moment(ms),
        confidence=thousandths / 1000,
        verified=bool(verified),
        clock_wrong=bool(clock_wrong),
        make=make,
        colour=colour,
    )
