"""Notices open late, close late, and are kept."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_notices import PostgresNotices
from morina.sense.cameras.condition import Fault, Finding
from morina.sense.cameras.notices import CLOSES_AFTER, OPENS_AFTER, NoSuchNoticeError, followed

NOW = datetime(2026, 3, 4, 14, 20, tzinfo=UTC)
CLOCK = Finding(fault=Fault.CLOCK, values={"seconds": "+95"})
MINUTE = timedelta(minutes=1)


def test_a_finding_that_comes_and_goes_never_opens() -> None:
    waiting = followed([], "north", [CLOCK], NOW)
    assert [notice.is_open for notice in waiting] == [False]
    assert followed(waiting, "north", [], NOW + MINUTE) == []


def test_a_finding_that_lasts_opens_and_one_that_is_back_soon_does_not_close() -> None:
    waiting = followed([], "north", [CLOCK], NOW)
    opened = followed(waiting, "north", [CLOCK], NOW + OPENS_AFTER)
    assert opened[0].is_open
    gone = followed(opened, "north", [], NOW + OPENS_AFTER + MINUTE)
    assert gone == opened
    worse = Finding(fault=Fault.CLOCK, values={"seconds": "+96"})
    back = followed(gone, "north", [worse], NOW + OPENS_AFTER + 2 * MINUTE)
    assert back[0].notice_id == opened[0].notice_id
    assert back[0].values == worse.values
    closed = followed(back, "north", [], back[0].last_seen_at + CLOSES_AFTER)
    assert closed[0].closed_at == back[0].last_seen_at + CLOSES_AFTER


@pytest.fixture
async def notices(pool: AsyncConnectionPool) -> PostgresNotices:
    camera = Camera(camera_id="north", name="North", site="North", latitude=42, longitude=20)
    await PostgresCameras(pool, PostgresTrail()).put(camera)
    return PostgresNotices(pool)


async def test_a_notice_is_opened_acknowledged_by_a_person_and_closed(
    notices: PostgresNotices,
) -> None:
    await notices.take("north", [CLOCK], NOW)
    assert await notices.of_camera("north") == []
    [opened] = await notices.take("north", [CLOCK], NOW + OPENS_AFTER)
    assert await notices.unclosed() == [opened] == await notices.of_camera("north")
    taken = await notices.acknowledge(opened.notice_id, "ana", NOW + 6 * MINUTE)
    assert (taken.acknowledged_by, taken.acknowledged_at) == ("ana", NOW + 6 * MINUTE)
    later = await notices.acknowledge(opened.notice_id, "ben", NOW + 7 * MINUTE)
    assert later == taken
    [seen] = await notices.take("north", [CLOCK], NOW + 8 * MINUTE)
    assert seen.acknowledged_by == "ana"
    assert await notices.take("north", [], NOW + 8 * MINUTE + CLOSES_AFTER) == []
    assert await notices.unclosed() == []
    [closed] = await notices.of_camera("north")
    assert closed.closed_at is not None
    with pytest.raises(NoSuchNoticeError):
        await notices.acknowledge(opened.notice_id, "ben", NOW)
    with pytest.raises(NoSuchNoticeError):
        await notices.acknowledge(uuid4(), "ben", NOW)


async def test_what_only_waits_is_forgotten_and_cannot_be_acknowledged(
    notices: PostgresNotices,
) -> None:
    [waiting] = await notices.take("north", [CLOCK], NOW)
    with pytest.raises(NoSuchNoticeError):
        await notices.acknowledge(waiting.notice_id, "ana", NOW)
    await notices.take("north", [], NOW + MINUTE)
    assert await notices.unclosed() == []


async def test_a_camera_that_was_removed_has_no_notices(notices: PostgresNotices) -> None:
    await notices.take("south", [CLOCK], NOW)
    assert await notices.unclosed() == []
