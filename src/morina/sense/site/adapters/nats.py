"""A site's own NATS: its log of reads, its captures, and the way to the node over the leaf link."""

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
import nats
import nats.errors
from nats.aio.client import Client
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig, StreamState
from nats.js.errors import APIError, NotFoundError

from morina.sense import Capture, Read
from morina.sense.hand_over import Batch, HandOver
from morina.sense.site.clock import Offset, offset_of
from morina.sense.site.forwarding import LinkError, RefusedByNodeError, Waiting
from morina.sense.site.rules import SiteRules
from morina.sense.site.subjects import Subjects

log = logging.getLogger(__name__)

STREAM = "SITE_READS"
SUBJECT = "site.reads"
BATCH_READS = 500
BATCH_BYTES = 2_000_000
ASK_WITHIN_S = 5.0
SEND_WITHIN_S = 10.0
PICTURE_WITHIN_S = 30.0
DUPLICATE_WINDOW_S = 120.0
TRY_AGAIN_AFTER_S = 0.5
OUTAGES = (nats.errors.Error, APIError, ConnectionError, TimeoutError)


@dataclass(slots=True)
class SiteStream:
    """The roles HandOver (cameras put in) and Outbox (the forwarder takes out), on disk.

    ``most_bytes`` bounds the log: at the bound the oldest reads make room. A read that ``may_stay``
    refuses is forgotten. ``published`` sees and may mark each read before it is logged,
    ``handed_over`` sees each capture.
    """

    client: Client
    captured: HandOver
    most_bytes: int
    may_stay: Callable[[Read], bool] = lambda _read: True
    published: Callable[[Read], Read] = lambda read: read
    handed_over: Callable[[Capture], None] = lambda _capture: None
    _decoder: msgspec.json.Decoder[Read] = field(default_factory=lambda: msgspec.json.Decoder(Read))

    @classmethod
    async def over(cls, client: Client, captured: HandOver, most_bytes: int) -> "SiteStream":
        """On that connection, the log made when it is missing. ``captured`` takes the captures."""
        stream = cls(client, captured, most_bytes)
        await stream._make_log()
        return stream

    async def close(self) -> None:
        """Leave; what waits stays on disk."""
        await self.client.close()

    async def publish_reads(self, reads: Sequence[Read]) -> None:
        """See HandOver; of cameras of which only hits are kept, only those."""
        await self.log([read for read in reads if self.may_stay(read)])

    async def log(self, reads: Sequence[Read]) -> None:
        """Each read becomes one entry of the log, in this order."""
        for read in reads:
            entry = self.published(read)
            name = hashlib.sha256(_state(read).encode()).hexdigest()
            await self._logged(msgspec.json.encode(entry), name)

    async def _logged(self, entry: bytes, name: str) -> None:
        """Until it is: a restarting NATS delays a read and loses none."""
        while True:
            try:
                await self.client.jetstream().publish(
                    SUBJECT, entry, timeout=SEND_WITHIN_S, headers={"Nats-Msg-Id": name}
                )
                return
            except nats.errors.ConnectionClosedError:
                raise
            except OUTAGES as outage:
                log.warning("the site's own NATS does not answer (%r); trying again", outage)
                await asyncio.sleep(TRY_AGAIN_AFTER_S)

    async def hand_over(self, capture: Capture) -> None:
        """See HandOver."""
        self.handed_over(capture)
        await self.captured.hand_over(capture)

    def reads(self) -> AsyncIterator[Batch[Read]]:
        """See HandOver; a site's reads go to its node and nowhere else."""
        raise NotImplementedError("a site's reads are forwarded; read them at the node")

    def captures(self) -> AsyncIterator[Batch[Capture]]:
        """See HandOver."""
        return self.captured.captures()

    async def captures_waiting(self) -> Mapping[str, int]:
        """See HandOver."""
        return await self.captured.captures_waiting()

    async def start(self) -> tuple[str, int]:
        """See Outbox: the log is told apart by when it was made."""
        info = await self.client.jetstream().stream_info(STREAM)
        return str(info.created), max(info.state.first_seq, 1) - 1

    async def state(self) -> StreamState:
        """What the log holds."""
        return (await self.client.jetstream().stream_info(STREAM)).state

    async def oldest(self) -> Read | None:
        """The first read of the log."""
        found = await self._entries(1, 1)
        return self._decoder.decode(found[0][1]) if found else None

    async def waiting(self, after: int) -> Waiting | None:
        """See Outbox. An entry nobody can decode is logged, passed over and counts as dropped."""
        entries = await self._entries(after + 1, BATCH_READS)
        reads: list[Read] = []
        for number, raw in entries:
            try:
                reads.append(self._decoder.decode(raw))
            except (msgspec.DecodeError, ValueError) as error:
                log.error("entry %d of the site's log is no read (%s); passed over", number, error)
        return Waiting(tuple(reads), entries[-1][0]) if entries else None

    async def cut(self, upto: int) -> None:
        """See Outbox."""
        await self.client.jetstream().purge_stream(STREAM, seq=upto + 1)

    async def _entries(self, first: int, most: int) -> list[tuple[int, bytes]]:
        """Entries from that number on, by JetStream's batched direct get (its ADR 31)."""
        inbox = self.client.new_inbox()
        answers = await self.client.subscribe(inbox)
        ask = {"seq": first, "batch": most, "max_bytes": BATCH_BYTES}
        entries: list[tuple[int, bytes]] = []
        try:
            await self.client.publish(
                f"$JS.API.DIRECT.GET.{STREAM}", json.dumps(ask).encode(), reply=inbox
            )
            while True:
                answer = await answers.next_msg(timeout=ASK_WITHIN_S)
                headers = answer.headers or {}
                if "Nats-Sequence" not in headers:  # 204: end of the batch, 404: no entry
                    return entries
                entries.append((int(headers["Nats-Sequence"]), answer.data))
        finally:
            await answers.unsubscribe()

    async def _make_log(self) -> None:
        jetstream = self.client.jetstream()
        config = StreamConfig(
            name=STREAM,
            subjects=[SUBJECT],
            retention=RetentionPolicy.LIMITS,
            discard=DiscardPolicy.OLD,
            storage=StorageType.FILE,
            max_bytes=self.most_bytes,
            duplicate_window=DUPLICATE_WINDOW_S,
            allow_direct=True,
        )
        try:
            known = (await jetstream.stream_info(STREAM)).config
            if known.max_bytes != self.most_bytes:
                await jetstream.update_stream(config)
        except NotFoundError:
            await jetstream.add_stream(config)


