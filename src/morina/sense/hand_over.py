"""Handing captures and reads over: on disk in the site's stream until the node has kept them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from morina.sense.capture import Capture
from morina.sense.read import Read

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch(Generic[T]):
    """What the stream delivered together.

    ``acknowledge`` lets the stream forget it: call it only when everything that follows from the
    items is durable. Unacknowledged items are delivered again.
    """

    items: tuple[T, ...]
    acknowledge: Callable[[], Awaitable[None]]


class HandOver(Protocol):
    """The site's streams of captures and reads."""

    async def publish_reads(self, reads: Sequence[Read]) -> None:
        """Returns once the reads are durable in the stream; the same reads twice are kept once."""

    async def hand_over(self, capture: Capture) -> None:
        """Returns once the capture is durable in the stream."""

    def reads(self) -> AsyncIterator[Batch[Read]]:
        """Batches of reads, without end."""

    def captures(self) -> AsyncIterator[Batch[Capture]]:
        """Batches of captures, without end; several workers share them."""

    async def captures_waiting(self) -> Mapping[str, int]:
        """By camera id, the captures not read yet, those being read included.

        A camera of which none waits is left out.
        """
