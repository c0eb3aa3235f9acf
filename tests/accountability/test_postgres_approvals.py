"""A second person on real PostgreSQL: asked, decided by another, used once, entered each time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from asked import purpose
from guards import a_request, four_eyes_of
from morina.accountability import Asked
from morina.accountability.adapters.postgres_approvals import PostgresApprovals
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.approvals import (
    Approval,
    NoSuchApprovalError,
    RefusedApprovalError,
    Stage,
    Verdict,
    roles_request,
)
from morina.accountability.clearing import NotClearedError
from morina.accountability.policy import Role
from morina.accountability.trail import Act, Sought

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
WORDS = "the case needs it"
YES = Verdict("sup", True, WORDS)
LATER = NOW + timedelta(hours=1)


async def approved(pool: AsyncConnectionPool) -> Approval:
    four_eyes = four_eyes_of(pool)
    asked = await four_eyes.approvals.ask(a_request(), NOW)
    return await four_eyes.decide(asked.approval_id, YES, LATER)


def under(approval: Approval, at: datetime = LATER) -> Asked:
    return Asked(
        at=at, purpose=purpose(), question="where", approval_id=approval.approval_id,
        approval_digest=a_request().digest,
    )  # fmt: skip


async def steps(pool: AsyncConnectionPool) -> list[tuple[str, str]]:
    entries = await PostgresTrailReader(pool).read(Sought(act=Act.APPROVAL))
    return [(one.deed.who, one.deed.what.step) for one in reversed(entries)]


async def test_asked_approved_and_used_once_each_in_the_trail(pool: AsyncConnectionPool) -> None:
    approval = await approved(pool)
    assert approval.stage(LATER) is Stage.APPROVED
    log = PostgresConsultations(pool)
    number = await log.begin(under(approval))
    used = await PostgresApprovals(pool).approval(approval.approval_id)
    assert (used.stage(LATER), used.used_for) == (Stage.USED, f"consultation {number}")
    with pytest.raises(RefusedApprovalError, match="was used"):
        await log.begin(under(approval))
    assert len(await log.newest()) == 1
    assert await steps(pool) == [
        ("ana", "asked: question"), ("sup", "approved: question"), ("ana", "used: question"),
    ]  # fmt: skip


async def test_used_by_two_at_once_it_serves_one(pool: AsyncConnectionPool) -> None:
    approval, log = await approved(pool), PostgresConsultations(pool)
    tries = [log.begin(under(approval)) for _ in range(4)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, int) for one in done) == 1
    assert sum(isinstance(one, RefusedApprovalError) for one in done) == 3
    assert len(await log.newest()) == 1


@pytest.mark.parametrize(
    ("by", "says"),
    [("ana", "yourself"), ("ian", "approve is for: supervisor"), ("closed", "approve is for")],
)
async def test_neither_the_requester_nor_who_may_not_nor_a_closed_account_decides(
    pool: AsyncConnectionPool, by: str, says: str
) -> None:
    four_eyes = four_eyes_of(pool)
    requester = "sup" if by == "ana" else "ana"
    asked = await four_eyes.approvals.ask(a_request(requester), NOW)
    verdict = Verdict("sup" if by == "ana" else by, True, WORDS)
    with pytest.raises(NotClearedError, match=says):
        await four_eyes.decide(asked.approval_id, verdict, NOW)
    assert (await four_eyes.approvals.approval(asked.approval_id)).stage(NOW) is Stage.OPEN


async def test_the_database_too_refuses_a_decision_by_who_asked(pool: AsyncConnectionPool) -> None:
    store = PostgresApprovals(pool)
    asked = await store.ask(a_request("sup"), NOW)
    with pytest.raises(RefusedApprovalError, match="what they asked for"):
        await store.decide(asked.approval_id, YES, NOW)


async def test_refused_open_late_and_other_requests_cannot_be_used(
    pool: AsyncConnectionPool,
) -> None:
    store, log = PostgresApprovals(pool, hours=2), PostgresConsultations(pool)
    asked = await store.ask(a_request(), NOW)
    with pytest.raises(RefusedApprovalError, match="nobody decided"):
        await log.begin(under(asked))
    with pytest.raises(RefusedApprovalError, match="no approval has that id"):
        await log.begin(replace(under(asked), approval_id=uuid4()))
    await store.decide(asked.approval_id, YES, LATER)
    other = a_request(words="what travelled with AB12CDE").digest
    with pytest.raises(RefusedApprovalError, match="another request"):
        await log.begin(replace(under(asked), approval_digest=other))
    with pytest.raises(RefusedApprovalError, match="another request"):
        await log.begin(replace(under(asked), approval_digest=a_request("ian").digest))
    with pytest.raises(RefusedApprovalError, match="time is over"):
        await log.begin(under(asked, LATER + timedelta(hours=2)))
    again = await store.ask(a_request(), LATER + timedelta(hours=2))
    assert again.approval_id != asked.approval_id
    await store.decide(again.approval_id, Verdict("sup", False, "too wide a place"), again.asked_at)
    with pytest.raises(RefusedApprovalError, match="too wide a place"):
        await log.begin(under(again, again.asked_at))
    assert await log.newest() == []
    assert [step for _, step in await steps(pool)] == [
        "asked: question", "approved: question", "asked: question", "refused: question",
    ]  # fmt: skip


async def test_the_same_request_is_asked_once_while_it_is_open_or_approved(
    pool: AsyncConnectionPool,
) -> None:
    store = PostgresApprovals(pool)
    first = await store.ask(a_request(), NOW)
    assert (await store.ask(a_request(), LATER)).approval_id == first.approval_id
    await store.decide(first.approval_id, YES, LATER)
    assert (await store.ask(a_request(), LATER)).approval_id == first.approval_id
    assert (await store.ask(a_request("ian"), LATER)).approval_id != first.approval_id
    assert len(await store.newest()) == 2
    assert [one.approval_id for one in await store.newest(requester="ana")] == [first.approval_id]
    with pytest.raises(RefusedApprovalError, match="approved already"):
        await store.decide(first.approval_id, YES, LATER)
    with pytest.raises(NoSuchApprovalError):
        await store.approval(uuid4())
    with pytest.raises(RefusedApprovalError, match="3 words"):
        Verdict("sup", True, "ok")


def test_only_trusted_roles_need_a_second_person() -> None:
    assert roles_request("adm", "ben", {Role.OPERATOR, Role.ANALYST}, "new here") is None
    one = roles_request("adm", "ben", {Role.DATA_PROTECTION_OFFICER}, "new here")
    other = roles_request("adm", "cem", {Role.DATA_PROTECTION_OFFICER}, "new here")
    assert one and other and one.digest != other.digest
    assert one.words == "ben gets: data_protection_officer"
    new = roles_request("adm", "ben", {Role.DATA_PROTECTION_OFFICER}, "new here", "Ben Berisha")
    assert new and new.digest != one.digest and "Ben Berisha" in new.words


async def test_nobody_approves_roles_of_their_own(pool: AsyncConnectionPool) -> None:
    four_eyes = four_eyes_of(pool)
    request = roles_request("adm", "sup", {Role.ADMINISTRATOR}, WORDS)
    assert request
    asked = await four_eyes.approvals.ask(request, NOW)
    with pytest.raises(NotClearedError, match="your own roles"):
        await four_eyes.decide(asked.approval_id, YES, NOW)
    assert (await four_eyes.approvals.approval(asked.approval_id)).stage(NOW) is Stage.OPEN


@pytest.mark.parametrize("table", ["approval", "approval_decision", "approval_use"])
async def test_the_database_refuses_to_change_what_was_decided(
    pool: AsyncConnectionPool, table: str
) -> None:
    await PostgresConsultations(pool).begin(under(await approved(pool)))
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET approval_id = approval_id"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
            async with pool.connection() as connection:
                await connection.execute(change)
