"""Working sorties through: one after the other, again after a kill, and no third time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from psycopg_pool import AsyncConnectionPool

from kept_sorties import NOW, TRACK_ID, Kept, kept_sorties, moment, sent, track
from morina.sense.aerial import RefusedSortieError, SortieState, SortieStep
from morina.sense.aerial.adapters.postgres_sorties_work import Film, StoppedError
from morina.sense.aerial.roles import NewSortie
from morina.sense.aerial.sortie import Sortie


@pytest.fixture
async def kept(pool: AsyncConnectionPool, tmp_path: Path) -> AsyncIterator[Kept]:
    async with kept_sorties(pool, tmp_path / "sorties") as kept:
        yield kept


async def received(kept: Kept, name: str = "North") -> Sortie:
    wanted = NewSortie(name=name, case_number="C-7", task="walkers overdue", officer="ana")
    sortie = await kept.sorties.plan(wanted, NOW)
    await kept.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "bea", NOW)
    names = ("a.mp4", "a.srt")
    return await kept.sorties.take_in(
        sortie.sortie_id, sent(b"video"), sent(b"telemetry"), names, "pilot"
    )


async def test_the_one_that_came_first_is_first_and_none_is_none(kept: Kept) -> None:
    assert await kept.work.take_next() is None
    first, second = await received(kept), await received(kept, "South")
    assert await kept.work.waiting() == 2
    work = await kept.work.take_next()
    assert work and work.sortie.sortie_id == first.sortie_id
    assert work.telemetry.read_bytes() == b"telemetry" and work.telemetry_name == "a.srt"
    assert work.video and work.video.read_bytes() == b"video"
    await kept.work.finish(first.sortie_id)
    work = await kept.work.take_next()
    assert work and work.sortie.sortie_id == second.sortie_id


async def test_cut_off_in_the_middle_it_begins_anew_and_nothing_is_there_twice(kept: Kept) -> None:
    sortie = await received(kept)
    assert await kept.work.take_next()
    await kept.work.keep(sortie.sortie_id, [moment(0), moment(10)], [track(sortie.sortie_id)], 0.4)
    assert (await kept.sorties.sortie(sortie.sortie_id)).done == 0.4
    again = await kept.work.take_next()
    assert again and again.sortie.sortie_id == sortie.sortie_id
    assert (await kept.sorties.sortie(sortie.sortie_id)).done == 0.0
    assert await kept.sorties.moments(sortie.sortie_id) == []
    found = track(sortie.sortie_id, UUID(int=8))
    for _ in range(2):
        await kept.work.keep(sortie.sortie_id, [moment(0)], [found], 0.2)
        [shown] = await kept.sorties.tracks(sortie.sortie_id)
        assert shown.track_id == TRACK_ID, "the earlier one, until the new look has ended"
    await kept.work.finish(sortie.sortie_id)
    assert len(await kept.sorties.moments(sortie.sortie_id)) == 1
    [again] = await kept.sorties.tracks(sortie.sortie_id)
    assert again.track_id == TRACK_ID, "found again it keeps its name"


async def test_what_turned_out_to_be_no_thing_goes(kept: Kept) -> None:
    sortie = await received(kept)
    await kept.work.take_next()
    await kept.work.keep(sortie.sortie_id, [], [track(sortie.sortie_id)], 0.2)
    await kept.work.keep(sortie.sortie_id, [], [], 0.3, [TRACK_ID])
    assert await kept.sorties.tracks(sortie.sortie_id) == []


async def test_cut_off_twice_it_failed_and_the_next_one_is_worked_through(kept: Kept) -> None:
    bad, well = await received(kept), await received(kept, "South")
    for _ in range(2):
        work = await kept.work.take_next()
        assert work and work.sortie.sortie_id == bad.sortie_id
    work = await kept.work.take_next()
    assert work and work.sortie.sortie_id == well.sortie_id
    failed = await kept.sorties.sortie(bad.sortie_id)
    assert failed.state is SortieState.FAILED and "ended twice without a word" in failed.fault
    asked_again = await kept.sorties.step(bad.sortie_id, SortieStep.RECEIVE, "ana", NOW)
    assert asked_again.state is SortieState.WAITING and asked_again.fault == ""


async def test_what_a_sortie_is_worked_through_cannot_be_taken_in_meanwhile(kept: Kept) -> None:
    sortie = await received(kept)
    await kept.work.take_next()
    with pytest.raises(RefusedSortieError, match="being worked through"):
        await kept.sorties.take_in(sortie.sortie_id, None, sent(b"telemetry"), ("", "a.srt"), "ana")
    assert len(kept.files()) == 2


async def test_what_was_forgotten_meanwhile_stops_the_work(kept: Kept) -> None:
    sortie = await received(kept)
    assert await kept.work.take_next()
    await kept.work.film(sortie.sortie_id, Film(1920, 1080, 300, 30.0))
    assert (await kept.sorties.sortie(sortie.sortie_id)).seconds == 10.0
    assert sortie.forget_at
    assert await kept.sorties.forget_due(sortie.forget_at) == 1
    with pytest.raises(StoppedError):
        await kept.work.keep(sortie.sortie_id, [moment(0)], [], 0.5)


async def test_a_fault_is_kept_in_words(kept: Kept) -> None:
    sortie = await received(kept)
    await kept.work.take_next()
    await kept.work.fail(sortie.sortie_id, "the video cannot be decoded")
    failed = await kept.sorties.sortie(sortie.sortie_id)
    assert (failed.state, failed.fault) == (SortieState.FAILED, "the video cannot be decoded")


async def test_a_sortie_whose_files_a_backup_did_not_hold_says_so(kept: Kept) -> None:
    sortie = await received(kept)
    for file in kept.files():
        file.unlink()
    assert await kept.work.take_next() is None
    failed = await kept.sorties.sortie(sortie.sortie_id)
    assert failed.state is SortieState.FAILED and "files are not here" in failed.fault


async def test_only_one_process_works_at_a_time(kept: Kept) -> None:
    order: list[str] = []

    async def second() -> None:
        async with kept.work.alone():
            order.append("second")

    async with kept.work.alone():
        waiting = asyncio.create_task(second())
        await received(kept)
        order.append("first")
    await waiting
    assert order == ["first", "second"]
