import asyncio
import secrets
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher

from invented import NOW
from morina.accountability import SignInRefusedError, User
from morina.accountability.adapters.passwords import Passwords
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_factors import PostgresFactors
from morina.accountability.adapters.postgres_sessions import PostgresSessions
from morina.accountability.factors import OwnFactors, Passkey, SecondFactor, new_secret, step_of
from morina.accountability.own_sessions import NOWHERE, Stage, Way, Whence
from morina.accountability.sealing import SealError, Sealing
from morina.accountability.signing_in import SigningIn

PASSWORD = "invented password"
SECRET = new_secret()
KEY = Passkey(
    credential_id=b"invented id", name="ana", label="Key", host="localhost", public_key=b"key",
    sign_count=0, added_at=NOW,
)  # fmt: skip


def code(after_s: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=after_s))


def wrong() -> str:
    near = {code(s) for s in (-30, 0, 30)}
    return next(text for n in range(10) if (text := f"{n:06d}") not in near)


@pytest.fixture
async def users(pool):
    users = PostgresUsers(pool, Passwords(PasswordHasher(1, 8, 1)))
    for name in ("ana", "ben"):
        await users.add(User(name=name, full_name=name.title()), PASSWORD)
    return users


@pytest.fixture
async def factors(pool, users):  # noqa: ARG001 - whose accounts they are of
    return PostgresFactors(pool, Sealing.of(secrets.token_urlsafe(32)))


@pytest.fixture
def doors(pool, users, factors):
    return SigningIn(users, PostgresSessions(pool), factors)


async def stage_of(doors: SigningIn, session_id: str) -> Stage:
    return (await doors.sessions.of(session_id, NOW, used=False)).stage


@pytest.mark.parametrize("after_s", [-30, 0, 30])
async def test_a_code_counts_one_step_early_and_late_and_no_further(after_s):
    assert step_of(SECRET, code(after_s), NOW, 0) is not None
    assert step_of(SECRET, code(3 * (after_s or 30)), NOW, 0) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\ud800" * 6])
def test_what_is_no_code_fits_nothing(typed):
    assert step_of(SECRET, typed, NOW, 0) is None


async def test_the_secret_of_codes_is_sealed_for_its_owner(factors, pool):
    await factors.add_totp("ana", SECRET, code(), NOW)
    async with pool.connection() as connection:
        [[sealed]] = await (await connection.execute("SELECT sealed FROM totp")).fetchall()
        assert SECRET.encode() not in sealed
        await connection.execute("UPDATE totp SET name = 'ben'")
    with pytest.raises(SealError, match="totp:ben"):
        await factors.take_code("ben", code(30), NOWHERE, NOW)


async def test_codes_begin_only_once_one_fits(factors):
    with pytest.raises(SignInRefusedError):
        await factors.add_totp("ana", SECRET, wrong(), NOW)
    assert await factors.of("ana") == OwnFactors()


async def test_a_code_is_taken_once(factors):
    await factors.add_totp("ana", SECRET, code(), NOW)
    with pytest.raises(SignInRefusedError):
        await factors.take_code("ana", code(), NOWHERE, NOW)
    answers = await asyncio.gather(
        *(factors.take_code("ana", code(30), NOWHERE, NOW) for _ in range(4)),
        return_exceptions=True,
    )
    assert answers.count(Way.CODE) == 1


async def test_a_recovery_code_is_taken_once_and_kept_as_a_hash(factors, pool):
    codes = await factors.add_totp("ana", SECRET, code(), NOW)
    assert len(set(codes)) == 10
    assert await factors.take_code("ana", codes[0].upper().replace("-", " "), NOWHERE, NOW) is (
        Way.RECOVERY
    )
    with pytest.raises(SignInRefusedError):
        await factors.take_code("ana", codes[0], NOWHERE, NOW)
    assert (await factors.of("ana")).recovery_left == 9
    async with pool.connection() as connection:
        rows = await (await connection.execute("SELECT * FROM recovery_code")).fetchall()
    assert codes[1].replace("-", "") not in str(rows)


async def test_anothers_recovery_code_opens_nothing(factors):
    codes = await factors.add_totp("ana", SECRET, code(), NOW)
    with pytest.raises(SignInRefusedError):
        await factors.take_code("ben", codes[0], NOWHERE, NOW)


async def test_new_recovery_codes_end_the_old_ones(factors):
    old = await factors.add_totp("ana", SECRET, code(), NOW)
    new = await factors.renew_recovery("ana")
    with pytest.raises(SignInRefusedError):
        await factors.take_code("ana", old[0], NOWHERE, NOW)
    assert await factors.take_code("ana", new[0], NOWHERE, NOW) is Way.RECOVERY


