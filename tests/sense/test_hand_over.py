import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StreamConfig

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
    async with asyncio.timeout(120), aclosing(stream.reads()) as batches:
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


async def test_what_is_set_aside_goes_after_its_days_also_where_it_lies_already(
    nats_url: str,
) -> None:
    prefix = f"T{uuid4().hex}"
    earlier = await NatsHandOver.connect(nats_url, prefix)
    jetstream, name = earlier.client.jetstream(), f"{prefix}_REFUSED"
    info = await jetstream.stream_info(name)
    assert info.config.max_age == 7 * 86_400
    info.config.max_age = 0  # as an older Morina made it
    await jetstream.update_stream(info.config)
    await jetstream.publish(f"{prefix}.refused", b"AB12CDE")
    later = await NatsHandOver.connect(nats_url, prefix, refused_days=3 / 86_400)
    assert (await jetstream.stream_info(f"{prefix}_READS")).config.max_age in (None, 0)
    async with asyncio.timeout(120):
        while (await jetstream.stream_info(name)).state.messages:
            await asyncio.sleep(0.1)
    await later.close()
    await earlier.close()


def a_capture(camera_id: str = "c") -> Capture:
    return Capture(
        capture_id=uuid4(), camera_id=camera_id, captured_at=NOON, received_at=NOON, image="0" * 64
    )


async def take_captures(stream: NatsHandOver, count: int) -> list[Capture]:
    taken: list[Capture] = []
    async with asyncio.timeout(120), aclosing(stream.captures()) as batches:
        async for batch in batches:
            taken += batch.items
            await batch.acknowledge()
            if len(taken) >= count:
                return taken
    raise AssertionError


async def until_waiting(stream: NatsHandOver, expected: Mapping[str, int]) -> None:
    async with asyncio.timeout(120):
        while await stream.captures_waiting() != expected:
            await asyncio.sleep(0.05)


async def test_a_capture_waits_until_a_worker_has_read_it(stream: NatsHandOver) -> None:
    capture = a_capture()
    await stream.hand_over(capture)
    async with asyncio.timeout(120), aclosing(stream.captures()) as batches:
        async for batch in batches:
            assert batch.items == (capture,)
            await batch.acknowledge()
            break
    jetstream = stream.client.jetstream()
    async with asyncio.timeout(120):
        while (await jetstream.stream_info(f"{stream.prefix}_CAPTURES")).state.messages:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "camera_id",
    ["bridge-north", "bridge.north 1", "*", ">", "a>b*c%2E$", "Ura ë Drinit/2", "x" * 64],
)
async def test_captures_waiting_are_counted_by_camera_whatever_its_id_holds(
    stream: NatsHandOver, camera_id: str
) -> None:
    assert await stream.captures_waiting() == {}
    captures = [a_capture(camera_id), a_capture(camera_id), a_capture("other")]
    for capture in captures:
        await stream.hand_over(capture)
    await stream.hand_over(captures[0])
    assert await stream.captures_waiting() == {camera_id: 2, "other": 1}
    assert await take_captures(stream, 1) == captures[:1]
    await until_waiting(stream, {camera_id: 1, "other": 1})
    assert await take_captures(stream, 2) == captures[1:]
    await until_waiting(stream, {})


async def test_a_capture_under_way_is_not_read_yet(stream: NatsHandOver) -> None:
    await stream.hand_over(a_capture())
    async with asyncio.timeout(120), aclosing(stream.captures()) as batches:
        batch = await anext(batches)
        assert await stream.captures_waiting() == {"c": 1}
        await batch.acknowledge()
    await until_waiting(stream, {})


async def test_what_an_older_morina_left_is_read_and_new_captures_with_it(
    stream: NatsHandOver, nats_url: str
) -> None:
    """Its stream and its consumer knew one subject for all cameras."""
    prefix, jetstream = f"T{uuid4().hex}", stream.client.jetstream()
    name, subject = f"{prefix}_CAPTURES", f"{prefix}.captures"
    await jetstream.add_stream(
        StreamConfig(name=name, subjects=[subject], retention=RetentionPolicy.WORK_QUEUE)
    )
    await jetstream.add_consumer(
        name,
        ConsumerConfig(
            name="node", durable_name="node", ack_policy=AckPolicy.EXPLICIT, ack_wait=120,
            max_ack_pending=20_000, filter_subjects=[subject],
        ),
    )  # fmt: skip
    old, new = a_capture(), a_capture()
    await jetstream.publish(subject, msgspec.json.encode(old))
    upgraded = await NatsHandOver.connect(nats_url, prefix)
    await upgraded.hand_over(new)
    assert await upgraded.captures_waiting() == {"c": 1}
    assert await take_captures(upgraded, 2) == [old, new]
    await upgraded.close()


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
    async with asyncio.timeout(120):
        with pytest.raises(StopAsyncIteration):
            await reading
