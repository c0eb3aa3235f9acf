"""Joint operations, as a role: what may be done with items, and what is seen of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from morina.exchange.operations.item import Actor, ItemKind, Key, OperationItem, Writing
from morina.exchange.operations.tasks import TaskStep


@dataclass(frozen=True, slots=True)
class OperationView:
    """An operation as somebody sees it: its case, and the items that stand, oldest first."""

    case: OperationItem
    items: Sequence[OperationItem]

    def of(self, *kinds: ItemKind) -> list[OperationItem]:
        """Its items of these kinds."""
        return [item for item in self.items if item.kind in kinds]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file to be attached."""

    name: str
    content: bytes
    addressed: frozenset[str] = frozenset()


class Operations(Protocol):
    """Joint operations as this node has them: its own items and those addressed to it.

    An item goes to those it is addressed to and to nobody else; what a partner addressed to this
    node never goes on. NotAgreedError where an addressee has no agreement that allows it, and
    RefusedItemError where the item may not be so; then nothing is kept or told. Every act is in
    the trail, looking as well.
    """

    async def begin(self, case: Writing, actor: Actor) -> OperationItem:
        """A new operation, led by this node."""

    async def add(self, operation: Key, writing: Writing, actor: Actor) -> OperationItem:
        """A new item of this node's own. Addressees must take part in the operation."""

    async def attach(self, operation: Key, file: Attached, actor: Actor) -> OperationItem:
        """A file: PNG, JPEG, PDF or plain text by its content, within the size allowed."""

    async def revise(self, key: Key, writing: Writing, actor: Actor) -> OperationItem:
        """Other fields or addressees of an own item: told to all of them, withdrawn from those no
        longer among them."""

    async def step(self, key: Key, step: TaskStep, actor: Actor) -> OperationItem:
        """Take a step of a task: an own one is changed at once, a partner's owner is asked."""

    async def withdraw(self, key: Key, actor: Actor) -> OperationItem:
        """Take back an own item; everybody it was ever told to is told."""

    async def operations(self, actor: Actor) -> list[OperationItem]:
        """The cases this person sees, newest first."""

    async def operation(self, key: Key, actor: Actor) -> OperationView:
        """One of them with its items; NoSuchItemError."""

    async def content(self, key: Key, actor: Actor) -> tuple[OperationItem, bytes]:
        """An attachment with its bytes; NoSuchItemError."""
