"""Roles two persons give together, on real PostgreSQL: used with the act, or nothing is done."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from psycopg_pool import AsyncConnectionPool

from guards import four_eyes_of
from morina.accountability import LastAdministratorError, NoSuchAccountError, Role, User
from morina.accountability.adapters.passwords import Passwords
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_approvals import PostgresApprovals
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.approvals import (
    ApprovalNeededError,
    Giving,
    RefusedApprovalError,
    Stage,
    Verdict,
    roles_request,
)
from morina.accountability.trail import Act, Sought

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
PASSWORD = "invented password"
WHY = "she takes over the office"
GIVING = Giving(by="adm", reason=WHY, at=NOW)
OVERSEER = frozenset({Role.DATA_PROTECTION_OFFICER})
BEN = User(name="ben", full_name="Ben Berisha", roles=frozenset({Role.OPERATOR}))


@pytest.fixture
async def users(pool: AsyncConnectionPool) -> PostgresUsers:
    users = PostgresUsers(pool, Passwords(PasswordHasher(1, 8, 1)))
    administrator = frozenset({Role.ADMINISTRATOR})
    await users.add(User(name="adm", full_name="Adm", roles=administrator), PASSWORD)
    await users.add(BEN, PASSWORD)
    return users


async def approved(
    pool: AsyncConnectionPool, name: str = "ben", full_name: str = "", approves: bool = True
) -> UUID:
    four_eyes = four_eyes_of(pool)
    request = roles_request("adm", name, OVERSEER, WHY, full_name)
    assert request
    asked = await four_eyes.approvals.ask(request, NOW)
    await four_eyes.decide(asked.approval_id, Verdict("sup", approves, "the post is hers"), NOW)
    return asked.approval_id


def under(approval_id: UUID) -> Giving:
    return replace(GIVING, approval_id=approval_id)


async def stage(pool: AsyncConnectionPool, approval_id: UUID) -> Stage:
    return (await PostgresApprovals(pool).approval(approval_id)).stage(NOW)


async def steps(pool: AsyncConnectionPool, name: str) -> list[str]:
    entries = await PostgresTrailReader(pool).read(Sought(object_id=name, act=Act.CONFIGURATION))
    return [entry.deed.what.step for entry in reversed(entries)]


async def test_given_under_an_approval_once(
    users: PostgresUsers, pool: AsyncConnectionPool
) -> None:
    one = await approved(pool)
    assert (await users.give_roles("ben", OVERSEER, under(one))).roles == OVERSEER
    used = await PostgresApprovals(pool).approval(one)
    assert (used.stage(NOW), used.used_for) == (Stage.USED, "roles of ben")
    await users.give_roles("ben", BEN.roles, GIVING)
    with pytest.raises(RefusedApprovalError, match="was used"):
        await users.give_roles("ben", OVERSEER, under(one))
    assert await users.user("ben") == BEN
    assert await steps(pool, "ben") == [
        "added: operator", "roles: data_protection_officer", "roles: operator",
    ]  # fmt: skip


async def test_used_by_two_at_once_it_serves_one(
    users: PostgresUsers, pool: AsyncConnectionPool
) -> None:
    one = await approved(pool)
    tries = [users.give_roles("ben", OVERSEER, under(one)) for _ in range(3)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, RefusedApprovalError) for each in done) == 2
    assert len(await steps(pool, "ben")) == 2


async def test_without_an_approval_nothing_is_given_and_what_is_needed_is_told(
    users: PostgresUsers, pool: AsyncConnectionPool
) -> None:
    new = User(name="dora", full_name="Dora", roles=OVERSEER)
    with pytest.raises(ApprovalNeededError) as given:
        await users.give_roles("ben", OVERSEER, GIVING)
    assert given.value.request.words == "ben gets: data_protection_officer"
    with pytest.raises(ApprovalNeededError) as needed:
        await users.add(new, PASSWORD, GIVING)
    assert needed.value.request.content["full_name"] == "Dora"
    with pytest.raises(RefusedApprovalError, match="3 words"):
        await users.give_roles("ben", OVERSEER, replace(GIVING, reason="new here"))
    assert await users.user("ben") == BEN and await users.user("dora") is None
    assert await steps(pool, "ben") == ["added: operator"]


async def test_an_approval_for_anything_else_changes_nothing_and_stays_unused(
    users: PostgresUsers, pool: AsyncConnectionPool
) -> None:
    for_ben, for_dora = await approved(pool), await approved(pool, "dora", "Dora")
    with pytest.raises(RefusedApprovalError, match="another request"):
        await users.give_roles("ben", {Role.ADMINISTRATOR}, under(for_ben))
    with pytest.raises(RefusedApprovalError, match="another request"):
        await users.give_roles("ben", OVERSEER, under(for_dora))
    with pytest.raises(RefusedApprovalError, match="another request"):
        await users.give_roles("ben", OVERSEER, replace(under(for_ben), by="another"))
    with pytest.raises(RefusedApprovalError, match="another request"):
        await users.give_roles("ben", {Role.ANALYST}, under(for_ben))
    for full_name in ("Somebody Else", "Dora D"):
        other = User(name="dora", full_name=full_name, roles=OVERSEER)
        with pytest.raises(RefusedApprovalError, match="another request"):
            await users.add(other, PASSWORD, under(for_dora))
    assert await users.user("ben") == BEN and await users.user("dora") is None
    assert await steps(pool, "ben") == ["added: operator"]
    assert {await stage(pool, one) for one in (for_ben, for_dora)} == {Stage.APPROVED}


async def test_a_refused_or_late_approval_gives_nothing(
    users: PostgresUsers, pool: AsyncConnectionPool
) -> None:
    refused = await approved(pool, approves=False)
    with pytest.raises(RefusedApprovalError, match="the post is hers"):
        await users.give_roles("ben", OVERSEER, under(refused))
    late = replace(under(await approved(pool)), at=NOW + timedelta(hours=25))
    with pytest.raises(RefusedApprovalError, match="time is over"):
        await users.give_roles("ben", OVERSEER, late)
    assert await users.user("ben") == BEN


async def test_what_cannot_be_done_uses_no_approval_up(
    users: PostgresUsers, pool: AsyncConnectionPool
) -> None:
    gone, last = await approved(pool, "nobody"), await approved(pool, "adm")
    with pytest.raises(NoSuchAccountError):
        await users.give_roles("nobody", OVERSEER, under(gone))
    with pytest.raises(LastAdministratorError):
        await users.give_roles("adm", OVERSEER, under(last))
    taken = await approved(pool, "ben", "Ben Berisha")
    with pytest.raises(ValueError, match="already"):
        await users.add(replace(BEN, roles=OVERSEER), PASSWORD, under(taken))
    assert {await stage(pool, one) for one in (gone, last, taken)} == {Stage.APPROVED}


async def test_a_new_account_is_added_under_its_approval_and_the_console_needs_none(
    users: PostgresUsers, pool: AsyncConnectionPool
) -> None:
    new = User(name="dora", full_name="Dora", roles=OVERSEER)
    one = await approved(pool, "dora", "Dora")
    await users.add(new, PASSWORD, under(one))
    assert await users.user("dora") == new
    assert await stage(pool, one) is Stage.USED
    assert (await users.give_roles("ben", OVERSEER)).roles == OVERSEER
