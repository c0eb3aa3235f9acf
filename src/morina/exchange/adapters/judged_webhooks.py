"""Webhooks as people set them up: only where they may lead."""

from collections.abc import Sequence
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.sealing import Sealing
from morina.accountability.trail import Trail
from morina.exchange.adapters.postgres_webhooks import PostgresWebhooks
from morina.exchange.adapters.webhook_sender import OutOfReachError, place_of
from morina.exchange.webhooks import RefusedWebhookError


class JudgedWebhooks(PostgresWebhooks):
    """The role Webhooks. An address is judged when it is added, and again at each message."""

    def __init__(
        self, pool: AsyncConnectionPool, sealing: Sealing, trail: Trail[AsyncConnection],
        may_be_local: bool,
    ) -> None:  # fmt: skip
        super().__init__(pool, sealing, trail)
        self._may_be_local = may_be_local

    async def add(
        self, address: str, events: Sequence[str], plates: bool, by: str
    ) -> tuple[UUID, str]:
        """See Webhooks."""
        try:
            place = await place_of(address, self._may_be_local)
        except OutOfReachError as error:
            raise RefusedWebhookError(str(error)) from None
        except OSError as error:
            raise RefusedWebhookError(f"nobody knows the address: {error}") from None
        if plates and not place.near:
            raise RefusedWebhookError("plates: only to this machine or a private network")
        return await super().add(address, events, plates, by)
