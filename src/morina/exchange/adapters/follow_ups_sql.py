"""The statements of PostgresFollowUps, and its rows as follow-ups."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from morina.exchange.follow_ups import (
    Clock,
    Did,
    Escalation,
    FollowUp,
    Grant,
    Handling,
    RefusedBecause,
    Side,
    Stage,
    Step,
    Urgency,
)
from morina.exchange.kinds import Kind
from morina.exchange.message import Message
from morina.exchange.register import Named

ADD = """
INSERT INTO follow_up (follow_up_id, side, partner, agreement_id, requester, stage, said,
    written_at, asked_at, approval_id, approver, message)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""
SELECT = """
SELECT f.*, (SELECT coalesce(jsonb_agg(jsonb_build_array(s.at, s.by, s.step, s.words)
        ORDER BY s.number), '[]') FROM follow_up_step s
    WHERE s.follow_up_id = f.follow_up_id) AS did
FROM follow_up f """
ONE = SELECT + "WHERE f.follow_up_id = %s AND f.said <> '{}'"
LOCKED = ONE + " FOR UPDATE OF f"
SEEN_BY = (
    SELECT
    + """
WHERE f.said <> '{}' AND ((f.side = 'asking' AND (f.requester = %(by)s OR f.approver = %(by)s
        OR f.said -> 'officers' ? %(by)s))
    OR (f.side = 'owning' AND %(releases)s))
ORDER BY f.written_at DESC LIMIT %(limit)s"""
)
RUNNING = (
    SELECT
    + """
WHERE f.side = 'owning' AND f.said <> '{}' AND f.stage IN ('asked', 'acknowledged', 'clarifying')"""
)
MOVE = "UPDATE follow_up SET stage = %s WHERE follow_up_id = %s"
SENT = "UPDATE follow_up SET asked_at = %s, approver = %s WHERE follow_up_id = %s"
GRANTED = """
UPDATE follow_up SET granted = %s, handling = %s, forget_at = %s WHERE follow_up_id = %s"""
REFUSED = "UPDATE follow_up SET refused = %s WHERE follow_up_id = %s"
DID = """
INSERT INTO follow_up_step (follow_up_id, number, at, by, step, words)
SELECT %(id)s, coalesce(max(number), 0) + 1, %(at)s, %(by)s, %(step)s, %(words)s
FROM follow_up_step WHERE follow_up_id = %(id)s"""
OVER = SELECT + "WHERE f.granted IS NOT NULL AND f.forget_at <= %s FOR UPDATE OF f"
FORGET = "UPDATE follow_up SET granted = NULL WHERE follow_up_id = %s"
ESCALATE = """
INSERT INTO follow_up_escalation (follow_up_id, clock, is_due, at) VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING"""
ESCALATIONS = """
SELECT e.follow_up_id, e.clock, e.is_due, e.at FROM follow_up_escalation e
JOIN follow_up f USING (follow_up_id)
WHERE f.stage IN ('asked', 'acknowledged', 'clarifying') AND f.said <> '{}'
ORDER BY e.at DESC LIMIT %s"""


async def found(
    connection: AsyncConnection, query: str, keys: Sequence[Any] | Mapping[str, Any] = ()
) -> list[dict[str, Any]]:
    """The rows of a query."""
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(query, keys)).fetchall()


async def add(connection: AsyncConnection, one: FollowUp, message: Message | None = None) -> bool:
    """Keep a new one; False where there is one of that id."""
    said = {
        "about": str(one.about), "named": dict(one.named.said), "why": dict(one.why),
        "offence": one.offence, "urgency": one.urgency.value, "wanted": list(one.wanted),
        "officers": list(one.officers),
    }  # fmt: skip
    values = (
        one.follow_up_id, one.side.value, one.partner, one.agreement_id, one.requester,
        one.stage.value, Jsonb(said), one.written_at, one.asked_at, one.approval_id, one.approver,
        Jsonb(_head(message)) if message else None,
    )  # fmt: skip
    return bool((await connection.execute(ADD, values)).rowcount)


def follow_up_of(row: Mapping[str, Any], shows: bool = False) -> FollowUp:
    """A row with its steps; what was released only where ``shows``."""
    said = row["said"]
    grant = None
    if shows and row["granted"] is not None:
        grant = Grant(
            fields=row["granted"], handling=Handling(row["handling"]), forget_at=row["forget_at"]
        )
    return FollowUp(
        follow_up_id=row["follow_up_id"], side=Side(row["side"]), partner=row["partner"],
        agreement_id=row["agreement_id"], about=UUID(said["about"]),
        named=Named.of(**said["named"]),
        requester=row["requester"], approver=row["approver"], why=said["why"],
        offence=said["offence"], urgency=Urgency(said["urgency"]), wanted=tuple(said["wanted"]),
        officers=tuple(said["officers"]), stage=Stage(row["stage"]), written_at=row["written_at"],
        asked_at=row["asked_at"], did=tuple(map(_did, row["did"])),
        approval_id=row["approval_id"], granted=grant,
        refused=RefusedBecause(row["refused"]) if row["refused"] else None,
    )  # fmt: skip


def escalation_of(row: Mapping[str, Any]) -> Escalation:
    """A row of ``ESCALATIONS``."""
    return Escalation(row["follow_up_id"], Clock(row["clock"]), row["is_due"], row["at"])


def request_of(row: Mapping[str, Any]) -> Message | None:
    """The request as far as an answer to it needs it; None at the asking node."""
    kept = row["message"]
    if kept is None:
        return None
    return Message(
        message_id=UUID(kept["message_id"]), sender=row["partner"], to=kept["to"],
        kind=Kind.FOLLOW_UP_REQUEST, conversation=row["follow_up_id"], seq=kept["seq"],
        previous=kept["previous"], created_at=row["asked_at"], said={}, digest=kept["digest"],
    )  # fmt: skip


def _head(message: Message) -> dict[str, Any]:
    return {
        "message_id": str(message.message_id), "to": message.to, "seq": message.seq,
        "previous": message.previous, "digest": message.digest,
    }  # fmt: skip


def _did(kept: list[Any]) -> Did:
    at, by, step, words = kept
    return Did(datetime.fromisoformat(at), by, Step(step), words)
