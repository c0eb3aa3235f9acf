"""Tracks found while a drone flies, and what becomes of them after it landed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool

from flown import DISTRESS, PURPOSE
from kept_sorties import NOW, Kept, kept_sorties, track
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.aerial import Named, SortieState, SortieStep, Track
from morina.sense.aerial.adapters.postgres_reviews import PostgresReviews
from morina.sense.aerial.adapters.postgres_sorties_live import Found, PostgresLive
from morina.sense.aerial.adapters.postgres_tasks import PostgresTasks
from morina.sense.aerial.adapters.sortie_folder import SortieFolder
from morina.sense.aerial.reviewing import TaskKind, TaskState
from morina.sense.aerial.roles import NewSortie

SEEN, ELSEWHERE, NOTHING = UUID(int=1), UUID(int=2), UUID(int=3)
FAR = 0.001
"""Degrees of latitude: something else."""


@pytest.fixture
async def kept(pool: AsyncConnectionPool, tmp_path: Path) -> AsyncIterator[Kept]:
    async with kept_sorties(pool, tmp_path / "sorties") as kept:
        yield kept


@pytest.fixture
def live(kept: Kept) -> PostgresLive:
    return PostgresLive(kept.pool, PostgresTrail(), SortieFolder(kept.folder), 30)


async def flies(kept: Kept, live: PostgresLive) -> UUID:
    wanted = NewSortie(name="North", case_number="C-7", task="look", officer="ana", airframe="M30")
    sortie = await kept.sorties.plan(wanted, NOW)
    await kept.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "bea", NOW)
    await kept.sorties.step(sortie.sortie_id, SortieStep.FLY, "pilot", NOW)
    (await live.begin(sortie.sortie_id)).write_bytes(b"video")
    return sortie.sortie_id


async def landed(kept: Kept, live: PostgresLive, sortie_id: UUID) -> None:
    await live.end(sortie_id, await live.begin(sortie_id))
    assert await kept.work.take_next()


def off(one: Track, by: float) -> Track:
    """The same, further north."""
    return replace(one, points=[replace(at, latitude=at.latitude + by) for at in one.points])


async def test_tracks_and_counts_grow_while_it_flies(kept: Kept, live: PostgresLive) -> None:
    sortie_id = await flies(kept, live)
    early = replace(track(sortie_id, SEEN), points=track(sortie_id).points[:2])
    assert await live.keep_found(sortie_id, Found(tracks=[early], looked=4, skipped=1))
    whole = [track(sortie_id, SEEN), off(track(sortie_id, NOTHING), FAR)]
    assert await live.keep_found(sortie_id, Found(tracks=whole, looked=3, skipped=2))
    shown = await kept.sorties.tracks(sortie_id)
    assert {(one.track_id, len(one.points), one.live) for one in shown} == {
        (SEEN, 3, True), (NOTHING, 3, True)
    }  # fmt: skip
    assert await live.keep_found(sortie_id, Found(gone=[NOTHING]))
    assert [one.track_id for one in await kept.sorties.tracks(sortie_id)] == [SEEN]
    sortie = await kept.sorties.sortie(sortie_id)
    assert (sortie.looked, sortie.skipped) == (7, 3)
    await landed(kept, live, sortie_id)
    assert not await live.keep_found(sortie_id, Found(tracks=whole))


async def test_a_reviewed_live_track_is_neither_lost_nor_doubled(
    kept: Kept, live: PostgresLive
) -> None:
    sortie_id = await flies(kept, live)
    lone = off(track(sortie_id, ELSEWHERE), FAR)
    found = [track(sortie_id, SEEN), lone, off(track(sortie_id, NOTHING), 2 * FAR)]
    await live.keep_found(sortie_id, Found(tracks=found))
    reviews = PostgresReviews(kept.pool, PostgresTrail())
    await reviews.name(sortie_id, SEEN, Named.IN_TROUBLE, DISTRESS, "waves")
    await reviews.name(sortie_id, ELSEWHERE, Named.ANIMAL, PURPOSE)
    await landed(kept, live, sortie_id)
    again = track(sortie_id, UUID(int=11))
    other = off(track(sortie_id, UUID(int=12)), 3 * FAR)
    await kept.work.keep(sortie_id, [], [again, other], 0.5)
    shown = [one.track_id for one in await kept.sorties.tracks(sortie_id)]
    assert shown == [SEEN, ELSEWHERE, NOTHING], "what was found live, until the end of the look"
    await reviews.name(sortie_id, SEEN, Named.IN_TROUBLE, DISTRESS, "lies down")
    await kept.work.finish(sortie_id)
    shown_then = await kept.sorties.tracks(sortie_id)
    assert {(one.track_id, one.live) for one in shown_then} == {
        (SEEN, False), (ELSEWHERE, True), (UUID(int=12), False)
    }  # fmt: skip
    assert {one.track_id for one in await reviews.of_sortie(sortie_id)} == {SEEN, ELSEWHERE}
    tasks = PostgresTasks(kept.pool, PostgresTrail())
    [task] = await tasks.tasks(frozenset(TaskKind), frozenset(TaskState))
    assert task.track_id == SEEN


async def test_a_look_that_fails_or_is_cut_off_loses_nothing_found_live(
    kept: Kept, live: PostgresLive
) -> None:
    sortie_id = await flies(kept, live)
    await live.keep_found(sortie_id, Found(tracks=[track(sortie_id, SEEN)]))
    await landed(kept, live, sortie_id)
    half = off(track(sortie_id, UUID(int=11)), FAR)
    await kept.work.keep(sortie_id, [], [half], 0.5)
    assert await kept.work.take_next(), "its worker was killed"
    assert [one.track_id for one in await kept.sorties.tracks(sortie_id)] == [SEEN]
    await kept.work.keep(sortie_id, [], [half], 0.5)
    await kept.work.fail(sortie_id, "the video ends early")
    assert (await kept.sorties.sortie(sortie_id)).state is SortieState.FAILED
    shown = {one.track_id for one in await kept.sorties.tracks(sortie_id)}
    assert shown == {SEEN, UUID(int=11)}
