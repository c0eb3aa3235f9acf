"""Hand-over through NATS JetStream: file storage, work-queue streams, explicit acknowledgement."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, unquote

import msgspec
import nats
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from morina.sense import Capture, Read
from morina.sense.hand_over import Batch

log = logging.getLogger(__name__)
T = TypeVar("T")

FETCH_MESSAGES = 500
FETCH_TIMEOUT_S = 5.0
PUBLISH_TIMEOUT_S = 10.0
DUPLICATE_WINDOW_S = 120.0
REFUSED_KEPT_DAYS = 7.0
SECONDS_A_DAY = 86_400.0
READS_ACKNOWLEDGED_WITHIN_S = 60.0
CAPTURES_ACKNOWLEDGED_WITHIN_S = 120.0
OUTAGES = (nats.errors.Error, APIError, ConnectionError)


@dataclass(frozen=True, slots=True)
class _Queue:
    """A stream, the one durable consumer that empties it, and how long it waits for one.

    ``also`` are further subjects it takes from; ``kept_s`` is how long a message may lie there, 0
    until it is taken.
    """

    stream: str
    subject: str
    acknowledged_within_s: float
    also: tuple[str, ...] = ()
    kept_s: float = 0.0

    @property
    def subjects(self) -> list[str]:
        """All subjects it takes from."""
        return [self.subject, *self.also]


@dataclass(slots=True)
class NatsHandOver:
    """The streams ``<prefix>_READS``, ``<prefix>_CAPTURES`` and ``<prefix>_REFUSED``.

    Reads come from this node's own cameras and, below a subject of its own each, from its sites.
    Captures have a subject for each camera, below the one that all shared once and that is still
    taken from.

    ``gather_s`` is how long a batch of reads waits for more, so that the record store gets blocks
    and not single rows. What is set aside as refused may hold plates: it goes after
    ``refused_days``.
    """

    client: Client
    prefix: str = "MORINA"
    gather_s: float = 0.1
    refused_days: float = REFUSED_KEPT_DAYS

    @classmethod
    async def connect(
        cls, url: str, prefix: str = "MORINA", refused_days: float = REFUSED_KEPT_DAYS
    ) -> "NatsHandOver":
        """Connect, reconnecting for ever afterwards, and make the streams that are missing."""
        client = await nats.connect(
            url, max_reconnect_attempts=-1, reconnect_time_wait=0.2, error_cb=_report
        )
        hand_over = cls(client, prefix, refused_days=refused_days)
        await hand_over._make_streams()
        return hand_over

    async def close(self) -> None:
        """Leave; what is unacknowledged is delivered again to the next."""
        await self.client.close()

    async def publish_reads(self, reads: Sequence[Read]) -> None:
        """See HandOver. Raises nats.errors.Error when the stream is full or cannot be reached."""
        names = "".join(f"{read.read_id}{_state(read)}" for read in reads)
        await self._publish(self._reads, msgspec.json.encode(reads), names)

    async def hand_over(self, capture: Capture) -> None:
        """See HandOver."""
        word = capture.said.text if capture.said else ""
        name = f"{capture.capture_id}{capture.image}{capture.patch}{word}{_looks(capture)}"
        subject = f"{self._captures.subject}.{_token(capture.camera_id)}"
        await self._publish_at(subject, msgspec.json.encode(capture), name)

    async def reads(self) -> AsyncGenerator[Batch[Read], None]:
        """See HandOver. One node consumes: what a killed one left is delivered again at once."""
        await self._forget_consumer(self._reads)
        decoder = msgspec.json.Decoder(list[Read])
        async for batch in self._batches(self._reads, decoder.decode, self.gather_s):
            yield batch

    async def captures(self) -> AsyncGenerator[Batch[Capture], None]:
        """See HandOver. One at a time, so that workers share evenly."""
        decoder = msgspec.json.Decoder(Capture)
        queue = self._captures
        async for batch in self._batches(queue, lambda raw: [decoder.decode(raw)], 0, most=1):
            yield batch

    async def captures_waiting(self) -> Mapping[str, int]:
        """See HandOver; without those an older Morina handed over at the subject all shared."""
        queue = self._captures
        info = await self.client.jetstream().stream_info(queue.stream, f"{queue.subject}.*")
        found = info.state.subjects or {}
        return {_camera_id(subject): count for subject, count in found.items()}

    @property
    def _reads(self) -> _Queue:
        name = f"{self.prefix}_READS"
        subject = f"{self.prefix}.reads"
        return _Queue(name, subject, READS_ACKNOWLEDGED_WITHIN_S, (f"{subject}.*",))

    @property
    def _captures(self) -> _Queue:
        name = f"{self.prefix}_CAPTURES"
        subject = f"{self.prefix}.captures"
        return _Queue(name, subject, CAPTURES_ACKNOWLEDGED_WITHIN_S, (f"{subject}.*",))

    @property
    def _refused(self) -> _Queue:
        kept_s = self.refused_days * SECONDS_A_DAY
        return _Queue(f"{self.prefix}_REFUSED", f"{self.prefix}.refused", 0, kept_s=kept_s)

    async def _make_streams(self) -> None:
        jetstream = self.client.jetstream()
        for queue in (self._reads, self._captures, self._refused):
            config = StreamConfig(
                name=queue.stream,
                subjects=queue.subjects,
                retention=RetentionPolicy.WORK_QUEUE,
                storage=StorageType.FILE,
                duplicate_window=min(DUPLICATE_WINDOW_S, queue.kept_s or DUPLICATE_WINDOW_S),
                max_age=queue.kept_s,
            )
            try:
                known = (await jetstream.stream_info(queue.stream)).config
                if (known.subjects, known.max_age or 0) != (config.subjects, config.max_age):
                    await jetstream.update_stream(config)
            except NotFoundError:
                await jetstream.add_stream(config)

    async def _publish(self, queue: _Queue, payload: bytes, identity: str) -> None:
        await self._publish_at(queue.subject, payload, identity)

    async def _publish_at(self, subject: str, payload: bytes, identity: str) -> None:
        name = hashlib.sha256(identity.encode()).hexdigest()
        await self.client.jetstream().publish(
            subject, payload, timeout=PUBLISH_TIMEOUT_S, headers={"Nats-Msg-Id": name}
        )

    async def _forget_consumer(self, queue: _Queue) -> None:
        try:
            await self.client.jetstream().delete_consumer(queue.stream, "node")
        except NotFoundError:
            return

    async def _subscribe(self, queue: _Queue) -> JetStreamContext.PullSubscription:
        """The consumer is made, or brought up to date where an older Morina made it."""
        config = ConsumerConfig(
            name="node",
            durable_name="node",
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=queue.acknowledged_within_s,
            max_ack_pending=20_000,
            filter_subjects=queue.subjects,
        )
        jetstream = self.client.jetstream()
        await jetstream.add_consumer(queue.stream, config)
        return await jetstream.pull_subscribe_bind(durable="node", stream=queue.stream)

    async def _batches(
        self,
        queue: _Queue,
        decode: Callable[[bytes], Sequence[T]],
        gather_s: float,
        most: int = FETCH_MESSAGES,
    ) -> AsyncGenerator[Batch[T], None]:
        subscription = None
        while True:
            try:
                subscription = subscription or await self._subscribe(queue)
                messages = await _gather(subscription, most, gather_s)
            except TimeoutError:  # nothing came: nats.errors.TimeoutError is one too
                continue
            except nats.errors.ConnectionClosedError:
                return
            except OUTAGES as outage:
                log.warning(
                    "the stream %s does not answer (%s); trying again", queue.stream, outage
                )
                subscription = None
                await asyncio.sleep(0.5)
                continue
            yield await self._decoded(messages, decode)

    async def _decoded(
        self, messages: Sequence[Msg], decode: Callable[[bytes], Sequence[T]]
    ) -> Batch[T]:
        items: list[T] = []
        for message in messages:
            try:
                items += decode(message.data)
            except (msgspec.DecodeError, ValueError) as error:
                log.error("a message that cannot be read is set aside in %s: %s",
                          self._refused.stream, error)  # fmt: skip
                await self._publish(self._refused, message.data, f"refused {message.reply}")

        async def acknowledge() -> None:
            for message in messages:
                await message.ack()
            await self.client.flush()

        return Batch(tuple(items), acknowledge)


def _state(read: Read) -> str:
    """What may come later to the same read of a camera that reads: its picture, its last words."""
    picture = read.evidence.overview if read.evidence else ""
    return f"{picture}{read.said.text if read.said else ''}{_looks(read)}"


def _looks(of: Read | Capture) -> str:
    return msgspec.json.encode(of.vehicle).decode() if of.vehicle else ""


def _token(camera_id: str) -> str:
    """A camera id as one token of a subject, which may hold no dot, space, ``*`` or ``>``."""
    return quote(camera_id, safe="").replace(".", "%2E")


def _camera_id(subject: str) -> str:
    """The camera id in a subject of captures: the last token."""
    return unquote(subject.rpartition(".")[2])


async def _gather(
    subscription: JetStreamContext.PullSubscription, most: int, gather_s: float
) -> list[Msg]:
    messages = await subscription.fetch(most, timeout=FETCH_TIMEOUT_S)
    if gather_s and len(messages) < most:
        await asyncio.sleep(gather_s)
        with suppress(TimeoutError):  # nats-py raises the built-in one too
            messages += await subscription.fetch(most - len(messages), timeout=0.01)
    return messages


async def _report(error: Exception) -> None:
    log.warning("NATS: %s", error or type(error).__name__)
