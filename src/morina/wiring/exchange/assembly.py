"""The exchange of a running node, put together: what begins, in which order, and what it needs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from morina.engines import EngineError
from morina.exchange.adapters.https_client import HttpsTransport
from morina.exchange.adapters.mutual_tls import OwnCertificate
from morina.exchange.adapters.postgres_pairs import IN, OUT
from morina.exchange.adapters.postgres_resigning import PostgresResigning
from morina.exchange.adapters.stamping import NoStampError, TimestampAuthority
from morina.exchange.roles import Takes
from morina.exchange.sending import Sending
from morina.settings import Settings
from morina.wiring.ending import ended
from morina.wiring.exchange.delivery import Delivery, delivery_of
from morina.wiring.exchange.ground import Ground
from morina.wiring.exchange.listening import listening
from morina.wiring.exchange.working import Job, Working
from morina.wiring.repeating import every

log = logging.getLogger(__name__)

HOUR_S = 3600.0
LOOK_FOR_CHECKPOINTS_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """``port`` is where the inbox answers, 0 where it does not."""

    ground: Ground
    delivery: Delivery
    working: Working
    port: int = 0


@asynccontextmanager
async def running(
    ground: Ground, takes: Sequence[Takes[AsyncConnection]]
) -> AsyncIterator[Running]:
    """Everything of the exchange that goes on by itself, while the body runs."""
    delivery, own = delivery_of(ground, takes), own_certificate(ground.settings)
    async with AsyncExitStack() as stack:
        jobs: list[tuple[str, Job]] = [(IN, delivery.act)]
        if own:
            transport = HttpsTransport(own)
            stack.push_async_callback(transport.close)
            longest = ground.settings.exchange.retry_max_s
            resigning = PostgresResigning(ground.pool, ground.keys, ground.partners, ground.trail)
            sending = Sending(delivery.waiting, transport, ground.partners, resigning, longest)
            jobs.append((OUT, sending.one))
        working = Working(ground.node_id, ground.partners, jobs)
        port = 0
        if own and ground.settings.exchange.port:
            inbox = listening(ground.settings, own, ground.partners, delivery)
            port = await stack.enter_async_context(inbox)
        work = [working.follow(), working.listen(ground.dsn)]
        work += by_the_clock(ground, delivery)
        stack.push_async_callback(ended, [asyncio.create_task(one) for one in work])
        yield Running(ground=ground, delivery=delivery, working=working, port=port)


def by_the_clock(ground: Ground, delivery: Delivery) -> list[Coroutine[Any, Any, None]]:
    """What is done every so often."""

    async def forget() -> None:
        await delivery.upkeep.forget(datetime.now(UTC))

    async def compare() -> None:
        now = datetime.now(UTC)
        since = now - timedelta(hours=ground.settings.exchange.checkpoint_every_h)
        for partner in await delivery.upkeep.due(ground.node_id, since):
            await delivery.comparing.send(partner, now)

    work = [
        every(HOUR_S, forget, "contents of messages"),
        every(LOOK_FOR_CHECKPOINTS_S, compare, "checkpoints to partners"),
    ]
    chosen = ground.settings.exchange
    if chosen.timestamp_url:
        authority = TimestampAuthority(chosen.timestamp_url, chosen.timestamp_root)
        stamp = stamping(delivery, authority)
        work.append(every(chosen.timestamp_every_s, stamp, "timestamps"))
    return work


def stamping(
    delivery: Delivery, authority: TimestampAuthority
) -> Callable[[], Coroutine[Any, Any, None]]:
    """One stamp of all that was entered since the last; nothing waits for it."""

    async def stamp() -> None:
        head = await delivery.stamps.unstamped()
        if head is None:
            return
        try:
            token = await authority.stamp(bytes.fromhex(head.hash))
        except NoStampError as error:
            log.warning("%s", error)
            return
        await delivery.stamps.keep(head, authority.url, token, datetime.now(UTC))

    return stamp


def own_certificate(settings: Settings) -> OwnCertificate | None:
    """What is shown to partners; None where messages go on sticks only. EngineError."""
    chosen = settings.exchange
    if chosen.certificate is None or chosen.key is None:
        return None
    own = OwnCertificate(chosen.certificate, chosen.key)
    try:
        if chosen.key.stat().st_mode & 0o077:
            raise EngineError(f"exchange.key: others may read it; chmod 600 {chosen.key}")
    except OSError as error:
        raise EngineError(f"exchange.key cannot be read: {error}") from None
    return own
