"""Approvals in PostgreSQL: requests, decisions and uses are added, never changed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.errors import CheckViolation, UniqueViolation
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.approvals import (
    Approval,
    Guarded,
    NoSuchApprovalError,
    RefusedApprovalError,
    Request,
    Stage,
    Verdict,
    refuse_use,
)
from morina.accountability.trail import Act, Deed, What

_SELECT = """
SELECT a.approval_id, a.kind, a.requester, a.words, a.needed, a.why, a.content, a.digest,
    a.asked_at, coalesce(d.expires_at, a.expires_at) AS expires_at,
    d.decided_by, d.decided_at, d.approved, d.reason, u.used_at, u.used_for
FROM approval a LEFT JOIN approval_decision d USING (approval_id)
    LEFT JOIN approval_use u USING (approval_id)
"""
_ONE = _SELECT + "WHERE a.approval_id = %s"
_SAME = _SELECT + "WHERE a.requester = %s AND a.digest = %s ORDER BY a.asked_at DESC LIMIT 1"
_NEWEST = (
    _SELECT
    + """
WHERE %(requester)s = '' OR a.requester = %(requester)s
ORDER BY a.asked_at DESC, a.approval_id LIMIT %(limit)s"""
)
_ASK = """
INSERT INTO approval (approval_id, kind, requester, words, needed, why, content, digest, asked_at,
    expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_DECIDE = """
INSERT INTO approval_decision (approval_id, requester, decided_by, decided_at, approved, reason,
    expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)"""
_USE = "INSERT INTO approval_use (approval_id, used_at, used_for) VALUES (%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class PostgresApprovals:
    """The role Approvals. A request is open for ``hours``; approved, it may be used so long."""

    pool: AsyncConnectionPool
    hours: float = 24.0

    async def ask(self, request: Request, now: datetime) -> Approval:
        """See Approvals."""
        async with self.pool.connection() as connection:
            await connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (request.digest,)
            )
            same = await _found(connection, _SAME, (request.requester, request.digest))
            if same and same[0].stage(now) in (Stage.OPEN, Stage.APPROVED):
                return same[0]
            approval_id = uuid4()
            until = now + timedelta(hours=self.hours)
            values = (
                approval_id, request.kind.value, request.requester, request.words, request.needed,
                Jsonb(dict(request.why)), Jsonb(dict(request.content)), request.digest, now, until,
            )  # fmt: skip
            await connection.execute(_ASK, values)
            await PostgresTrail().append(connection, _deed(approval_id, request, "asked"))
        return Approval(
            approval_id=approval_id, request=request, asked_at=now, expires_at=until
        )  # fmt: skip

    async def decide(self, approval_id: UUID, verdict: Verdict, now: datetime) -> Approval:
        """See Approvals."""
        async with self.pool.connection() as connection:
            approval = await _one(connection, approval_id)
            if (stage := approval.stage(now)) is not Stage.OPEN:
                raise RefusedApprovalError(f"it is {stage} already; only open ones are decided")
            until = now + timedelta(hours=self.hours)
            requester = approval.request.requester
            values = (
                approval_id, requester, verdict.by, now, verdict.approved, verdict.reason, until,
            )  # fmt: skip
            try:
                await connection.execute(_DECIDE, values)
            except UniqueViolation:
                raise RefusedApprovalError("another person decided it just now") from None
            except CheckViolation:
                raise RefusedApprovalError("nobody decides what they asked for") from None
            step = "approved" if verdict.approved else "refused"
            deed = _deed(approval_id, approval.request, step)
            deed = replace(deed, who=verdict.by, why={"reason": verdict.reason})
            await PostgresTrail().append(connection, deed)
        return await self.approval(approval_id)

    async def approval(self, approval_id: UUID) -> Approval:
        """See Approvals."""
        async with self.pool.connection() as connection:
            return await _one(connection, approval_id)

    async def newest(self, *, requester: str = "", limit: int = 100) -> list[Approval]:
        """See Approvals."""
        async with self.pool.connection() as connection:
            wanted = {"requester": requester, "limit": limit}
            return await _found(connection, _NEWEST, wanted)


async def use_approval(
    connection: AsyncConnection, approval_id: UUID, digest: str, now: datetime, used_for: str
) -> None:
    """Use an approval up within the caller's transaction, before what is done under it.

    RefusedApprovalError where it is not approved, over, used, or given for another digest.
    """
    try:
        approval = await _one(connection, approval_id)
    except NoSuchApprovalError as error:
        raise RefusedApprovalError(f"approval_id: {error}") from None
    refuse_use(approval, digest, now)
    try:
        await connection.execute(_USE, (approval_id, now, used_for))
    except UniqueViolation:
        raise RefusedApprovalError("approval_id: it was used just now; ask anew") from None
    deed = replace(_deed(approval_id, approval.request, "used"), why={"used_for": used_for})
    await PostgresTrail().append(connection, deed)


async def _one(connection: AsyncConnection, approval_id: UUID) -> Approval:
    found = await _found(connection, _ONE, (approval_id,))
    if not found:
        raise NoSuchApprovalError("no approval has that id; GET /api/v1/approvals lists them")
    return found[0]


async def _found(connection: AsyncConnection, query: str, keys: Any) -> list[Approval]:
    cursor = connection.cursor(row_factory=dict_row)
    return [_approval(row) for row in await (await cursor.execute(query, keys)).fetchall()]


def _approval(row: dict[str, Any]) -> Approval:
    request = Request(
        kind=Guarded(row["kind"]), requester=row["requester"], words=row["words"],
        needed=row["needed"], why=row["why"], content=row["content"],
    )  # fmt: skip
    decided = row["decided_by"] is not None
    return Approval(
        approval_id=row["approval_id"],
        request=request,
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        verdict=Verdict(row["decided_by"], row["approved"], row["reason"]) if decided else None,
        decided_at=row["decided_at"],
        used_at=row["used_at"],
        used_for=row["used_for"] or "",
    )


def _deed(approval_id: UUID, request: Request, step: str) -> Deed:
    what = What("approval", (str(approval_id),), f"{step}: {request.kind}", digest=request.digest)
    return Deed(act=Act.APPROVAL, what=what, who=request.requester, why=dict(request.why))
