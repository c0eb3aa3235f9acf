"""The trail in real PostgreSQL: one chain whoever writes, and nothing of it is changed quietly."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.folder_checkpoints import FolderCheckpoints
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.checkpoints import Checkpoint
from morina.accountability.signing import SignatureError
from morina.accountability.trail import Act, Deed, Entry, Sought, What, acts_as
from morina.accountability.trail_check import Fault, verify
from morina.wiring.trail import seal
from trails import SIGNER


def a_deed(name: str = "x", act: Act = Act.ALTERATION, who: str = "ana") -> Deed:
    return Deed(
        act=act, what=What("alert", (name,), 'é "quoted" \\ \n'), who=who, why={"reason": "ë\t<&>"}
    )


async def kept(pool: AsyncConnectionPool) -> list[Entry]:
    return [one async for one in PostgresTrailReader(pool).entries()]


async def changed(pool: AsyncConnectionPool, statement: str) -> None:
    """As somebody with all rights of the database does it."""
    async with pool.connection() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(statement)


async def test_what_the_database_chains_is_what_verify_computes(pool: AsyncConnectionPool) -> None:
    reader = PostgresTrailReader(pool)
    await reader.enter(*(a_deed(str(number)) for number in range(5)))
    entries = await kept(pool)
    assert verify(entries, [], SIGNER.public).found == ()
    assert [one.number for one in entries] == [1, 2, 3, 4, 5]
    assert entries[2].deed.what == a_deed("2").what


async def test_many_writers_at_once_keep_one_chain(pool: AsyncConnectionPool) -> None:
    reader = PostgresTrailReader(pool)

    async def write(name: str) -> None:
        for number in range(25):
            await reader.enter(a_deed(f"{name}-{number}"))

    await asyncio.gather(*(write(name) for name in "abcd"))
    entries = await kept(pool)
    assert len(entries) == 100
    assert verify(entries, [], SIGNER.public).found == ()


async def test_an_entry_goes_with_its_act_and_leaves_no_gap(pool: AsyncConnectionPool) -> None:
    trail = PostgresTrail()
    for name in ("kept", "undone", "kept too"):
        with pytest.raises(ZeroDivisionError) if name == "undone" else _nothing():
            async with pool.connection() as connection:
                await trail.append(connection, a_deed(name))
                if name == "undone":
                    raise ZeroDivisionError
    entries = await kept(pool)
    assert [one.deed.what.ids for one in entries] == [("kept",), ("kept too",)]
    assert verify(entries, [], SIGNER.public).found == ()


class _nothing:  # noqa: N801 - reads as contextlib's own
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize(
    "statement", ["UPDATE trail SET who = 'x'", "DELETE FROM trail", "TRUNCATE trail"]
)
async def test_the_database_refuses_to_change_it(pool: AsyncConnectionPool, statement: str) -> None:
    await PostgresTrailReader(pool).enter(a_deed())
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
        async with pool.connection() as connection:
            await connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "number", "fault"),
    [
        ("UPDATE trail SET who = who || 'x' WHERE number = 3", 3, Fault.CHANGED),
        ("UPDATE trail SET at = at + interval '1 us' WHERE number = 3", 3, Fault.CHANGED),
        ("UPDATE trail SET act = 'erasure' WHERE number = 3", 3, Fault.CHANGED),
        ("UPDATE trail SET act = 'nothing' WHERE number = 3", 3, Fault.CHANGED),
        ("UPDATE trail SET what = '{}' WHERE number = 3", 3, Fault.CHANGED),
        ("UPDATE trail SET why = '[]' WHERE number = 3", 3, Fault.CHANGED),
        ("UPDATE trail SET with_whom = 'x' WHERE number = 3", 3, Fault.CHANGED),
        ("UPDATE trail SET previous = hash WHERE number = 3", 3, Fault.CHANGED),
        ("UPDATE trail SET hash = previous WHERE number = 3", 3, Fault.CHANGED),
        ("UPDATE trail SET number = 99 WHERE number = 3", 3, Fault.REMOVED),
        ("DELETE FROM trail WHERE number = 3", 3, Fault.REMOVED),
        ("DELETE FROM trail WHERE number > 2", 3, Fault.END_MISSING),
        ("DELETE FROM trail", 1, Fault.END_MISSING),
    ],
)
async def test_what_is_changed_past_the_database_is_found(
    pool: AsyncConnectionPool, tmp_path: Path, statement: str, number: int, fault: Fault
) -> None:
    reader, points = PostgresTrailReader(pool), FolderCheckpoints(tmp_path / "points")
    await reader.enter(*(a_deed(str(one)) for one in range(6)))
    await seal(reader, points, SIGNER)
    await changed(pool, statement)
    entries = [one async for one in reader.raw()]
    found = verify(entries, points.all(), SIGNER.public).found
    assert (number, fault) in {(one.number, one.fault) for one in found}


async def test_checkpoints_go_on_from_each_other(pool: AsyncConnectionPool, tmp_path: Path) -> None:
    reader, points = PostgresTrailReader(pool), FolderCheckpoints(tmp_path / "points")
    assert await seal(reader, points, SIGNER) is None
    await reader.enter(a_deed())
    first = await seal(reader, points, SIGNER)
    assert await seal(reader, points, SIGNER) == first
    await reader.enter(a_deed(), a_deed())
    second = await seal(reader, points, SIGNER)
    assert isinstance(second, Checkpoint)
    assert (second.number, second.first, second.last) == (2, 2, 3)
    assert not points.keep(second)
    assert verify(await kept(pool), points.all(), SIGNER.public).found == ()
    (tmp_path / "points" / "00000002.json").write_bytes(b"{}")
    with pytest.raises(SignatureError, match="00000002"):
        points.all()


async def test_reading_is_entered_and_finds_what_is_sought(pool: AsyncConnectionPool) -> None:
    reader = PostgresTrailReader(pool)
    await reader.enter(a_deed("a"), a_deed("b", who="ben"), a_deed("c", Act.ERASURE))
    acts_as("overseer")
    assert [one.number for one in await reader.read(Sought(who="ana"))] == [3, 1]
    assert [one.number for one in await reader.read(Sought(object_id="b"))] == [2]
    assert [one.number for one in await reader.read(Sought(act=Act.ERASURE))] == [3]
    assert [one.number for one in await reader.read(Sought(before=3, limit=1))] == [2]
    entries = await kept(pool)
    assert [one.deed.who for one in entries[3:]] == ["overseer"] * 4
    assert entries[3].deed.what.ids == ("3", "1")
    since = entries[2].deed.at
    assert 1 not in [one.number for one in await reader.read(Sought(since=since))]
