"""Passing reads through a NATS stream that is in memory only, and is bounded in age and size."""

import asyncio
import logging
from collections.abc import AsyncGenerator

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from morina.sense.adapters.nats import OUTAGES, PUBLISH_TIMEOUT_S
from morina.sense.hand_over import Batch
from morina.sense.passing import PassingRead

log = logging.getLogger(__name__)

STREAM, SUBJECT = "MORINA_PASSING", "MORINA.passing"
LOST_AFTER_S = 60.0
MOST_BYTES = 256_000_000
AT_ONCE = 100
WAITED_S = 5.0
HEADROOM = 1000

_decode = msgspec.msgpack.Decoder(PassingRead).decode


class NatsPassing:
    """The role Passing. ``client`` is opened and closed by the caller."""

    def __init__(self, client: Client, stream: str = STREAM, subject: str = SUBJECT) -> None:
        self._client = client
        self._stream = stream
        self._subject = subject

    async def prepare(self) -> None:
        """Make the stream where it is missing; one that is in a file is not used."""
        config = StreamConfig(
            name=self._stream,
            subjects=[self._subject],
            retention=RetentionPolicy.WORK_QUEUE,
            storage=StorageType.MEMORY,
            discard=DiscardPolicy.OLD,
            max_age=LOST_AFTER_S,
            max_bytes=MOST_BYTES,
        )
        jetstream = self._client.jetstream()
        try:
            known = (await jetstream.stream_info(self._stream)).config
        except NotFoundError:
            known = (await jetstream.add_stream(config)).config
        if known.storage != StorageType.MEMORY:
            raise ValueError(f"the stream {self._stream} is kept in files; remove it")

    async def pass_on(self, passing: PassingRead) -> None:
        """See Passing. Pictures that a message cannot hold are left out, the largest first."""
        pictures = dict(passing.pictures)
        while sum(map(len, pictures.values())) > self._client.max_payload - HEADROOM * 10:
            del pictures[max(pictures, key=lambda name: len(pictures[name]))]
            log.warning("camera %s: a picture is too large to be passed on", passing.read.camera_id)
        payload = msgspec.msgpack.encode(PassingRead(read=passing.read, pictures=pictures))
        await self._client.jetstream().publish(self._subject, payload, timeout=PUBLISH_TIMEOUT_S)

    async def passing(self) -> AsyncGenerator[Batch[PassingRead], None]:
        """See Passing."""
        config = ConsumerConfig(
            durable_name="node", ack_policy=AckPolicy.EXPLICIT, ack_wait=30, mem_storage=True
        )
        subscription = None
        while True:
            try:
                if subscription is None:
                    await self.prepare()
                    jetstream = self._client.jetstream()
                    await jetstream.add_consumer(self._stream, config)
                    subscription = await jetstream.pull_subscribe_bind(
                        durable="node", stream=self._stream
                    )
                messages = await subscription.fetch(AT_ONCE, timeout=WAITED_S)
            except TimeoutError:
                continue
            except OUTAGES as outage:
                log.warning("%s does not answer (%s); trying again", self._stream, outage)
                subscription = None
                await asyncio.sleep(0.5)
                continue

            async def acknowledge(messages: list[Msg] = messages) -> None:
                for message in messages:
                    await message.ack()
                await self._client.flush()

            yield Batch(tuple(_decode(one.data) for one in messages), acknowledge)
