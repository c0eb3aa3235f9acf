"""Webhooks as whoever sets them up sees them: who is told of what, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Standing(StrEnum):
    """Whether a webhook is told of what happens."""

    TOLD = "told"
    PAUSED = "paused"
    """What happens meanwhile it is never told of; what waited before waits."""

    ENDED = "ended"


class Became(StrEnum):
    """What became of one message."""

    WAITING = "waiting"
    TAKEN = "taken"
    GIVEN_UP = "given_up"


class NoSuchWebhookError(LookupError):
    """No webhook of that id is kept, or it was ended."""


class RefusedWebhookError(ValueError):
    """It cannot be so; says what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One subscription; its secret is shown when it is made and never again."""

    webhook_id: UUID
    address: str
    events: list[str]
    plates: bool
    made_by: str
    made_at: datetime
    paused_at: datetime | None
    ended_at: datetime | None

    @property
    def standing(self) -> Standing:
        """An ended one is that, paused or not."""
        if self.ended_at is not None:
            return Standing.ENDED
        return Standing.TOLD if self.paused_at is None else Standing.PAUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMessage:
    """One message to a webhook, without what it says. ``said`` is what stood against its being
    taken the last time it was tried, empty for nothing; ``due_at`` is when it is tried next."""

    message_id: UUID
    webhook_id: UUID
    kind: str
    made_at: datetime
    due_at: datetime
    tries: int
    done_at: datetime | None
    said: str

    @property
    def became(self) -> Became:
        """Given up once it is dealt with and something stood against it."""
        if self.done_at is None:
            return Became.WAITING
        return Became.GIVEN_UP if self.said else Became.TAKEN


class Webhooks(Protocol):
    """Subscriptions of other programs; every change names who made it and enters the trail."""

    async def all(self) -> Sequence[Webhook]:
        """Every subscription, oldest first, ended ones too."""

    async def newest(self, most: int) -> Mapping[UUID, Sequence[WebhookMessage]]:
        """The newest messages to each, newest first, at most so many; forgotten ones are gone."""

    async def add(
        self, address: str, events: Sequence[str], plates: bool, by: str
    ) -> tuple[UUID, str]:
        """A new subscription from now on: its id and secret; without ``events`` to those usual.
        RefusedWebhookError for unknown ones and for an address it may not lead to."""

    async def pause(self, webhook_id: UUID, by: str, now: datetime) -> None:
        """Tell it nothing until ``go_on``. NoSuchWebhookError, also where it is paused already."""

    async def go_on(self, webhook_id: UUID, by: str, now: datetime) -> None:
        """Tell it again, from now on and what waited. NoSuchWebhookError where it is not paused."""

    async def end(self, webhook_id: UUID, by: str, now: datetime) -> None:
        """Tell it nothing more, what waits neither; NoSuchWebhookError."""

    async def test(self, webhook_id: UUID, by: str, now: datetime) -> None:
        """Have a message sent that tells of nothing; NoSuchWebhookError where it is not told."""
