from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from invented import NOW
from morina.accountability import Action, User
from morina.accountability.adapters.passwords import Passwords
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_tokens import PostgresTokens
from morina.accountability.policy import Role
from morina.desk.permits import may, refused

UNTIL = NOW + timedelta(days=1)
ROLES = frozenset({Role.INVESTIGATOR})


@pytest.fixture
async def users(pool):
    users = PostgresUsers(pool, Passwords(PasswordHasher(1, 8, 1)))
    for name in ("ana", "ben"):
        await users.add(User(name=name, full_name=name, roles=ROLES), "invented password")
    return users


@pytest.fixture
def tokens(pool):
    return PostgresTokens(pool)


async def test_a_token_may_do_what_it_was_issued_for_and_its_owner_may(users):
    scopes = frozenset({Action.SEE_CAMERAS, Action.CHANGE_PEOPLE})
    token = await users.issue_token("ana", "cameras", UNTIL, scopes)
    user = await users.user_of_token(token, NOW)
    assert user.scopes == scopes
    assert may(user, Action.SEE_CAMERAS)
    assert not may(user, Action.CHANGE_PEOPLE)
    assert refused(user, (Action.SEARCH,)).said == "this token was not issued for: search"
    assert may(user, Action.SEARCH, Action.SEE_CAMERAS)
    assert (await users.user("ana")).scopes is None


async def test_a_token_without_scopes_may_nothing_and_one_of_all_may_what_its_owner_may(users):
    nothing = await users.user_of_token(
        await users.issue_token("ana", "nothing", UNTIL, frozenset()), NOW
    )
    everything = await users.user_of_token(await users.issue_token("ana", "all", UNTIL), NOW)
    for action in Action:
        assert not may(nothing, action)
        assert may(everything, action) == may(await users.user("ana"), action)


async def test_its_owner_sees_when_a_token_was_used_and_ends_it(users, tokens, pool):
    token = await users.issue_token("ana", "gateway", UNTIL, frozenset({Action.SEND_CAPTURES}))
    [shown] = await tokens.of("ana", NOW)
    assert (shown.label, shown.valid_until, shown.used_at) == ("gateway", UNTIL, None)
    assert token not in str(shown)
    await users.user_of_token(token, NOW)
    await users.user_of_token(token, NOW + timedelta(seconds=30))
    [used] = await tokens.of("ana", NOW)
    assert used.used_at == NOW
    assert not await tokens.revoke("ben", shown.key)
    assert await tokens.revoke("ana", shown.key)
    assert await users.user_of_token(token, NOW) is None
    async with pool.connection() as connection:
        row = await connection.execute("SELECT what FROM trail ORDER BY number DESC LIMIT 1")
        [what] = await row.fetchone()
    assert (what["kind"], what["step"]) == ("token", "revoked: gateway")


async def test_a_token_that_has_ended_is_not_shown(users, tokens):
    await users.issue_token("ana", "old", NOW)
    assert await tokens.of("ana", NOW) == []


async def test_closing_an_account_ends_its_tokens(users, tokens):
    token = await users.issue_token("ana", "gateway", UNTIL)
    await users.close("ana")
    assert await users.user_of_token(token, NOW) is None
    assert await tokens.of("ana", NOW) == []
