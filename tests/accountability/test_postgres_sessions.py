from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from invented import NOW
from morina.accountability import User
from morina.accountability.adapters.passwords import Passwords
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_sessions import PostgresSessions, end_sessions
from morina.accountability.own_sessions import Arrival, SessionRules, Stage, Way, Whence

ANA, BEN = Arrival("ana", Way.PASSWORD), Arrival("ben", Way.PASSKEY)
DESK = Whence("192.0.2.7", "Invented Browser")
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def sessions(pool):
    users = PostgresUsers(pool, Passwords(PasswordHasher(1, 8, 1)))
    for name in ("ana", "ben"):
        await users.add(User(name=name, full_name=name.title()), "invented password")
    return PostgresSessions(pool)


async def acts(pool) -> list[tuple[str, str, str]]:
    async with pool.connection() as connection:
        rows = await connection.execute(
            "SELECT act, who, what ->> 'step' FROM trail WHERE act LIKE 'sign%%' ORDER BY number"
        )
        return await rows.fetchall()


async def test_a_session_says_who_since_when_and_from_where(sessions):
    session_id = await sessions.begin(ANA, DESK, NOW)
    [session] = await sessions.of_user("ana", NOW)
    assert session == await sessions.of(session_id, NOW, used=False)
    assert (session.name, session.begun_at, session.address) == ("ana", NOW, "192.0.2.7")
    assert (session.browser, session.way, session.stage) == (
        "Invented Browser", Way.PASSWORD, Stage.FULL,
    )  # fmt: skip


async def test_the_database_holds_no_id_that_opens_a_session(sessions, pool):
    session_id = await sessions.begin(ANA, DESK, NOW)
    async with pool.connection() as connection:
        rows = await (await connection.execute("SELECT * FROM session")).fetchall()
    assert session_id not in str(rows)
    [session] = await sessions.of_user("ana", NOW)
    for wrong in (session.key, "", session_id[:-1], "\ud800", "\x00"):
        assert await sessions.of(wrong, NOW, used=True) is None


async def test_every_sign_in_is_a_new_id(sessions):
    ids = {await sessions.begin(ANA, DESK, NOW) for _ in range(5)}
    assert len(ids) == 5


async def test_a_session_nobody_uses_ends_after_half_an_hour(sessions):
    session_id = await sessions.begin(ANA, DESK, NOW)
    assert await sessions.of(session_id, NOW + 29 * MINUTE, used=False)
    assert await sessions.of(session_id, NOW + 30 * MINUTE, used=True) is None
    assert await sessions.of_user("ana", NOW + 30 * MINUTE) == []


async def test_use_begins_the_idle_time_anew_and_looking_does_not(sessions):
    session_id = await sessions.begin(ANA, DESK, NOW)
    assert await sessions.of(session_id, NOW + 20 * MINUTE, used=True)
    assert await sessions.of(session_id, NOW + 45 * MINUTE, used=False)
    assert await sessions.of(session_id, NOW + 51 * MINUTE, used=False) is None


@pytest.mark.parametrize("idle", [None, timedelta(minutes=30)])
async def test_a_session_ends_after_a_shift_however_busy(sessions, idle):
    sessions.rules = SessionRules(idle)
    session_id = await sessions.begin(ANA, DESK, NOW)
    for minutes in range(0, 12 * 60, 20):
        assert await sessions.of(session_id, NOW + minutes * MINUTE, used=True)
    assert await sessions.of(session_id, NOW + timedelta(hours=12), used=True) is None


async def test_half_a_sign_in_lasts_five_minutes_and_is_none_in_the_trail(sessions, pool):
    half = Arrival("ana", Way.PASSWORD, Stage.SECOND)
    session_id = await sessions.begin(half, DESK, NOW)
    assert (await sessions.of(session_id, NOW + 4 * MINUTE, used=True)).stage is Stage.SECOND
    assert await sessions.of(session_id, NOW + 5 * MINUTE, used=True) is None
    await sessions.end(session_id)
    assert await acts(pool) == []


async def test_signing_out_ends_one_session_and_is_in_the_trail(sessions, pool):
    first, second = [await sessions.begin(ANA, DESK, NOW) for _ in range(2)]
    await sessions.end(first)
    await sessions.end(first)
    assert await sessions.of(first, NOW, used=False) is None
    assert await sessions.of(second, NOW, used=False)
    assert await acts(pool) == [
        ("sign_in", "ana", "password"), ("sign_in", "ana", "password"), ("sign_out", "ana", ""),
    ]  # fmt: skip


async def test_signing_out_everywhere_leaves_other_people_signed_in(sessions, pool):
    mine = [await sessions.begin(ANA, DESK, NOW) for _ in range(3)]
    others = await sessions.begin(BEN, DESK, NOW)
    assert await sessions.end_all("ana") == 3
    assert [await sessions.of(one, NOW, used=False) for one in mine] == [None] * 3
    assert await sessions.of(others, NOW, used=False)
    assert (await acts(pool))[-1][2] == "sessions ended by force: 3"


async def test_one_session_is_ended_by_its_owner_only(sessions):
    mine = await sessions.begin(ANA, DESK, NOW)
    [session] = await sessions.of_user("ana", NOW)
    assert not await sessions.end_one("ben", session.key)
    assert await sessions.of(mine, NOW, used=False)
    assert await sessions.end_one("ana", session.key)
    assert await sessions.of(mine, NOW, used=False) is None


async def test_what_ends_sessions_and_fails_has_ended_none(sessions, pool):
    mine = await sessions.begin(ANA, DESK, NOW)
    with pytest.raises(RuntimeError):
        async with pool.connection() as connection:
            await end_sessions(connection, "ana")
            raise RuntimeError("the change was refused")
    assert await sessions.of(mine, NOW, used=False)


def test_what_a_browser_calls_itself_is_plain_and_short():
    whence = Whence("192.0.2.7", "a\x1b[31mb\n" + "x" * 1000)
    assert whence.browser.startswith("a[31mbx")
    assert len(whence.browser) == 200
