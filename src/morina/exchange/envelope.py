"""A message as bytes: canonical JSON (RFC 8785), so that each can be written in one way only.

What is written another way, has a part too many or too few, or a fraction, is refused.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from morina.accountability import PurposeCode
from morina.exchange.faults import EnvelopeError, Fault
from morina.exchange.kinds import RULES, Kind
from morina.exchange.message import Item, Message, Why
from morina.exchange.strict_json import canonical, parsed, refuse_twice, rewritten

VERSION = 1
_ITEM = {"at", "camera_group", "fields"}


def written(message: Message) -> bytes:
    """What is signed; EnvelopeError where a part cannot be written (a fraction, say)."""
    return canonical(_said(message))


def read(payload: bytes, *, again: bool = False) -> Message:
    """The message of what was signed, without its digest; EnvelopeError says what is wrong.

    ``again`` where it was read before: how it is written was looked at then, which takes longest.
    """
    said = parsed(payload)
    _check_version(said)
    try:
        message = _message(said)
        if again:
            return message
        rewrote = rewritten(_said(message))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, EnvelopeError):
            raise
        raise EnvelopeError(Fault.MALFORMED, f"a part is not as it must be: {error}") from None
    if rewrote == payload:
        return message
    refuse_twice(payload)
    if rewritten(said) != payload:
        raise EnvelopeError(Fault.NOT_CANONICAL, "it is not written as RFC 8785 has it")
    raise EnvelopeError(
        Fault.MALFORMED, "it has a part that no message has, or one is written another way"
    )


def _check_version(said: object) -> None:
    """Before anything else: another version may have other parts."""
    if not isinstance(said, dict):
        raise EnvelopeError(Fault.MALFORMED, "it is no message: its JSON is no object")
    if type(said.get("v")) is not int or said["v"] != VERSION:
        raise EnvelopeError(
            Fault.VERSION,
            f"it is of version {str(said.get('v'))[:20]!r} and this node knows {VERSION};"
            " have both nodes run the same version of Morina",
        )


def _said(message: Message) -> dict[str, Any]:
    """Every part always stands there; empty where a message has none."""
    category = RULES[message.kind].category
    return {
        "v": VERSION,
        "id": str(message.message_id),
        "type": message.kind.value,
        "from": message.sender,
        "to": message.to,
        "conv": str(message.conversation),
        "in_reply_to": str(message.in_reply_to or ""),
        "request_hash": message.request_hash,
        "agreement_version": message.agreement_version,
        "category": category.value if category else "",
        "created": _time(message.created_at),
        "expires": _time(message.expires_at),
        "classification": message.classification,
        "seq": message.seq,
        "prev_hash": message.previous,
        "body": {"said": message.said, "items": [_item_said(one) for one in message.items]},
        **_why_said(message.why),
    }


def _why_said(why: Why | None) -> dict[str, str]:
    return {
        "agreement_id": str(why.agreement_id) if why else "",
        "purpose_code": why.purpose.value if why else "",
        "offence_code": why.offence if why else "",
        "case_ref": why.case_number if why else "",
        "justification": why.justification if why else "",
        "officer_pseudonym": why.officer if why else "",
        "approver_pseudonym": why.approver if why else "",
    }


def _item_said(item: Item) -> dict[str, Any]:
    return {"at": _time(item.at), "camera_group": item.camera_group, "fields": item.fields}


def _time(at: datetime | None) -> str:
    """UTC, to the microsecond; empty where there is none."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


def _message(said: Mapping[str, Any]) -> Message:
    kind = _kind(said["type"])
    why, category = _why(said), RULES[kind].category
    if why is None and category is not None:
        raise ValueError(f"{kind} names no agreement and no purpose")
    body = said["body"]
    if set(body) != {"said", "items"} or not isinstance(body["said"], dict):
        raise ValueError("the body has other parts than what is said and items")
    return Message(
        message_id=UUID(said["id"]), sender=_text(said["from"]), to=_text(said["to"]), kind=kind,
        conversation=UUID(said["conv"]), seq=_count(said["seq"], 1),
        previous=_hash(said["prev_hash"]), created_at=_read_time(said["created"]),
        said=body["said"], items=tuple(_item(one) for one in body["items"]), why=why,
        agreement_version=_count(said["agreement_version"], 1 if category else 0),
        in_reply_to=UUID(said["in_reply_to"]) if said["in_reply_to"] else None,
        request_hash=_hash(said["request_hash"]) if said["in_reply_to"] else "",
        expires_at=_read_time(said["expires"]) if said["expires"] else None,
        classification=_text(said["classification"]),
    )  # fmt: skip


def _kind(text: object) -> Kind:
    try:
        return Kind(_text(text))
    except ValueError:
        raise EnvelopeError(
            Fault.UNKNOWN_KIND,
            f"no message is a {str(text)[:40]!r}; have both nodes run the same version of Morina",
        ) from None


def _why(said: Mapping[str, Any]) -> Why | None:
    if not said["agreement_id"]:
        return None
    return Why(
        agreement_id=UUID(said["agreement_id"]),
        purpose=PurposeCode(said["purpose_code"]),
        case_number=_text(said["case_ref"]),
        justification=_text(said["justification"]),
        officer=_text(said["officer_pseudonym"]),
        approver=_text(said["approver_pseudonym"]),
        offence=_text(said["offence_code"]),
    )


def _item(said: Mapping[str, Any]) -> Item:
    if set(said) != _ITEM or not isinstance(said["fields"], dict):
        raise ValueError("an item has other parts than at, camera_group and fields")
    for name, value in said["fields"].items():
        texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if not texts and not isinstance(value, str | int):  # true and false are numbers here
            raise ValueError(f"the field {name[:40]!r} holds no text, number, claim or texts")
    at = _read_time(said["at"]) if said["at"] else None
    return Item(fields=said["fields"], at=at, camera_group=_text(said["camera_group"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r} is no text")
    return value


def _count(value: object, least: int) -> int:
    if type(value) is not int or value < least:
        raise ValueError(f"{str(value)[:40]!r} is no number from {least}")
    return value


def _hash(value: object) -> str:
    text = _text(value)
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise ValueError(f"{text[:80]!r} are not 64 hex digits")
    return text


def _read_time(value: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    if at.tzinfo is None:
        raise ValueError(f"{value!r} has no zone")
    return at
