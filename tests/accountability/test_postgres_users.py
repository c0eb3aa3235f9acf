import asyncio
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from psycopg_pool import AsyncConnectionPool

from invented import NOW
from morina.accountability import (
    LastAdministratorError,
    NoSuchAccountError,
    RefusedRolesError,
    Role,
    SignInRefusedError,
    User,
)
from morina.accountability.adapters.passwords import Passwords
from morina.accountability.adapters.postgres import FIRST_USER, PostgresUsers
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.policy import checked
from morina.accountability.trail import Act, Deed, Sought, What
from morina.migrations import upgrade

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


def someone(name: str, *roles: Role) -> User:
    return User(name=name, full_name=name.title(), roles=frozenset(roles))


async def test_a_person_has_the_roles_given_at_last(with_officer, pool):
    held = frozenset({Role.OPERATOR, Role.LIST_OWNER})
    assert (await with_officer.give_roles(OFFICER.name, held)).roles == held
    assert (await with_officer.sign_in(OFFICER.name, PASSWORD, NOW)).roles == held
    assert (await with_officer.give_roles(OFFICER.name, ())).roles == frozenset()
    entered = await PostgresTrailReader(pool).read(Sought(object_id=OFFICER.name))
    steps = [entry.deed.what.step for entry in entered if entry.deed.act is Act.CONFIGURATION]
    assert steps == ["roles: no role", "roles: list_owner, operator", "added: no role"]
    with pytest.raises(NoSuchAccountError):
        await with_officer.give_roles("nobody", held)


async def test_roles_that_one_person_may_not_hold_together_are_refused(with_officer):
    apart = {Role.ADMINISTRATOR, Role.OPERATOR}
    with pytest.raises(RefusedRolesError):
        await with_officer.give_roles(OFFICER.name, apart)
    with pytest.raises(RefusedRolesError):
        await with_officer.add(someone("both", *apart), PASSWORD)
    assert [account.user for account in await with_officer.all()] == [OFFICER]


async def test_an_administrator_is_always_left(users):
    await users.add(someone("first", Role.ADMINISTRATOR), PASSWORD)
    for ending in (users.close("first"), users.give_roles("first", {Role.OPERATOR})):
        with pytest.raises(LastAdministratorError, match="first is the only administrator"):
            await ending
    await users.add(someone("second", Role.ADMINISTRATOR), PASSWORD)
    ended = await asyncio.gather(
        users.close("first"), users.close("second"), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in ended) == ["LastAdministratorError", "NoneType"]


async def test_a_closed_account_is_nobody_and_its_name_stays_taken(with_officer, pool):
    token = await with_officer.issue_token(OFFICER.name, "a program", NOW + timedelta(days=1))
    signed_in = Deed(act=Act.SIGN_IN, what=What("account", (OFFICER.name,)), who=OFFICER.name)
    await PostgresTrailReader(pool).enter(signed_in)
    await with_officer.close(OFFICER.name)
    assert await with_officer.user(OFFICER.name) is None
    assert await with_officer.user_of_token(token, NOW) is None
    assert "fit" in await refused(with_officer, OFFICER.name, PASSWORD)
    with pytest.raises(ValueError, match="already"):
        await with_officer.add(OFFICER, PASSWORD)
    for again in (with_officer.close(OFFICER.name), with_officer.give_roles(OFFICER.name, ())):
        with pytest.raises(NoSuchAccountError):
            await again
    [account] = await with_officer.all()
    assert account.closed_at
    assert account.signed_in_at == signed_in.at


async def test_accounts_from_before_there_were_roles_keep_working(dsn):
    upgrade(dsn, "0009")
    async with AsyncConnectionPool(dsn, min_size=1, max_size=2, open=False) as pool:
        async with pool.connection() as connection:
            for name in ("administrator", "ana"):
                await connection.execute(
                    "INSERT INTO account VALUES (%s, 'Someone', 'en', 'UTC', 'hash')", (name,)
                )
        upgrade(dsn)
        ana, first = sorted(
            (one.user for one in await PostgresUsers(pool).all()), key=lambda one: len(one.name)
        )
    assert first.roles == {Role.ADMINISTRATOR}
    compatible = {Role.OPERATOR, Role.INVESTIGATOR, Role.LIST_OWNER, Role.CAMERA_TECHNICIAN}
    assert ana.roles == compatible == checked(ana.roles)


async def test_a_liaison_officer_of_a_partner_bears_its_name(users):
    lena = User(
        name="lena@GB", full_name="Lena", authority="GB", roles=frozenset({Role.LIAISON_OFFICER})
    )
    await users.add(lena, PASSWORD)
    assert (await users.user("lena@GB")) == lena
    with pytest.raises(RefusedRolesError, match="own people"):
        await users.give_roles("lena@GB", [Role.SUPERVISOR])
    assert [one.user.authority for one in await users.all()] == ["GB"]


@pytest.mark.parametrize(
    ("name", "authority", "said"),
    [
        ("lena", "GB", "name it lena@GB"),
        ("lena@XK", "GB", "name it lena@GB"),
        ("lena@GB", "", "officer of GB"),
        ("lena@gb", "gb", "names no node"),
    ],
)
async def test_the_name_and_the_authority_agree(users, name, authority, said):
    with pytest.raises(ValueError, match=said):
        await users.add(User(name=name, full_name="Lena", authority=authority), PASSWORD)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SUPERVISOR])
async def test_a_partners_officer_oversees_nothing_here(users, role):
    lena = User(name="lena@GB", full_name="Lena", authority="GB", roles=frozenset({role}))
    with pytest.raises(RefusedRolesError, match="own people"):
        await users.add(lena, PASSWORD)
