"""Trying passwords is slow, and nobody can make another wait by trying."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from invented import NOW
from morina.accountability import SignInRefusedError, User
from morina.accountability.adapters.passwords import Passwords
from morina.accountability.adapters.postgres import PostgresUsers
from morina.accountability.adapters.postgres_waits import count_try, remember, succeeded
from morina.accountability.own_sessions import Whence
from morina.accountability.waits import network

PASSWORD = "invented password"
STRANGER, OWNER = Whence("203.0.113.66"), Whence("192.0.2.7")


@pytest.fixture
async def users(pool):
    users = PostgresUsers(pool, Passwords(PasswordHasher(1, 8, 1)))
    for name in ("ana", "ben"):
        await users.add(User(name=name, full_name=name.title()), PASSWORD)
    return users


async def refused(users, name, whence, now=NOW) -> str:
    with pytest.raises(SignInRefusedError) as refusal:
        await users.sign_in(name, "a wrong password", now, whence)
    return str(refusal.value)


async def tried(pool, name: str, whence: Whence, now=NOW) -> bool:
    """A failed try, without the work of hashing; whether it was let through."""
    try:
        async with pool.connection() as connection:
            await count_try(connection, "password", name, whence, now)
    except SignInRefusedError:
        return False
    return True


async def test_a_stranger_makes_only_himself_wait(users):
    for _ in range(5):
        assert "fit" in await refused(users, "ana", STRANGER)
    assert "too many" in await refused(users, "ana", STRANGER)
    assert (await users.sign_in("ana", PASSWORD, NOW, OWNER)).name == "ana"
    assert "too many" in await refused(users, "ana", STRANGER)


async def test_many_strangers_slow_down_strangers_and_not_browsers_the_name_is_known_to(
    users, pool
):
    async with pool.connection() as connection:
        known = Whence("192.0.2.7", device=await remember(connection, "ana", OWNER, NOW))
    let_through = [await tried(pool, "ana", Whence(f"203.0.113.{n}")) for n in range(80)]
    assert let_through == [True] * 50 + [False] * 30
    assert "too many" in await refused(users, "ana", OWNER)
    assert (await users.sign_in("ana", PASSWORD, NOW, known)).name == "ana"
    assert (await users.sign_in("ben", PASSWORD, NOW, OWNER)).name == "ben"
    assert await tried(pool, "ana", OWNER, NOW + timedelta(seconds=61))


async def test_a_known_browser_guesses_no_faster_than_another(users, pool):
    async with pool.connection() as connection:
        known = Whence("192.0.2.7", device=await remember(connection, "ana", OWNER, NOW))
    for _ in range(5):
        assert "fit" in await refused(users, "ana", known)
    assert "too many" in await refused(users, "ana", known)


@pytest.mark.parametrize("device", ["invented", "\ud800", "x" * 5000])
async def test_a_made_up_device_is_no_known_one(pool, device):
    whence = Whence("192.0.2.7", device=device)
    assert [await tried(pool, "ana", whence) for _ in range(6)] == [True] * 5 + [False]


async def test_a_device_of_one_account_is_none_of_anothers(users, pool):
    async with pool.connection() as connection:
        bens = Whence("203.0.113.66", device=await remember(connection, "ben", STRANGER, NOW))
    for n in range(50):
        await tried(pool, "ana", Whence(f"203.0.113.{n}"))
    assert "too many" in await refused(users, "ana", bens)


async def test_one_password_tried_with_many_names_makes_that_address_wait(pool):
    let_through = [await tried(pool, f"name {n}", STRANGER) for n in range(110)]
    assert let_through == [True] * 100 + [False] * 10
    assert await tried(pool, "name 1", OWNER)


async def test_a_busy_office_behind_one_address_does_not_wait_for_signing_in(pool):
    for n in range(300):
        async with pool.connection() as connection:
            counted = await count_try(connection, "password", f"name {n}", OWNER, NOW)
            await succeeded(connection, counted)
    assert await tried(pool, "ana", OWNER)


async def test_a_clock_set_back_keeps_nobody_out(users, pool):
    later = NOW + timedelta(hours=6)
    for _ in range(5):
        assert "fit" in await refused(users, "ana", OWNER, later)
    assert "too many" in await refused(users, "ana", OWNER, later)
    assert (await users.sign_in("ana", PASSWORD, NOW, OWNER)).name == "ana"
    assert await tried(pool, "ben", OWNER, NOW)


async def test_a_device_is_forgotten_after_ninety_days(pool, users):
    async with pool.connection() as connection:
        known = Whence("192.0.2.7", device=await remember(connection, "ana", OWNER, NOW))
    later = NOW + timedelta(days=91)
    for n in range(50):
        await tried(pool, "ana", Whence(f"203.0.113.{n}"), later)
    assert "too many" in await refused(users, "ana", known, later)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "elsewhere"),
        ("unix:", "elsewhere"),
    ],
)
def test_an_attacker_with_a_whole_ipv6_network_counts_as_one(address, counted):
    assert network(address) == counted
