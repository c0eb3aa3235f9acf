import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from morina.plates import Plate
from morina.sense import Capture, Read
from morina.sense.adapters.nats import NatsHandOver, _gather
from morina.sense.hand_over import Batch

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def a_read() -> Read:
    return Read(
        read_id=uuid4(),
        camera_id="c",
        captured_at=NOON,
        received_at=NOON,
        plate=Plate("AB12CDE", "GB"),
        confidence=0.9,
    )


@pytest.fixture
async def stream(nats_url: str) -> AsyncIterator[NatsHandOver]:
    hand_over = await NatsHandOver.connect(nats_url, prefix=f"T{uuid4().hex}")
    yield hand_over
    await hand_over.close()


async def take(stream: NatsHandOver, count: int, acknowledge: bool = True) -> list[Read]:
    taken: list[Read] = []
    async with asyncio.timeout(60), aclosing(stream.reads()) as batches:
        batch: Batch[Read]
        async for batch in batches:
            taken += batch.items
            if acknowledge:
                await batch.acknowledge()
            if len(taken) >= count:
                return taken
    raise AssertionError


async def test_reads_arrive_as_published_and_in_order(stream: NatsHandOver) -> None:
    reads = [a_read() for _ in range(20)]
    for index in range(0, 20, 4):
        await stream.publish_reads(reads[index : index + 4])
    assert await take(stream, 20) == reads


async def test_the_same_reads_published_again_arrive_once(stream: NatsHandOver) -> None:
    first, second = a_read(), a_read()
    await stream.publish_reads([first])
    await stream.publish_reads([first])
    await stream.publish_reads([second])
    assert await take(stream, 2) == [first, second]


async def test_what_a_killed_node_did_not_acknowledge_comes_again_at_once(
    stream: NatsHandOver,
) -> None:
    read = a_read()
    await stream.publish_reads([read])
    assert await take(stream, 1, acknowledge=False) == [read]
    assert await take(stream, 1) == [read]


async def test_a_message_nobody_understands_is_set_aside_and_stops_nothing(
    stream: NatsHandOver,
) -> None:
    jetstream = stream.client.jetstream()
    await jetstream.publish(f"{stream.prefix}.reads", b'[{"read_id": 7}]')
    read = a_read()
    await stream.publish_reads([read])
    assert await take(stream, 1) == [read]
    assert (await jetstream.stream_info(f"{stream.prefix}_REFUSED")).state.messages == 1


async def test_a_capture_waits_until_a_worker_has_read_it(stream: NatsHandOver) -> None:
    capture = Capture(
        capture_id=uuid4(), camera_id="c", captured_at=NOON, received_at=NOON, image="0" * 64
    )
    await stream.hand_over(capture)
    async with asyncio.timeout(60), aclosing(stream.captures()) as batches:
        async for batch in batches:
            assert batch.items == (capture,)
            await batch.acknowledge()
            break
    jetstream = stream.client.jetstream()
    async with asyncio.timeout(60):
        while (await jetstream.stream_info(f"{stream.prefix}_CAPTURES")).state.messages:
            await asyncio.sleep(0.05)


class Hurried:
    """A subscription with one message, which then has no time left for another fetch."""

    def __init__(self) -> None:
        self.left = ["message"]

    async def fetch(self, most: int, timeout: float) -> list[str]:
        if self.left:
            return [self.left.pop()]
        raise TimeoutError(f"{most} more in {timeout} s")


async def test_what_was_fetched_is_kept_when_gathering_more_takes_too_long() -> None:
    """nats-py raises the built-in TimeoutError as well as its own; reads came a minute late."""
    assert await _gather(Hurried(), 10, gather_s=0.001) == ["message"]  # type: ignore[arg-type]  # it fetches


async def test_a_stream_that_is_closed_ends(stream: NatsHandOver) -> None:
    reading = asyncio.create_task(anext(stream.reads()))
    await asyncio.sleep(0.2)
    await stream.client.close()
    async with asyncio.timeout(60):
        with pytest.raises(StopAsyncIteration):
            await reading