async def test_codes_cannot_be_guessed_by_trying(factors):
    await factors.add_totp("ana", SECRET, code(), NOW)
    for _ in range(5):
        with pytest.raises(SignInRefusedError, match="does not fit"):
            await factors.take_code("ana", wrong(), NOWHERE, NOW)
    with pytest.raises(SignInRefusedError, match="too many tries"):
        await factors.take_code("ana", code(30), NOWHERE, NOW)
    elsewhere = Whence("192.0.2.9")
    assert await factors.take_code("ana", code(30), elsewhere, NOW) is Way.CODE


async def test_the_trail_tells_of_every_factor_added_and_removed(factors, pool):
    await factors.add_totp("ana", SECRET, code(), NOW)
    await factors.add_passkey(KEY)
    await factors.remove_totp("ana")
    await factors.remove_passkey("ana", KEY.credential_id)
    async with pool.connection() as connection:
        rows = await connection.execute(
            "SELECT what ->> 'step' FROM trail WHERE act = 'configuration' AND number > 2"
            " ORDER BY number"
        )
        steps = [row[0] for row in await rows.fetchall()]
    assert steps == [
        "one-time codes added", "recovery codes made", "passkey added: Key",
        "one-time codes removed", "passkey removed",
    ]  # fmt: skip
    assert await factors.of("ana") == OwnFactors()


async def test_a_passkey_belongs_to_one_account(factors):
    await factors.add_passkey(KEY)
    with pytest.raises(ValueError, match="known already"):
        await factors.add_passkey(replace(KEY, name="ben"))
    assert not await factors.remove_passkey("ben", KEY.credential_id)
    assert (await factors.passkey(KEY.credential_id)).name == "ana"
    assert await factors.passkey(b"other") is None


@pytest.mark.parametrize(("kept", "told"), [(5, 5), (5, 4), (5, 0)])
async def test_a_sign_count_that_does_not_grow_is_refused(factors, kept, told):
    await factors.add_passkey(replace(KEY, sign_count=kept))
    with pytest.raises(SignInRefusedError):
        await factors.used_passkey(replace(KEY, sign_count=told), b"challenge", NOW)
    assert (await factors.passkey(KEY.credential_id)).sign_count == kept


async def test_one_challenge_is_answered_once_also_without_counts(factors):
    await factors.add_passkey(KEY)
    await factors.used_passkey(KEY, b"challenge", NOW)
    with pytest.raises(SignInRefusedError, match="given already"):
        await factors.used_passkey(KEY, b"challenge", NOW)
    await factors.used_passkey(KEY, b"another", NOW)


async def test_a_password_alone_is_half_a_sign_in_once_there_is_a_factor(doors, factors):
    assert await stage_of(doors, await doors.by_password("ana", PASSWORD, NOWHERE, NOW)) is (
        Stage.FULL
    )
    await factors.add_totp("ana", SECRET, code(), NOW)
    half = await doors.by_password("ana", PASSWORD, NOWHERE, NOW)
    assert await stage_of(doors, half) is Stage.SECOND
    whole = await doors.by_code(half, code(30), NOWHERE, NOW)
    assert await stage_of(doors, whole) is Stage.FULL
    assert await doors.sessions.of(half, NOW, used=False) is None
    assert whole != half


async def test_a_code_without_a_password_before_it_opens_nothing(doors, factors):
    await factors.add_totp("ana", SECRET, code(), NOW)
    for session_id in ("", "invented"):
        with pytest.raises(SignInRefusedError, match="begin again"):
            await doors.by_code(session_id, code(30), NOWHERE, NOW)
    half = await doors.by_password("ana", PASSWORD, NOWHERE, NOW)
    later = NOW + timedelta(minutes=5)
    with pytest.raises(SignInRefusedError, match="begin again"):
        await doors.by_code(half, pyotp.TOTP(SECRET).at(later), NOWHERE, later)


@pytest.mark.parametrize("second", [SecondFactor.REQUIRED, SecondFactor.PASSKEY])
async def test_where_a_factor_is_required_an_account_without_one_may_only_add_it(doors, second):
    strict = replace(doors, second=second)
    session_id = await strict.by_password("ana", PASSWORD, NOWHERE, NOW)
    assert await stage_of(strict, session_id) is Stage.ENROL


async def test_where_only_passkeys_count_a_code_leads_no_further_than_adding_one(doors, factors):
    strict = replace(doors, second=SecondFactor.PASSKEY)
    await factors.add_totp("ana", SECRET, code(), NOW)
    half = await strict.by_password("ana", PASSWORD, NOWHERE, NOW)
    assert await stage_of(strict, await strict.by_code(half, code(30), NOWHERE, NOW)) is Stage.ENROL


async def test_lost_factors_are_taken_away_with_every_session(doors, factors):
    session_id = await doors.by_password("ana", PASSWORD, NOWHERE, NOW)
    await factors.add_totp("ana", SECRET, code(), NOW)
    await factors.add_passkey(KEY)
    await factors.reset("ana")
    assert await factors.of("ana") == OwnFactors()
    assert await doors.sessions.of(session_id, NOW, used=False) is None
