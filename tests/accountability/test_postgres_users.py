import asyncio
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from invented import NOW
from morina.accountability import SignInRefusedError, User
from morina.accountability.adapters.passwords import Passwords
from morina.accountability.adapters.postgres import FIRST_USER, PostgresUsers

OFFICER = User(name="an.officer", full_name="An Officer", language="sq", time_zone="Europe/London")
PASSWORD = "invented password"


@pytest.fixture
async def users(pool):
    return PostgresUsers(pool, Passwords(PasswordHasher(1, 8, 1)))


@pytest.fixture
async def with_officer(users):
    await users.add(OFFICER, PASSWORD)
    return users


async def refused(users: PostgresUsers, name: str, password: str, now=NOW) -> str:
    with pytest.raises(SignInRefusedError) as refusal:
        await users.sign_in(name, password, now)
    return str(refusal.value)


async def test_a_user_signs_in_and_is_who_was_added(with_officer):
    assert await with_officer.sign_in(OFFICER.name, PASSWORD, NOW) == OFFICER
    assert await with_officer.user(OFFICER.name) == OFFICER
    assert await with_officer.user("nobody") is None


async def test_a_wrong_password_and_an_unknown_name_read_the_same(with_officer):
    wrong = await refused(with_officer, OFFICER.name, "another password")
    for name in ("nobody", "", "x" * 1000, "\x00", "\ud800"):
        assert await refused(with_officer, name, PASSWORD) == wrong
    for password in ("", "x" * 10_000, "\x00", "\ud800"):
        assert await refused(with_officer, "another", password) == wrong


async def test_after_five_failed_tries_the_right_password_must_wait(with_officer):
    for _ in range(5):
        assert "fit" in await refused(with_officer, OFFICER.name, "another password")
    assert "too many tries" in await refused(with_officer, OFFICER.name, PASSWORD)
    later = NOW + timedelta(seconds=14)
    assert "too many tries" in await refused(with_officer, OFFICER.name, PASSWORD, later)
    later = NOW + timedelta(seconds=15)
    assert await with_officer.sign_in(OFFICER.name, PASSWORD, later) == OFFICER


async def test_the_wait_doubles_up_to_a_quarter_of_an_hour(users):
    now = NOW
    for _ in range(4):
        await refused(users, "nobody", PASSWORD, now)
    for wait in (15, 30, 60, 120, 240, 480, 900, 900, 900):
        assert "fit" in await refused(users, "nobody", PASSWORD, now)
        almost = now + timedelta(seconds=wait - 1)
        assert "many" in await refused(users, "nobody", PASSWORD, almost)
        now += timedelta(seconds=wait)


async def test_many_tries_at_once_gain_nothing(with_officer):
    answers = await asyncio.gather(
        *(with_officer.sign_in(OFFICER.name, f"guess {guess}", NOW) for guess in range(20)),
        return_exceptions=True,
    )
    assert sum("fit" in str(answer) for answer in answers) == 5


async def test_signing_in_forgets_the_failed_tries(with_officer):
    for _ in range(3):
        for _ in range(4):
            await refused(with_officer, OFFICER.name, "another password")
        assert await with_officer.sign_in(OFFICER.name, PASSWORD, NOW)


@pytest.mark.usefixtures("with_officer")
async def test_the_password_is_kept_as_argon2id_only(pool):
    async with pool.connection() as connection:
        [(kept,)] = await (await connection.execute("SELECT password_hash FROM account")).fetchall()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "morina"}, "cannot be a user name"),
        ({"name": " x"}, "cannot be a user name"),
        ({"name": "x" * 65}, "cannot be a user name"),
        ({"full_name": "\x00"}, "full name"),
        ({"language": "de"}, "en, sq"),
        ({"time_zone": "Mars/North"}, "Europe/Tirane"),
        ({"time_zone": "../../etc/passwd"}, "Europe/Tirane"),
        ({"name": "an.officer"}, "already"),
    ],
)
async def test_an_account_that_cannot_be_is_refused(with_officer, change, message):
    fields = {"name": "new", "full_name": "New", "language": "en", "time_zone": "UTC"} | change
    with pytest.raises(ValueError, match=message):
        await with_officer.add(User(**fields), PASSWORD)


@pytest.mark.parametrize("password", ["short", "x" * 1025])
async def test_a_password_has_a_length(users, password):
    with pytest.raises(ValueError, match="12 to 1024"):
        await users.add(OFFICER, password)
    assert await users.user(OFFICER.name) is None


async def test_a_password_is_changed_by_who_knows_it(with_officer):
    with pytest.raises(SignInRefusedError):
        await with_officer.change_password(OFFICER.name, "another password", "new password 1", NOW)
    await with_officer.change_password(OFFICER.name, PASSWORD, "new password 1", NOW)
    await refused(with_officer, OFFICER.name, PASSWORD)
    assert await with_officer.sign_in(OFFICER.name, "new password 1", NOW) == OFFICER


async def test_language_and_zone_are_kept(with_officer):
    changed = await with_officer.prefer(OFFICER.name, "en", "Europe/Tirane")
    assert (changed.language, changed.time_zone) == ("en", "Europe/Tirane")
    assert await with_officer.user(OFFICER.name) == changed
    with pytest.raises(LookupError, match="no user 'nobody'"):
        await with_officer.prefer("nobody", "en", "UTC")


async def test_the_first_run_makes_one_administrator_and_tells_the_password_once(users):
    passwords = await asyncio.gather(*(users.first_run() for _ in range(4)))
    [password] = [one for one in passwords if one is not None]
    assert (await users.sign_in(FIRST_USER, password, NOW)).name == FIRST_USER
    assert await users.first_run() is None


async def test_there_is_no_first_run_where_somebody_has_an_account(with_officer):
    assert await with_officer.first_run() is None


async def test_a_token_names_its_user_until_it_ends_and_only_its_hash_is_kept(with_officer, pool):
    until = NOW + timedelta(hours=1)
    token = await with_officer.issue_token(OFFICER.name, "camera gateway", until)
    assert await with_officer.user_of_token(token, NOW) == OFFICER
    assert await with_officer.user_of_token(token, until) is None
    for wrong in ("", token[:-1], "\ud800", "\x00"):
        assert await with_officer.user_of_token(wrong, NOW) is None
    async with pool.connection() as connection:
        rows = await (await connection.execute("SELECT * FROM api_token")).fetchall()
    assert token not in str(rows)


async def test_a_token_needs_a_user_and_a_label(with_officer):
    with pytest.raises(LookupError, match="nobody"):
        await with_officer.issue_token("nobody", "label", NOW)
    with pytest.raises(ValueError, match="what the token is for"):
        await with_officer.issue_token(OFFICER.name, "", NOW)
