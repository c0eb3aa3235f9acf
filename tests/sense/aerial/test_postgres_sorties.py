"""Sorties are kept, opened and forgotten on real PostgreSQL, with files in a folder."""

import os
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import cv2
import numpy as np
import pytest
from psycopg_pool import AsyncConnectionPool

from kept_sorties import (
    NOW,
    TRACK_ID,
    Kept,
    film,
    kept_sorties,
    moment,
    seen_from,
    sent,
    track,
)
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.purpose import Purpose, PurposeCode
from morina.accountability.trail import Act
from morina.sense.aerial import (
    HeightDatum,
    RefusedSortieError,
    SortieState,
    SortieStep,
    TelemetryError,
)
from morina.sense.aerial.adapters.postgres_reviews import PostgresReviews
from morina.sense.aerial.adapters.sortie_rows import MOMENT_AT
from morina.sense.aerial.reviewing import Named, SpokenOfError
from morina.sense.aerial.roles import NewSortie, Sorties, UnknownSortieError
from morina.sense.aerial.sortie import Sortie
from morina.sense.aerial.stated import FilmKind, Stated

PURPOSE = Purpose(
    officer="ana", code=PurposeCode.RISK_TO_LIFE, case_number="C-7", legal_basis="Police Act 12",
    justification="two walkers are missing",
)  # fmt: skip


@pytest.fixture
async def kept(pool: AsyncConnectionPool, tmp_path: Path) -> AsyncIterator[Kept]:
    async with kept_sorties(pool, tmp_path / "sorties") as kept:
        yield kept


async def planned(kept: Kept, name: str = "North slope") -> Sortie:
    wanted = NewSortie(name=name, case_number="C-7", task="walkers overdue", officer="ana")
    return await kept.sorties.plan(wanted, NOW)


async def received(kept: Kept, video: bytes = b"", name: str = "North slope") -> Sortie:
    sortie = await planned(kept, name)
    await kept.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "bea", NOW)
    names = ("a.avi" if video else "", "a.srt")
    return await kept.sorties.take_in(
        sortie.sortie_id, sent(video) if video else None, sent(b"telemetry"), names, "pilot"
    )


async def worked(kept: Kept, video: bytes = b"", name: str = "North slope") -> Sortie:
    sortie = await received(kept, video, name)
    work = await kept.work.take_next()
    assert work and work.sortie.sortie_id == sortie.sortie_id
    moments = [moment(frame) for frame in range(0, 100, 10)]
    await kept.work.keep(sortie.sortie_id, moments, [track(sortie.sortie_id)], 0.5)
    await kept.work.finish(sortie.sortie_id, ("terrain N42E020",))
    return await kept.sorties.sortie(sortie.sortie_id)


async def acts(kept: Kept) -> list[tuple[str, Act, str]]:
    entries = [one async for one in PostgresTrailReader(kept.pool).entries()]
    return [(one.deed.who, one.deed.act, one.deed.what.step) for one in entries]


async def test_a_sortie_goes_from_plan_to_ready_and_every_step_is_in_the_trail(
    kept: Kept,
) -> None:
    sortie = await worked(kept)
    assert sortie.state is SortieState.READY and sortie.done == 1.0
    assert sortie.lacks == ("terrain N42E020",)
    assert [who_act_step for who_act_step in await acts(kept)] == [
        ("ana", Act.ALTERATION, "planned"),
        ("bea", Act.ALTERATION, "cleared without a fleet check"),
        ("pilot", Act.COLLECTION, "received"),
        ("morina", Act.ALTERATION, "work"),
        ("morina", Act.COLLECTION, "finish"),
    ]


async def test_who_cleared_it_without_a_fleet_check_stands_with_it(kept: Kept) -> None:
    sortie = await worked(kept)
    assert (sortie.cleared_by, sortie.fleet_checked) == ("bea", False)


