"""Alarms of misuse, samples and watched plates in PostgreSQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_consultations import consultation_of
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.misuse import FEW_SHOWN, Alarm, Look, Rule
from morina.accountability.overseeing import (
    NoSuchReviewError,
    Raised,
    RefusedReviewError,
    Review,
    Sampled,
)
from morina.accountability.purpose import Consultation
from morina.accountability.trail import NODE, Act, Deed, What
from morina.accountability.watched import Marks, Watch, Watched, refuse_own

_LOOKS = """
SELECT number, asked_at, officer, case_number, plates, ARRAY(
    SELECT DISTINCT mark FROM consultation_shown s, unnest(s.marks) AS mark
    WHERE s.number = c.number AND (%(most)s = 0 OR cardinality(s.marks) <= %(most)s)
) AS shown
FROM consultation c
WHERE asked_at > %(since)s AND (%(officer)s = '' OR officer = %(officer)s) ORDER BY number"""
_ASKED = "SELECT officer, count(*) FROM consultation WHERE asked_at > %s GROUP BY officer"
_SHOW = "INSERT INTO consultation_shown (number, marks) VALUES (%s, %s)"
_OFFICERS = "SELECT DISTINCT officer FROM consultation WHERE asked_at > %s"
_RAISE = """
INSERT INTO misuse_alarm (rule, officer, key, said, at, numbers) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (rule, key) DO NOTHING RETURNING alarm_id"""
_DRAW = "INSERT INTO sampled_consultation SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING"
_ALARMS = """
SELECT a.*, r.by AS review_by, r.at AS review_at, r.found, r.words
FROM misuse_alarm a LEFT JOIN misuse_review r USING (alarm_id)
WHERE a.officer <> %(by)s AND (NOT %(open_only)s OR r.alarm_id IS NULL)
ORDER BY a.at DESC, a.alarm_id LIMIT %(limit)s"""
_SAMPLE = """
SELECT c.*, o.at, o.shown, coalesce(o.covered, '') AS covered, coalesce(o.failed, '') AS failed,
    r.by AS review_by, r.at AS review_at, r.found, r.words
FROM sampled_consultation JOIN consultation c USING (number)
    LEFT JOIN consultation_outcome o USING (number) LEFT JOIN sample_review r USING (number)
WHERE NOT %(open_only)s OR r.number IS NULL
ORDER BY number DESC LIMIT %(limit)s"""
_BEHIND = """
SELECT c.*, o.at, o.shown, coalesce(o.covered, '') AS covered, coalesce(o.failed, '') AS failed
FROM misuse_alarm a JOIN consultation c ON c.number = ANY(a.numbers)
    LEFT JOIN consultation_outcome o USING (number)
