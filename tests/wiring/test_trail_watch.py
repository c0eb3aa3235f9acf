"""A node finds by itself what was done to its trail behind its back."""

import random
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from morina.accountability import Asked, Outcome, Purpose, PurposeCode
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.checkpoints import Checkpoint
from morina.accountability.trail import Act, Deed, Entry, What
from morina.accountability.trail_file import entry_line, read_entry
from morina.accountability.trail_walk import TrailWalk
from morina.wiring.trail import checkpoints_of, seal
from morina.wiring.trail_chain import NodeChain
from morina.wiring.trail_watch import TrailWatch
from trails import NOW, SIGNER, a_trail, mutated, sealed_in

LENGTH = 30


def walked(entries: list[Entry | None], points: list[Checkpoint], at_once: int) -> list[int]:
    walk = TrailWalk(points, SIGNER.public)
    for begin in range(0, len(entries), at_once):
        walk.take(entries[begin : begin + at_once])
    return [one.number for one in walk.end().found]


@pytest.mark.parametrize("at_once", [1, 7, 100])
def test_a_walk_in_parts_finds_every_change_and_its_entry(at_once: int) -> None:
    whole = a_trail(40)
    lines, points = [entry_line(one) for one in whole], sealed_in(whole, 5)
    assert walked(list(whole), points, at_once) == []
    rng = random.Random(at_once)
    for _ in range(200):
        kind, changed, number = mutated(lines, rng)
        if kind in {"swapped", "doubled"}:
            continue  # they come by their number, which is the key of the table
        found = walked([read_entry(line) for line in changed], points, at_once)
        assert number in found, f"{kind} at {number}: {found}"


def test_a_trail_written_anew_and_cut_short_is_found() -> None:
    whole, other = a_trail(40), a_trail(41)
    points = sealed_in(other[:39], 3)
    assert walked(list(whole[:39]), points, 10) == []
    forged = sealed_in([*whole[:38], whole[0]], 3)
    assert walked(list(whole), forged, 10) == [27]
    assert walked(list(whole[:20]), points, 10) == [21]
    assert walked([], points, 10) == [1]


async def a_watch(pool: AsyncConnectionPool, home: Path) -> tuple[TrailWatch, NodeChain]:
    """A sealed trail of ``LENGTH`` entries, and who watches it."""
    reader, points = PostgresTrailReader(pool), checkpoints_of(home)
    log = PostgresConsultations(pool)
    why = Purpose(
        officer="ana", code=PurposeCode.CRIME, case_number="C-7", legal_basis="Act 1",
        justification="seen near the mill",
    )  # fmt: skip
    asked = Asked(at=NOW, purpose=why, question="plate AB12CDE", plates=("AB12CDE",))
    await log.end(await log.begin(asked), Outcome(at=NOW, shown=3, covered="all"))
    for number in range(LENGTH - 2):
        await reader.enter(Deed(act=Act.ALTERATION, what=What("alert", (f"id-{number}",), "done")))
    await seal(reader, points, SIGNER)
    return TrailWatch(pool, points, SIGNER.public, 100_000), NodeChain(pool, points, SIGNER)


DAMAGES = {
    "a byte of who": ("UPDATE trail SET who = overlay(who placing 'x' from 1) WHERE number = 9", 9),
    "a byte of what": (
        "UPDATE trail SET what = replace(what::text, 'id-7', 'id-8')::jsonb WHERE number = 10", 10,
    ),
    "a byte of the hash": (
        "UPDATE trail SET hash = translate(left(hash, 1), '0123456789abcdef', "
        "'1234567890bcdefa') || right(hash, 63) WHERE number = 11", 11,
    ),
    "removed": ("DELETE FROM trail WHERE number = 12", 12),
    "the end removed": ("DELETE FROM trail WHERE number > 25", 26),
    "what was asked": ("UPDATE consultation SET question = 'plate ZZ99ZZZ'", 1),
    "who asked": ("UPDATE consultation SET officer = 'somebody'", 1),
    "why": ("UPDATE consultation SET justification = 'stolen near the mill'", 1),
    "how many were shown": ("UPDATE consultation_outcome SET shown = 0", 2),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_the_databases_owner_changes_is_found_and_entered(
    damage: str, pool: AsyncConnectionPool, dsn: str, tmp_path: Path
) -> None:
    watch, chain = await a_watch(pool, tmp_path)
    assert (await watch.check()).found == ()
    statement, number = DAMAGES[damage]
    with psycopg.connect(dsn) as owner:
        owner.execute("SET session_replication_role = replica")  # the tables' triggers are off
        assert owner.execute(statement).rowcount > 0
    outcome = await watch.check()
    assert number in {one.number for one in outcome.found}
    known = await chain.checked()
    assert known is not None
    watch.last = known
    assert known.found[0].startswith(f"{number}: ")
    assert str(watch.said()).startswith("does not hold (")