async def test_the_moment_nearest_to_a_time_is_asked_for_alone(kept: Kept) -> None:
    sortie_id = (await worked(kept)).sortie_id
    for at_s, frame in ((3.4, 30), (3.6, 40), (8.9, 90), (-0.5, 0)):
        found = await kept.sorties.moment_at(sortie_id, at_s, 1.0)
        assert found and found.frame == frame and found.pose == moment(frame).pose
    assert await kept.sorties.moment_at(sortie_id, 10.5, 1.0) is None
    last = await kept.sorties.moment_at(sortie_id, 1e9, 1e9)
    assert last and last.frame == 90
    asked = {"id": sortie_id, "at_s": 3.0, "within": 1.0}
    async with kept.pool.connection() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        plan = await (await connection.execute(f"EXPLAIN {MOMENT_AT}", asked)).fetchall()
    assert any("sortie_moment_when" in row[0] for row in plan)


async def test_what_was_found_is_given_back_as_it_was(kept: Kept) -> None:
    sortie = await worked(kept)
    moments = await kept.sorties.moments(sortie.sortie_id)
    assert [one.frame for one in moments] == list(range(0, 100, 10))
    assert moments[0].pose == moment(0).pose
    assert moments[0].footprint == moment(0).footprint
    apart = await kept.sorties.moments(sortie.sortie_id, every_s=2.0)
    assert [one.at_s for one in apart] == [0.0, 2.0, 4.0, 6.0, 8.0]
    assert list(await kept.sorties.tracks(sortie.sortie_id)) == [track(sortie.sortie_id)]


async def test_no_step_but_those_of_the_table(kept: Kept) -> None:
    sortie = await planned(kept)
    with pytest.raises(RefusedSortieError, match="planned takes no fly; it takes clear or cancel"):
        await kept.sorties.step(sortie.sortie_id, SortieStep.FLY, "ana", NOW)
    with pytest.raises(RefusedSortieError, match="planned takes no receive"):
        await kept.sorties.take_in(sortie.sortie_id, None, sent(b"x"), ("", "a.srt"), "ana")
    await kept.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "ana", NOW)
    with pytest.raises(RefusedSortieError, match="files are not here"):
        await kept.sorties.step(sortie.sortie_id, SortieStep.RECEIVE, "ana", NOW)
    with pytest.raises(UnknownSortieError):
        await kept.sorties.step(uuid4(), SortieStep.CLEAR, "ana", NOW)
    unchecked = "cleared without a fleet check"
    assert [step for _, _, step in await acts(kept)] == ["planned", unchecked]


async def test_a_sortie_without_a_reason_is_refused(kept: Kept) -> None:
    with pytest.raises(RefusedSortieError, match="case_number is empty"):
        wanted = NewSortie(name="N", case_number=" ", task="look", officer="ana")
        await kept.sorties.plan(wanted, NOW)


async def test_nothing_is_kept_of_telemetry_that_cannot_be_read(kept: Kept) -> None:
    sortie = await planned(kept)
    await kept.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "ana", NOW)
    with pytest.raises(TelemetryError, match="line 3"):
        await kept.sorties.take_in(
            sortie.sortie_id, sent(b"video"), sent(b"broken"), ("a.mp4", "a.srt"), "ana"
        )
    assert kept.files() == []
    assert (await kept.sorties.sortie(sortie.sortie_id)).state is SortieState.CLEARED


async def test_a_file_that_is_too_large_leaves_nothing(kept: Kept) -> None:
    sortie = await planned(kept)
    await kept.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "ana", NOW)
    with pytest.raises(RefusedSortieError, match=r"a\.mp4 has more than 1,000,000 bytes"):
        await kept.sorties.take_in(
            sortie.sortie_id, sent(b"v" * 1_000_001), sent(b"telemetry"), ("a.mp4", "a.srt"), "ana"
        )
    assert kept.files() == []


async def test_files_of_a_second_time_take_the_place_of_the_first(kept: Kept) -> None:
    sortie = await worked(kept, b"video")
    until = sortie.forget_at
    again = await kept.sorties.take_in(
        sortie.sortie_id, sent(b"longer video"), sent(b"telemetry"), ("b.mp4", "b.srt"), "ana"
    )
    assert again.state is SortieState.WAITING and again.forget_at == until
    assert sorted(file.read_bytes() for file in kept.files()) == [b"longer video", b"telemetry"]


async def test_one_file_may_be_video_and_telemetry(kept: Kept) -> None:
    sortie = await planned(kept)
    await kept.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "ana", NOW)
    names = ("a.ts", "a.ts")
    await kept.sorties.take_in(sortie.sortie_id, None, sent(b"telemetry"), names, "ana")
    work = await kept.work.take_next()
    assert work and work.video == work.telemetry and len(kept.files()) == 1