WHERE a.alarm_id = %s AND a.officer <> %s ORDER BY number DESC"""
_CLOSE = "INSERT INTO misuse_review (alarm_id, by, at, found, words) VALUES (%s, %s, %s, %s, %s)"
_JUDGE = "INSERT INTO sample_review (number, by, at, found, words) VALUES (%s, %s, %s, %s, %s)"
_ABOUT_ALARM = "SELECT officer, rule FROM misuse_alarm WHERE alarm_id = %s"
_OVERSEES = """
SELECT FROM account WHERE name = %s AND closed_at IS NULL
    AND 'data_protection_officer' = ANY (roles)"""
_ABOUT_SAMPLE = """
SELECT officer, '' FROM sampled_consultation JOIN consultation USING (number) WHERE number = %s"""
_PUT = """
INSERT INTO watched_plate (watch, mark, officer, note, put_by, put_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (watch, mark, officer) DO UPDATE SET note = excluded.note, put_by = excluded.put_by,
    put_at = excluded.put_at"""
_REMOVE = "DELETE FROM watched_plate WHERE watch = %s AND mark = %s AND officer = %s"
_WATCHED = "SELECT * FROM watched_plate ORDER BY put_at, mark"


@dataclass(frozen=True, slots=True)
class PostgresOversight:
    """The role Oversight. ``marks`` turns plates asked for into marks."""

    pool: AsyncConnectionPool
    marks: Marks

    async def fresh(self, since: datetime) -> list[Look]:
        """See Oversight."""
        return await self._looks(since, "", 0)

    async def of_officer(self, officer: str, since: datetime) -> list[Look]:
        """See Oversight."""
        return await self._looks(since, officer, 2 * FEW_SHOWN)

    async def asked(self, since: datetime) -> dict[str, int]:
        """See Oversight."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(_ASKED, (since,))).fetchall()
        return {row[0]: row[1] for row in rows}

    async def show(self, number: int, marks: Sequence[str]) -> None:
        """See Oversight."""
        if marks:
            async with self.pool.connection() as connection:
                await connection.execute(_SHOW, (number, list(dict.fromkeys(marks))))

    async def officers(self, since: datetime) -> set[str]:
        """See Oversight."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(_OFFICERS, (since,))).fetchall()
        return {row[0] for row in rows}

    async def raise_(self, alarms: Sequence[Alarm]) -> int:
        """See Oversight."""
        if not alarms:
            return 0
        async with self.pool.connection() as connection:
            return await raised_within(connection, alarms)

    async def draw(self, numbers: Collection[int]) -> None:
        """See Oversight."""
        if numbers:
            async with self.pool.connection() as connection:
                await connection.execute(_DRAW, (list(numbers),))

    async def alarms(self, *, by: str, open_only: bool, limit: int = 100) -> list[Raised]:
        """See Oversight."""
        wanted = {"by": by, "open_only": open_only, "limit": limit}
        return [_raised(row) for row in await self._rows(_ALARMS, wanted)]

    async def sample(self, *, by: str, open_only: bool, limit: int = 100) -> list[Sampled]:
        """See Oversight."""
        rows = await self._read(_SAMPLE, {"open_only": open_only, "limit": limit}, by)
        return [Sampled(consultation_of(row), _review(row)) for row in rows]

    async def behind(self, alarm_id: UUID, by: str) -> list[Consultation]:
        """See Oversight."""
        rows = await self._read(_BEHIND, (alarm_id, by), by)
        if not rows:
            raise NoSuchReviewError("nothing to review has that id; look at the list anew")
        return [consultation_of(row) for row in rows]

    async def close_alarm(self, alarm_id: UUID, review: Review) -> None:
        """See Oversight."""
        await self._review(_ABOUT_ALARM, _CLOSE, alarm_id, review)

    async def judge(self, number: int, review: Review) -> None:
        """See Oversight."""
        await self._review(_ABOUT_SAMPLE, _JUDGE, number, review)

    async def _review(self, about: str, write: str, key: UUID | int, review: Review) -> None:
        async with self.pool.connection() as connection:
            row = await (await connection.execute(about, (key,))).fetchone()
            if row is None:
                raise NoSuchReviewError("nothing to review has that id; look at the list anew")
            if row[0] == review.by:
                raise RefusedReviewError("it is about your own questions; another must review it")
            if row[1] == Rule.ROLES:
                await _refuse_others(connection, review.by)
            values = (key, review.by, review.at, review.found, review.words)
            try:
                await connection.execute(write, values)
            except UniqueViolation:
                raise RefusedReviewError("it was reviewed already; reviews stay") from None
            kind = "misuse_alarm" if isinstance(key, UUID) else "sampled_consultation"
            what = What(kind, (str(key),), f"reviewed: {review.found}")
            await _enter(connection, what, review.by, {"words": review.words})

    async def _read(self, query: str, wanted: Any, by: str) -> list[dict[str, Any]]:
        """Rows of consultations; that they were read is entered in the same transaction."""
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(query, wanted)).fetchall()
            if rows:
                numbers = tuple(str(row["number"]) for row in rows)
                what = What("consultation", numbers, "read by a reviewer")
                deed = Deed(act=Act.CONSULTATION, what=what, who=by)
                await PostgresTrail().append(connection, deed)
        return rows

    async def _looks(self, since: datetime, officer: str, most: int) -> list[Look]:
        rows = await self._rows(_LOOKS, {"since": since, "officer": officer, "most": most})
        return [
            Look(number=row["number"], at=row["asked_at"], officer=row["officer"],
                 case_number=row["case_number"],
                 marks=tuple(self.marks.of(one) for one in row["plates"]),
                 shown=tuple(row["shown"]))
            for row in rows
        ]  # fmt: skip

    async def _rows(self, query: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(query, wanted)).fetchall()


@dataclass(frozen=True, slots=True)
class PostgresWatched:
    """The role WatchedPlates."""

    pool: AsyncConnectionPool

    async def put(self, watched: Watched) -> None:
        """See WatchedPlates."""
        one = watched
        refuse_own(one.officer, one.by)
        values = (one.watch.value, one.mark, one.officer, one.note, one.by, one.at)
        async with self.pool.connection() as connection:
            await connection.execute(_PUT, values)
            what = What("watched_plate", (one.mark,), f"put: {one.watch}")
            await _enter(connection, what, one.by, {"note": one.note, "officer": one.officer})

    async def remove(self, watch: Watch, mark: str, officer: str, by: str) -> bool:
        """See WatchedPlates."""
        refuse_own(officer, by)
        async with self.pool.connection() as connection:
            gone = await connection.execute(_REMOVE, (watch.value, mark, officer))
            if gone.rowcount:
                what = What("watched_plate", (mark,), f"removed: {watch}")
                await _enter(connection, what, by, {"officer": officer})
        return bool(gone.rowcount)

    async def all(self) -> list[Watched]:
        """See WatchedPlates."""
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(_WATCHED)).fetchall()
        return [
            Watched(watch=Watch(row["watch"]), mark=row["mark"], officer=row["officer"],
                    note=row["note"], by=row["put_by"], at=row["put_at"])
            for row in rows
        ]  # fmt: skip


async def raised_within(connection: AsyncConnection, alarms: Sequence[Alarm]) -> int:
    """``Oversight.raise_`` within the caller's transaction."""
    new = 0
    for one in alarms:
        values = (one.rule.value, one.officer, one.key, one.said, one.at, list(one.numbers))
        row = await (await connection.execute(_RAISE, values)).fetchone()
        if row is not None:
            new += 1
            what = What("misuse_alarm", (str(row[0]),), f"raised: {one.rule}")
            await _enter(connection, what, NODE, {})
    return new


def _raised(row: dict[str, Any]) -> Raised:
    alarm = Alarm(
        rule=Rule(row["rule"]), officer=row["officer"], key=row["key"], said=row["said"],
        at=row["at"], numbers=tuple(row["numbers"]),
    )  # fmt: skip
    return Raised(row["alarm_id"], alarm, _review(row))


def _review(row: dict[str, Any]) -> Review | None:
    if row["review_by"] is None:
        return None
    return Review(row["review_by"], row["review_at"], row["found"], row["words"])


async def _refuse_others(connection: AsyncConnection, by: str) -> None:
    """Whoever was given such roles must not be able to close what tells of it."""
    if not (await connection.execute(_OVERSEES, (by,))).rowcount:
        raise RefusedReviewError("roles that were given are reviewed by a data protection officer")


async def _enter(connection: AsyncConnection, what: What, who: str, why: dict[str, str]) -> None:
    deed = Deed(act=Act.OVERSIGHT, what=what, who=who, why=why)
    await PostgresTrail().append(connection, deed)
