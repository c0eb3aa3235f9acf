"""Timestamps of an authority (RFC 3161) over the trail's head; nothing waits for them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg_pool import AsyncConnectionPool
from rfc3161_client import decode_timestamp_response

from exchanging import exchanging, until
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.trail import Act, Deed, What
from morina.exchange import Category, Kind
from morina.exchange.adapters.postgres_stamps import PostgresStamps
from morina.exchange.adapters.stamping import NoStampError, TimestampAuthority
from timestamps import Timestamps, timestamps


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Timestamps]:
    with timestamps(tmp_path / "tsa") as answering:
        yield answering


async def test_a_stamp_holds_over_what_was_given_and_nothing_else(authority: Timestamps) -> None:
    asked = TimestampAuthority(authority.url, authority.root)
    answer = await asked.stamp(b"the head of a trail")
    asked.check(answer, b"the head of a trail")
    with pytest.raises(NoStampError, match="does not hold"):
        asked.check(answer, b"the head of another")
    assert decode_timestamp_response(answer).tst_info.gen_time.tzinfo


async def test_an_authority_that_does_not_answer_or_is_another_gives_none(
    authority: Timestamps, tmp_path: Path
) -> None:
    with (
        timestamps(tmp_path / "other") as other,
        pytest.raises(NoStampError, match="does not hold"),
    ):
        await TimestampAuthority(authority.url, other.root).stamp(b"head")
    authority.answers = False
    with pytest.raises(NoStampError, match="503"):
        await TimestampAuthority(authority.url, authority.root).stamp(b"head")
    with pytest.raises(NoStampError):
        await TimestampAuthority("http://127.0.0.1:9/", authority.root).stamp(b"head")


async def test_what_has_no_stamp_for_too_long_is_an_alarm(pool: AsyncConnectionPool) -> None:
    stamps, now = PostgresStamps(pool, timedelta(hours=4)), datetime.now(UTC)
    assert await stamps.unstamped() is None
    assert await stamps.troubles(now) == []
    deed = Deed(act=Act.CONFIGURATION, what=What("test"), at=now - timedelta(hours=5))
    await PostgresTrailReader(pool).enter(deed)
    (said,) = await stamps.troubles(now)
    assert "Messages pass as before" in said
    head = await stamps.unstamped()
    assert head
    await stamps.keep(head, "http://tsa", b"token", now)
    assert await stamps.unstamped() is None
    assert await stamps.troubles(now + timedelta(days=1)) == []
    assert await PostgresStamps(pool).troubles(now) == []


async def test_traffic_goes_on_without_stamps_and_is_stamped_when_they_come(
    engines: object, tmp_path: Path, authority: Timestamps
) -> None:
    authority.answers = False
    async with exchanging(
        engines.postgres, tmp_path, "AL", "GB",  # type: ignore[attr-defined]
        timestamp_url=authority.url, timestamp_root=authority.root, timestamp_every_s=1,
    ) as nodes:  # fmt: skip
        agreement = nodes.agree("AL", "GB", Category.SIGHTING)
        await nodes["AL"].post("GB", Kind.SIGHTING, agreement)
        await until(lambda: nodes["GB"].took.messages)
        assert await nodes["GB"].rows("SELECT number FROM exchange_stamp") == []
        authority.answers = True
        rows = await until(lambda: nodes["GB"].rows("SELECT head, token FROM exchange_stamp"))
        asked = TimestampAuthority(authority.url, authority.root)
        asked.check(bytes(rows[0][1]), bytes.fromhex(rows[0][0]))