async def test_a_flight_is_counted_from_its_end_and_one_of_long_ago_from_when_it_came(
    kept: Kept,
) -> None:
    began = datetime.now(UTC) - timedelta(days=3)
    kept.begins(began)
    flown = await received(kept)
    assert (flown.began_at, flown.ended_at) == (began, began + timedelta(seconds=10))
    assert flown.forget_at == began + timedelta(days=30, seconds=10)
    kept.begins(datetime(2012, 9, 19, tzinfo=UTC))
    old = await received(kept)
    assert old.forget_at and old.forget_at > datetime.now(UTC) + timedelta(days=29)


async def test_who_opens_a_sortie_is_entered_once_an_hour(kept: Kept) -> None:
    sortie = await worked(kept)
    before = len(await acts(kept))
    for _ in range(3):
        await kept.sorties.tracks(sortie.sortie_id)
        await kept.sorties.moments(sortie.sortie_id)
    assert [(act, step) for _, act, step in (await acts(kept))[before:]] == [
        (Act.CONSULTATION, "tracks shown"), (Act.CONSULTATION, "pictures shown"),
    ]  # fmt: skip


async def test_the_picture_of_a_moment_is_the_one_shown_then(kept: Kept, tmp_path: Path) -> None:
    video = film(tmp_path / "a.avi", pictures=50)
    sortie = await worked(kept, video)
    for at_s in (1.0, 4.5, 0.2):
        jpeg = await kept.sorties.picture(sortie.sortie_id, at_s, across=80)
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert image is not None and image.shape == (60, 80)
        assert abs(float(image.mean()) - 5 * at_s * 10) < 4
    with pytest.raises(UnknownSortieError, match="no picture at 60"):
        await kept.sorties.picture(sortie.sortie_id, 60.0)
    alone = await received(kept)
    with pytest.raises(UnknownSortieError, match="no video here"):
        await kept.sorties.picture(alone.sortie_id, 1.0)


async def test_when_a_place_was_in_view(kept: Kept) -> None:
    kept.begins(NOW)
    sortie = await worked(kept)
    latitude, longitude = seen_from(50)
    [look] = await kept.sorties.looked(latitude, longitude, None, PURPOSE)
    assert (look.sortie_id, look.from_s, look.to_s) == (sortie.sortie_id, 4.0, 7.0)
    assert look.best_at == NOW + timedelta(seconds=look.best_s)
    sharpest = moment(70).footprint
    assert sharpest and look.metres_per_pixel == sharpest.metres_per_pixel
    assert await kept.sorties.looked(latitude, longitude + 1, None, PURPOSE) == []
    assert await kept.sorties.looked(latitude, longitude, NOW + timedelta(days=1), PURPOSE) == []
    kept.hide(latitude, longitude)
    assert await kept.sorties.looked(latitude, longitude, None, PURPOSE) == []
    asked = await kept.log.newest()
    assert len(asked) == 4 and asked[-1].shown == 1 and asked[-1].purpose == PURPOSE


async def left_of(kept: Kept, sortie_id: UUID) -> list[str]:
    """Tables in which the id still stands, but for the trail."""
    found = []
    async with kept.pool.connection() as connection:
        columns = await connection.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'sortie_id'"
        )
        for (table,) in await columns.fetchall():
            rows = await connection.execute(
                f"SELECT count(*) FROM {table} WHERE sortie_id = %s", (sortie_id,)
            )
            found += [table] if (await rows.fetchone() or (0,))[0] else []
    return found


async def test_nothing_is_left_of_a_sortie_that_is_due(kept: Kept) -> None:
    due, stays = await worked(kept, b"video"), await worked(kept, b"video", "South")
    assert len(await left_of(kept, due.sortie_id)) == 4
    async with kept.pool.connection() as connection:
        await connection.execute(
            "UPDATE sortie SET forget_at = %s WHERE sortie_id = %s", (NOW, due.sortie_id)
        )
    assert await kept.sorties.forget_due(NOW - timedelta(seconds=1)) == 0
    assert await kept.sorties.forget_due(NOW) == 1
    assert await left_of(kept, due.sortie_id) == []
    assert {file.parent.name for file in kept.files()} == {str(stays.sortie_id)}
    assert (await acts(kept))[-1] == ("morina", Act.ERASURE, "forgotten")
    assert [one.sortie_id for one in await kept.sorties.sorties()] == [stays.sortie_id]
    for ask in (kept.sorties.sortie, kept.sorties.tracks, kept.sorties.moments):
        with pytest.raises(UnknownSortieError):
            await ask(due.sortie_id)


