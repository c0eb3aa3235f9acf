"""A person names a track; who is in trouble is handed to rescue before anything else."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from flown import BEGAN, DISTRESS, PURPOSE, fly, moving
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.trail import Act, Deed
from morina.sense.aerial import (
    CalledTo,
    Named,
    ObjectKind,
    PlacedBy,
    RefusedSortieError,
    TaskKind,
    TaskState,
    TaskStep,
)
from morina.sense.aerial.adapters.postgres_reviews import GroundHeight, PostgresReviews
from morina.sense.aerial.adapters.postgres_tasks import PostgresTasks
from morina.sense.aerial.adapters.reviews_forgetting import ReviewsForgetting
from morina.sense.aerial.reviewing import TASK_STEPS, task_moved
from morina.sense.aerial.roles import UnknownSortieError

K, N, S, T = TaskKind, Named, TaskState, TaskStep
ALL = (frozenset(K), frozenset(S))
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
COMPUTED = CalledTo(
    latitude=42.2, longitude=20.5, ce90_m=35.0, placed=PlacedBy.COMPUTED, height_m=900.0,
    le90_m=4.0, at_s=5.0,
)  # fmt: skip


@pytest.fixture
def reviews(pool: AsyncConnectionPool) -> PostgresReviews:
    async def height_at(_latitude: float, _longitude: float, _ce90_m: float) -> GroundHeight:
        return GroundHeight(1240.5, 6.5)

    return PostgresReviews(pool, PostgresTrail(), height_at)


@pytest.fixture
def tasks(pool: AsyncConnectionPool) -> PostgresTasks:
    return PostgresTasks(pool, PostgresTrail())


@pytest.fixture
def flown(dsn: str) -> tuple[UUID, UUID]:
    """A flight and its track."""
    sortie_id = uuid4()
    track = moving(sortie_id)
    return fly(dsn, track, sortie_id=sortie_id), track.track_id


async def deeds(pool: AsyncConnectionPool) -> list[Deed]:
    return [one.deed async for one in PostgresTrailReader(pool).entries()]


async def test_a_review_keeps_the_machines_word_beside_the_persons(
    pool: AsyncConnectionPool, reviews: PostgresReviews, flown: tuple[UUID, UUID]
) -> None:
    made = await reviews.name(*flown, N.ANIMAL, PURPOSE, "two goats")
    await reviews.name(*flown, N.VEHICLE, PURPOSE)
    newest, first = await reviews.of_sortie(flown[0])
    assert first == made
    assert (first.machine, first.share, first.officer) == ("person", 0.71, "ana")
    assert newest.named is N.VEHICLE
    assert (first.at_s, first.latitude, first.longitude) == (2.0, 42.10002, 20.42)
    assert await reviews.rates() == [("person", "vehicle", 1)]
    named = [one for one in await deeds(pool) if one.act is Act.ALTERATION]
    assert [one.what.step for one in named] == ["named animal", "named vehicle"]
    assert {one.who for one in named} == {"ana"}
    assert named[0].why["case_number"] == "C-7"
    assert named[0].what.ids == (str(flown[1]), str(flown[0]))


async def test_someone_in_trouble_is_a_rescue_at_the_last_place_at_once(
    pool: AsyncConnectionPool, reviews: PostgresReviews, tasks: PostgresTasks,
    flown: tuple[UUID, UUID],
) -> None:  # fmt: skip
    await reviews.name(*flown, N.IN_TROUBLE, DISTRESS, "waves")
    [task] = await tasks.tasks(*ALL)
    assert (task.kind, task.state, task.named) == (K.RESCUE, S.OPEN, N.IN_TROUBLE)
    assert (task.latitude, task.longitude) == pytest.approx((42.10002, 20.42))
    assert (task.height_m, task.le90_m, task.placed) == (1240.5, 6.5, "computed")
    assert task.ce90_m == pytest.approx(2.146 * 5.207**0.5, rel=1e-3)
    assert task.seen_at == BEGAN + timedelta(seconds=2)
    assert (task.said, task.officer, task.case_number) == ("waves", "ana", "C-7")
    told = next(one for one in await deeds(pool) if one.act is Act.DISCLOSURE)
    assert told.with_whom == "mountain rescue"
    assert told.why["code"] == "risk_to_life"


async def test_naming_and_rescue_are_kept_together_or_not_at_all(
    pool: AsyncConnectionPool, tasks: PostgresTasks, flown: tuple[UUID, UUID]
) -> None:
    class Broken:
        async def append(self, connection: object, deed: Deed) -> None:  # noqa: ARG002 - its role
            if deed.act is Act.DISCLOSURE:
                raise ConnectionError("the trail is full")

    reviews = PostgresReviews(pool, Broken())
    with pytest.raises(ConnectionError):
        await reviews.name(*flown, N.IN_TROUBLE, DISTRESS)
    assert await tasks.tasks(*ALL) == []
    assert await reviews.rates() == []


async def test_naming_the_same_twice_makes_one_rescue(
    reviews: PostgresReviews, tasks: PostgresTasks, flown: tuple[UUID, UUID]
) -> None:
    both = (reviews.name(*flown, N.IN_TROUBLE, DISTRESS) for _ in range(2))
    await asyncio.gather(*both)
    [task] = await tasks.tasks(*ALL)
    await tasks.step(task.task_id, T.CANCEL, "ana", NOW, "it was a scarecrow")
    await reviews.name(*flown, N.IN_TROUBLE, DISTRESS)
    assert len(await tasks.tasks(*ALL)) == 2


async def test_no_patrol_is_sent_on_the_machines_word(
    reviews: PostgresReviews, tasks: PostgresTasks, flown: tuple[UUID, UUID]
) -> None:
    with pytest.raises(RefusedSortieError, match="nobody has said what the track is"):
        await tasks.hand_over(K.PATROL, *flown, PURPOSE, "on the forest road")
    with pytest.raises(RefusedSortieError, match="a person has to"):
        await reviews.name(*flown, N.VEHICLE, replace(PURPOSE, officer="morina"))
    await reviews.name(*flown, N.NOTHING, PURPOSE)
    with pytest.raises(RefusedSortieError, match="is nothing"):
        await tasks.hand_over(K.PATROL, *flown, PURPOSE, "on the forest road")
    await reviews.name(*flown, N.VEHICLE, PURPOSE)
    task = await tasks.hand_over(K.PATROL, *flown, PURPOSE, "on the forest road")
    assert (task.kind, task.named, task.height_m) == (K.PATROL, N.VEHICLE, None)
    with pytest.raises(RefusedSortieError, match="already"):
        await tasks.hand_over(K.PATROL, *flown, PURPOSE, "on the forest road")


async def test_no_patrol_before_the_rescue_is_finished(
    reviews: PostgresReviews, tasks: PostgresTasks, flown: tuple[UUID, UUID]
) -> None:
    await reviews.name(*flown, N.IN_TROUBLE, DISTRESS)
    await reviews.name(*flown, N.GROUP_ON_FOOT, PURPOSE)
    with pytest.raises(RefusedSortieError, match="waits for a rescue"):
        await tasks.hand_over(K.PATROL, *flown, PURPOSE, "three people")
    [rescue] = await tasks.tasks(*ALL)
    await tasks.step(rescue.task_id, T.TAKE, "besa", NOW)
    await tasks.step(rescue.task_id, T.FINISH, "besa", NOW, "brought down to the village")
    await tasks.hand_over(K.PATROL, *flown, PURPOSE, "three people")


def beside(north_m: float, ce90_m: float = 10.0) -> CalledTo:
    """So far north of where a track of these tests ends, as a person says it."""
    latitude = 42.10002 + north_m / 111_070
    return replace(
        COMPUTED, latitude=latitude, longitude=20.42, ce90_m=ce90_m, placed=PlacedBy.SAID
    )


@pytest.mark.parametrize(
    ("where", "waits"), [(beside(100), True), (beside(300), False), (beside(3000, 5000), True)]
)
async def test_no_patrol_near_a_rescue_called_to_a_point_of_the_same_flight(
    dsn: str, reviews: PostgresReviews, tasks: PostgresTasks, where: CalledTo, waits: bool
) -> None:
    sortie_id, elsewhere = uuid4(), fly(dsn)
    track = moving(sortie_id, ObjectKind.VEHICLE)
    fly(dsn, track, sortie_id=sortie_id)
    of = (sortie_id, track.track_id)
    await reviews.name(*of, N.VEHICLE, PURPOSE)
    await tasks.at_place(elsewhere, beside(0), DISTRESS, "waves")
    rescue = await tasks.at_place(sortie_id, where, DISTRESS, "waves")
    if waits:
        with pytest.raises(RefusedSortieError, match="waits for a rescue"):
            await tasks.hand_over(K.PATROL, *of, PURPOSE, "a car")
        await tasks.step(rescue.task_id, T.CANCEL, "ana", NOW, "a scarecrow")
    assert (await tasks.hand_over(K.PATROL, *of, PURPOSE, "a car")).kind is K.PATROL


async def test_the_place_of_a_rescue_says_where_it_comes_from(
    pool: AsyncConnectionPool, flown: tuple[UUID, UUID], tasks: PostgresTasks
) -> None:
    async def height_at(_latitude: float, _longitude: float, ce90_m: float) -> GroundHeight:
        return GroundHeight(700.0, ce90_m / 10)

    knowing = PostgresTasks(pool, PostgresTrail(), height_at)
    said = await knowing.at_place(flown[0], beside(0, 100.0), DISTRESS, "waves")
    aircraft = CalledTo(latitude=42.1, longitude=20.42, ce90_m=15_000.0, placed=PlacedBy.AIRCRAFT)
    over = await knowing.at_place(flown[0], aircraft, DISTRESS, "waves")
    seen = await knowing.at_place(flown[0], COMPUTED, DISTRESS, "waves")
    kept = {one.task_id: one for one in await tasks.tasks(*ALL)}
    told = [(kept[x.task_id].placed, x.height_m, x.le90_m, x.seen_at) for x in (said, over, seen)]
    assert told == [
        (PlacedBy.SAID, 700.0, 10.0, BEGAN + timedelta(seconds=5)),
        (PlacedBy.AIRCRAFT, None, None, None),
        (PlacedBy.COMPUTED, 900.0, 4.0, BEGAN + timedelta(seconds=5)),
    ]
    assert kept[over.task_id] == over


async def test_rescues_come_first_then_the_oldest(
    dsn: str, reviews: PostgresReviews, tasks: PostgresTasks
) -> None:
    sortie_id = uuid4()
    tracks = [moving(sortie_id) for _ in range(3)]
    fly(dsn, *tracks, sortie_id=sortie_id)
    for one, named in zip(tracks, (N.VEHICLE, N.IN_TROUBLE, N.IN_TROUBLE), strict=True):
        await reviews.name(sortie_id, one.track_id, named, PURPOSE)
        if named is N.VEHICLE:
            await tasks.hand_over(K.PATROL, sortie_id, one.track_id, PURPOSE, "lorry")
    at_place = await tasks.at_place(sortie_id, COMPUTED, DISTRESS, "waves")
    assert at_place.seen_at == BEGAN + timedelta(seconds=5)
    assert (at_place.track_id, at_place.ce90_m) == (None, 35.0)
    found = await tasks.tasks(*ALL)
    assert [one.kind for one in found] == [K.RESCUE] * 3 + [K.PATROL]
    made = [one.made_at for one in found[:3]]
    assert made == sorted(made)
    assert await tasks.waiting() == made
    await tasks.step(found[0].task_id, T.TAKE, "besa", NOW)
    assert await tasks.waiting() == made[1:]
    assert [one.kind for one in await tasks.tasks(frozenset({K.PATROL}), ALL[1])] == [K.PATROL]


async def test_steps_go_by_the_table_only_and_two_who_take_are_put_in_order(
    pool: AsyncConnectionPool, reviews: PostgresReviews, tasks: PostgresTasks,
    flown: tuple[UUID, UUID],
) -> None:  # fmt: skip
    await reviews.name(*flown, N.IN_TROUBLE, DISTRESS)
    [task] = await tasks.tasks(*ALL)
    takes = (tasks.step(task.task_id, T.TAKE, who, NOW) for who in ("besa", "dritan"))
    done = await asyncio.gather(*takes, return_exceptions=True)
    [taken] = [one for one in done if not isinstance(one, BaseException)]
    [late] = [one for one in done if isinstance(one, BaseException)]
    assert isinstance(late, RefusedSortieError) and "a task that is taken" in str(late)
    assert taken.taken_by in ("besa", "dritan")
    with pytest.raises(RefusedSortieError, match="say in words"):
        await tasks.step(task.task_id, T.GIVE_BACK, "besa", NOW, " ")
    back = await tasks.step(task.task_id, T.GIVE_BACK, "besa", NOW, "the bridge is gone")
    assert (back.state, back.outcome) == (S.GIVEN_BACK, "the bridge is gone")
    with pytest.raises(RefusedSortieError, match="takes take or cancel"):
        await tasks.step(task.task_id, T.ARRIVE, "besa", NOW)
    with pytest.raises(UnknownSortieError):
        await tasks.step(uuid4(), T.TAKE, "besa", NOW)
    steps = [one.what.step for one in await deeds(pool) if one.what.kind == "aerial_task"]
    assert steps == ["rescue handed over", "shown", "take", "give_back"]


def test_every_pair_of_state_and_step_is_decided() -> None:
    for state in S:
        for step in T:
            if (state, step) in TASK_STEPS:
                assert task_moved(state, step) is TASK_STEPS[state, step]
            else:
                with pytest.raises(RefusedSortieError, match=f"is {state.value} takes no"):
                    task_moved(state, step)


async def test_a_sortie_takes_reviews_and_finished_tasks_with_it(
    dsn: str, pool: AsyncConnectionPool, reviews: PostgresReviews, tasks: PostgresTasks
) -> None:
    sortie_id = uuid4()
    tracks = [moving(sortie_id) for _ in range(2)]
    fly(dsn, *tracks, sortie_id=sortie_id)
    for one in tracks:
        await reviews.name(sortie_id, one.track_id, N.IN_TROUBLE, DISTRESS)
    first, second = await tasks.tasks(*ALL)
    await tasks.step(first.task_id, T.CANCEL, "ana", NOW, "a scarecrow")
    beside = ReviewsForgetting()
    async with pool.connection() as connection:
        assert not await beside.forget(connection, sortie_id)
        await connection.execute("UPDATE sortie SET state = 'forgotten'")
    assert await tasks.tasks(*ALL) == [second]
    assert await reviews.rates() == [("person", "in_trouble", 2)]
    with pytest.raises(UnknownSortieError):
        await reviews.of_sortie(sortie_id)
    with pytest.raises(UnknownSortieError):
        await reviews.name(sortie_id, tracks[0].track_id, N.VEHICLE, PURPOSE)
    await tasks.step(second.task_id, T.CANCEL, "ana", NOW, "a scarecrow")
    async with pool.connection() as connection:
        assert await beside.forget(connection, sortie_id)
        assert await beside.forget(connection, sortie_id)
    assert await tasks.tasks(*ALL) == []
    assert await reviews.rates() == [("person", "in_trouble", 2)]


async def test_a_sortie_without_a_clock_gives_no_time(
    dsn: str, reviews: PostgresReviews, tasks: PostgresTasks
) -> None:
    sortie_id = uuid4()
    track = moving(sortie_id)
    fly(dsn, track, sortie_id=sortie_id, clocked=False)
    await reviews.name(sortie_id, track.track_id, N.IN_TROUBLE, DISTRESS)
    [task] = await tasks.tasks(*ALL)
    assert task.seen_at is None


async def test_who_goes_on_looking_is_entered_once(
    pool: AsyncConnectionPool, reviews: PostgresReviews, tasks: PostgresTasks,
    flown: tuple[UUID, UUID],
) -> None:  # fmt: skip
    await reviews.name(*flown, N.IN_TROUBLE, DISTRESS)
    for _ in range(3):
        await tasks.tasks(*ALL)
        await reviews.of_sortie(flown[0])
    looked = [one.what.step for one in await deeds(pool) if one.act is Act.CONSULTATION]
    assert looked == ["shown", "reviews shown"]