@dataclass(slots=True)
class LeafLink:
    """The role NodeLink, through the site's NATS, which keeps the connection to the node's."""

    client: Client
    subjects: Subjects

    @classmethod
    async def connect(cls, url: str, site: str) -> "LeafLink":
        """Connect to the site's own NATS, as the user that sees nothing but the link."""
        subjects = Subjects(site)
        client = await nats.connect(
            url, max_reconnect_attempts=-1, reconnect_time_wait=0.2,
            inbox_prefix=subjects.answers, error_cb=_said,
        )  # fmt: skip
        return cls(client, subjects)

    async def close(self) -> None:
        """Leave."""
        await self.client.close()

    async def send_reads(self, reads: Sequence[Read]) -> None:
        """See NodeLink. The node's stream drops the same batch sent again within two minutes."""
        names = "".join(_state(read) for read in reads)
        identity = hashlib.sha256(names.encode()).hexdigest()
        try:
            await self.client.jetstream().publish(
                self.subjects.reads, msgspec.json.encode(reads), timeout=SEND_WITHIN_S,
                headers={"Nats-Msg-Id": identity},
            )  # fmt: skip
        except OUTAGES as outage:
            raise LinkError(str(outage) or type(outage).__name__) from outage

    async def send_picture(self, sha256: str, picture: bytes) -> None:
        """See NodeLink."""
        answer = await self._ask(self.subjects.picture, picture, PICTURE_WITHIN_S)
        if answer == sha256.encode():
            return
        if answer.startswith(b"refused: "):
            raise RefusedByNodeError(answer.removeprefix(b"refused: ").decode(errors="replace"))
        raise LinkError("the node answered with another picture's name")

    async def clock(self) -> Offset:
        """The node's clock against ours, measured now; LinkError."""
        sent_at = datetime.now(UTC)
        answer = await self._ask(self.subjects.clock, b"", ASK_WITHIN_S)
        received_at = datetime.now(UTC)
        try:
            return offset_of(sent_at, datetime.fromisoformat(answer.decode()), received_at)
        except (ValueError, TypeError):
            raise LinkError("the node's answer is no time") from None

    async def hotlist(self, version: int, offset: int) -> bytes:
        """A piece of the site's hotlist from that byte on, unless ``version`` is the newest."""
        ask = json.dumps({"version": version, "offset": offset}).encode()
        return await self._ask(self.subjects.hotlist, ask, SEND_WITHIN_S)

    async def rules(self) -> SiteRules:
        """What the node wants this site to hold to; LinkError."""
        answer = await self._ask(self.subjects.rules, b"", ASK_WITHIN_S)
        try:
            return msgspec.json.decode(answer, type=SiteRules)
        except msgspec.DecodeError:
            raise LinkError("the node's rules are not understood") from None

    async def tell_counts(self, counted: bytes) -> None:
        """Passages counted and forgotten here; returns when the node has them, LinkError."""
        await self._ask(self.subjects.counts, counted, SEND_WITHIN_S)

    async def tell(self, state: bytes) -> None:
        """How this site is; LinkError."""
        await self._ask(self.subjects.state, state, ASK_WITHIN_S)

    async def _ask(self, subject: str, question: bytes, within_s: float) -> bytes:
        try:
            return (await self.client.request(subject, question, timeout=within_s)).data
        except OUTAGES as outage:
            raise LinkError(str(outage) or type(outage).__name__) from outage


def _state(read: Read) -> str:
    """A read's id and what may come later to it: its picture, its camera's last word."""
    picture = read.evidence.overview if read.evidence else ""
    return f"{read.read_id}{picture}{read.said.text if read.said else ''}"


async def _said(error: Exception) -> None:
    log.warning("the site's NATS: %s", error or type(error).__name__)