@pytest.mark.parametrize("state", [one for one in SortieState if one is not SortieState.FORGOTTEN])
async def test_a_sortie_is_forgotten_from_wherever_it_is(kept: Kept, state: SortieState) -> None:
    sortie = await received(kept, b"video")
    async with kept.pool.connection() as connection:
        await connection.execute("UPDATE sortie SET state = %s, forget_at = now()", (state.value,))
    assert await kept.sorties.forget_due(datetime.now(UTC) + timedelta(seconds=1)) == 1
    assert await left_of(kept, sortie.sortie_id) == [] and kept.files() == []


async def test_an_open_rescue_keeps_its_place_and_nothing_of_the_flight(kept: Kept) -> None:
    sortie = await worked(kept, b"video")
    reviews = PostgresReviews(kept.pool, PostgresTrail())
    await reviews.name(sortie.sortie_id, TRACK_ID, Named.IN_TROUBLE, PURPOSE, "lies still")
    assert sortie.forget_at
    assert await kept.sorties.forget_due(sortie.forget_at) == 1
    assert set(await left_of(kept, sortie.sortie_id)) == {"aerial_task", "sortie"}
    assert kept.files() == []
    async with kept.pool.connection() as connection:
        emptied = "SELECT name || case_number || task || officer || pilot FROM sortie"
        assert await (await connection.execute(emptied)).fetchone() == ("",)
        await connection.execute("UPDATE aerial_task SET state = 'done'")
    assert await kept.sorties.forget_due(sortie.forget_at) == 0
    assert await left_of(kept, sortie.sortie_id) == []


async def test_a_file_nobody_wrote_down_is_removed_a_day_later(kept: Kept) -> None:
    sortie = await received(kept, b"video")
    stray = kept.folder / str(sortie.sortie_id) / "left.mp4"
    stray.write_bytes(b"half an upload")
    await kept.sorties.forget_due(NOW)
    assert stray.exists()
    yesterday = time.time() - 100_000
    for file in kept.files():
        os.utime(file, (yesterday, yesterday))
    await kept.sorties.forget_due(NOW)
    assert not stray.exists() and len(kept.files()) == 2


async def test_a_person_may_forget_one_early(kept: Kept) -> None:
    sortie = await worked(kept, b"video")
    forget = (sortie.sortie_id, SortieStep.FORGET, "ana", NOW)
    with pytest.raises(RefusedSortieError, match="say why"):
        await kept.sorties.because("  ").step(*forget)
    gone = await kept.sorties.because("the walkers are found").step(*forget)
    assert gone.state is SortieState.FORGOTTEN and gone.case_number == ""
    assert await left_of(kept, sortie.sortie_id) == [] and kept.files() == []
    assert (await acts(kept))[-1] == ("ana", Act.ERASURE, "forgotten")
    assert await last_reason(kept) == "the walkers are found"


async def last_reason(kept: Kept) -> str:
    """Of the newest entry in the trail."""
    entries = [one async for one in PostgresTrailReader(kept.pool).entries()]
    return entries[-1].deed.why.get("justification", "")


