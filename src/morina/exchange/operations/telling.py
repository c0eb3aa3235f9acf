"""Items as messages: what goes to an addressee, and what comes from a partner."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from morina.exchange.kinds import Kind
from morina.exchange.message import Draft, Item, Message, Value, Why
from morina.exchange.operations.checking import checked
from morina.exchange.operations.files import media_type, safe_name
from morina.exchange.operations.item import ItemKind, Key, OperationItem
from morina.exchange.operations.refusing import NoSuchItemError, RefusedItemError
from morina.exchange.parties import UnknownNodeError, node_name
from morina.exchange.roles import RefusedMessageError


@dataclass(frozen=True, slots=True)
class Arrived:
    """An item of a partner, with the bytes where it is an attachment."""

    item: OperationItem
    content: bytes = b""


def telling(item: OperationItem, to: str, why: Why, content: bytes = b"") -> Draft:
    """The message that tells ``to`` of an own item; an officer's name must be a pseudonym in it."""
    fields: dict[str, Value] = dict(item.fields)
    if item.kind is ItemKind.ATTACHMENT:
        fields["content"] = base64.b64encode(content).decode()
    said = {
        "item": str(item.key.id), "operation": str(item.operation), "kind": item.kind.value,
        "revision": item.revision, "addressed": list(item.addressed),
        "made_at": item.made_at.isoformat(),
    }  # fmt: skip
    told = Item(fields=fields, at=item.changed_at)
    return Draft(to=to, kind=Kind.OPERATION_ITEM, said=said, items=(told,), why=why,
                 conversation=item.operation.id)  # fmt: skip


def withdrawing(item: OperationItem, to: str) -> Draft:
    """The message that takes an item back. It holds an id and nothing of what was told, so that it
    goes also where the agreement has ended."""
    said = {"item": str(item.key.id), "operation": str(item.operation)}
    return Draft(
        to=to, kind=Kind.OPERATION_WITHDRAW, said=said, conversation=item.operation.id
    )  # fmt: skip


def withdrawn_key(message: Message) -> Key:
    """Whose item is taken back: always the sender's own."""
    return Key(message.sender, _uuid(message.said.get("item")))


def arrived(message: Message, largest: int, now: datetime) -> Arrived:
    """The item a message tells; RefusedMessageError where it is none that may be kept here."""
    said = message.said
    if len(message.items) != 1 or message.why is None:
        raise RefusedMessageError("malformed", "an item of an operation is told alone")
    try:
        kind, operation = ItemKind(str(said.get("kind"))), Key.of(str(said.get("operation")))
        fields = checked(kind, message.items[0].fields)
        made_at, revision = datetime.fromisoformat(str(said["made_at"])), int(said["revision"])
        addressed = tuple(sorted({node_name(str(one)) for one in said["addressed"]}))
    except (KeyError, TypeError, ValueError, NoSuchItemError, UnknownNodeError) as error:
        raise RefusedMessageError("malformed", f"not an item of an operation: {error}") from None
    key = Key(message.sender, _uuid(said.get("item")))
    if kind is ItemKind.CASE and key != operation:
        raise RefusedMessageError("not_owner", "a case is told by the authority that leads it")
    if message.to not in addressed or made_at.tzinfo is None or revision < 1:
        raise RefusedMessageError("not_addressed", "the item does not name this node")
    content = _content(kind, fields, largest)
    item = OperationItem(
        key=key, operation=operation, kind=kind, fields=fields, addressed=addressed,
        by=message.why.officer, made_at=made_at, changed_at=now, revision=revision,
    )  # fmt: skip
    return Arrived(item, content)


def _content(kind: ItemKind, fields: dict[str, Value], largest: int) -> bytes:
    """The bytes of an attachment, taken out of ``fields``, which then say what they really are."""
    if kind is not ItemKind.ATTACHMENT:
        return b""
    try:
        content = base64.b64decode(str(fields.pop("content", "")), validate=True)
        found = media_type(content, largest)
    except (binascii.Error, RefusedItemError) as error:
        raise RefusedMessageError("attachment", f"the attachment is not taken: {error}") from None
    if hashlib.sha256(content).hexdigest() != fields["sha256"]:
        raise RefusedMessageError("attachment", "the attachment is not what its SHA-256 says")
    name = safe_name(str(fields["name"]), found)
    fields.update({"media_type": found, "size": len(content), "name": name})
    return content


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise RefusedMessageError("malformed", "the item has no id") from None


def case_why(case: Mapping[str, Value]) -> dict[str, str]:
    """The purpose in the parts a trail entry keeps."""
    names = {"code": "purpose_code", "case_number": "case_number", "legal_basis": "legal_basis",
             "justification": "purpose"}  # fmt: skip
    return {part: str(case.get(name, "")) for part, name in names.items()}