async def test_what_people_said_is_not_put_at_risk_by_a_press_of_a_button(kept: Kept) -> None:
    sortie_id = (await worked(kept, b"video")).sortie_id
    reviews = PostgresReviews(kept.pool, PostgresTrail())
    await reviews.name(sortie_id, TRACK_ID, Named.IN_TROUBLE, PURPOSE)

    async def hand_in(kept_as: Sorties) -> Sortie:
        return await kept_as.take_in(sortie_id, None, sent(b"other"), ("", "other.srt"), "pilot")

    async def state(kept_as: Sorties) -> Sortie:
        return await kept_as.state(sortie_id, STATED, "pilot", NOW)

    async def again(kept_as: Sorties) -> Sortie:
        return await kept_as.step(sortie_id, SortieStep.RECEIVE, "pilot", NOW)

    before = kept.files()
    for way in (hand_in, state, again):
        with pytest.raises(SpokenOfError, match="1 tracks named, 1 tasks; say why"):
            await way(kept.sorties)
        now = await kept.sorties.sortie(sortie_id)
        assert (now.state, now.stated, kept.files()) == (SortieState.READY, Stated(), before)
    for way in (hand_in, state, again):
        assert (await way(kept.sorties.because("wrong order"))).state is SortieState.WAITING
        assert await last_reason(kept) == "wrong order"
        work = await kept.work.take_next()
        assert work
        await kept.work.keep(sortie_id, [moment(0)], [track(sortie_id, uuid4())], 0.5)
        await kept.work.finish(sortie_id)
        [review] = await reviews.of_sortie(sortie_id)
        assert review.track_id == TRACK_ID
        assert [one.track_id for one in await kept.sorties.tracks(sortie_id)] == [TRACK_ID]


async def test_a_flight_nobody_spoke_of_is_worked_through_again_at_once(kept: Kept) -> None:
    sortie_id = (await worked(kept)).sortie_id
    again = await kept.sorties.step(sortie_id, SortieStep.RECEIVE, "pilot", NOW)
    assert again.state is SortieState.WAITING


STATED = Stated(video_begins_s=12.5, heights_from=HeightDatum.EGM96, film=FilmKind.THERMAL)


async def test_what_a_person_states_is_kept_and_works_the_flight_through_again(kept: Kept) -> None:
    sortie = await worked(kept)
    again = await kept.sorties.state(sortie.sortie_id, STATED, "ana", NOW)
    assert (again.state, again.stated, again.done) == (SortieState.WAITING, STATED, 0.0)
    assert (await acts(kept))[-2:] == [
        ("ana", Act.ALTERATION, "stated"), ("ana", Act.COLLECTION, "receive"),
    ]  # fmt: skip
    work = await kept.work.take_next()
    assert work and work.sortie.stated == STATED
    with pytest.raises(RefusedSortieError, match="being worked through"):
        await kept.sorties.state(sortie.sortie_id, Stated(), "ana", NOW)


async def test_stated_before_its_files_are_here_it_is_told_to_what_reads_them(kept: Kept) -> None:
    sortie = await planned(kept)
    await kept.sorties.step(sortie.sortie_id, SortieStep.CLEAR, "bea", NOW)
    stated = await kept.sorties.state(sortie.sortie_id, STATED, "ana", NOW)
    assert (stated.state, stated.stated) == (SortieState.CLEARED, STATED)
    received = await kept.sorties.take_in(
        sortie.sortie_id, None, sent(b"telemetry"), ("", "a.srt"), "pilot"
    )
    assert received.stated == STATED and kept.handed[-1].stated == STATED
    assert not kept.handed[-1].filmed


async def test_notes_come_with_the_telemetry_and_anew_with_its_work(kept: Kept) -> None:
    kept.told[0] = replace(kept.told[0], notes=("3 packets passed over",))
    sortie = await received(kept)
    assert sortie.notes == ("3 packets passed over",)
    assert await kept.work.take_next()
    told = replace(kept.told[0], notes=("none passed over",), lacks=())
    await kept.work.finish(sortie.sortie_id, told.lacks, told)
    ready = await kept.sorties.sortie(sortie.sortie_id)
    assert (ready.notes, ready.lacks) == (("none passed over",), ())


async def test_with_a_stated_beginning_the_clock_is_that_of_the_video(kept: Kept) -> None:
    kept.begins(NOW)
    sortie = await received(kept)
    assert await kept.work.take_next()
    later = replace(kept.told[0], began_at=NOW + timedelta(seconds=12.5))
    await kept.work.finish(sortie.sortie_id, (), later)
    ready = await kept.sorties.sortie(sortie.sortie_id)
    assert (ready.began_at, ready.clocked) == (NOW + timedelta(seconds=12.5), True)


async def test_nothing_is_stated_of_a_flight_that_was_cancelled(kept: Kept) -> None:
    sortie = await planned(kept)
    await kept.sorties.step(sortie.sortie_id, SortieStep.CANCEL, "bea", NOW)
    with pytest.raises(RefusedSortieError, match="cancelled"):
        await kept.sorties.state(sortie.sortie_id, STATED, "ana", NOW)
