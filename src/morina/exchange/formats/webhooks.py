"""Webhooks: what other programs of the authority are told, and how they know that it is ours.

Headers and signature as Standard Webhooks 1.0 (https://www.standardwebhooks.com): ``webhook-id``,
``webhook-timestamp``, ``webhook-signature`` over ``id.timestamp.body`` with HMAC-SHA-256.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

PREFIX = "whsec_"
SECRET_BYTES = 32

EVENTS: Mapping[tuple[str, str], str] = {
    ("alert", "raised or repeated"): "alert.raised",
    ("alert", "confirm"): "alert.confirmed",
    ("alert", "reject"): "alert.rejected",
    ("alert", "dispatch"): "alert.dispatched",
    ("alert", "close"): "alert.closed",
    ("alert", "expired"): "alert.expired",
    ("operation_item", "task added"): "operation.task",
    ("operation_item", "check added"): "operation.check",
}
"""Kind and step of a trail entry to the type of event told of it."""

TYPES = tuple(EVENTS.values())
TEST = "webhook.test"
"""What is told where somebody tries a webhook: no event, and nothing to subscribe to."""

USUAL = ("alert.confirmed",)
"""What is told where nothing is chosen: what a person confirmed, and nothing else."""


class SecretError(ValueError):
    """Not the secret of a webhook."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to objects, by their ids. ``plates`` is told only to a program on
    this machine or a private network whose subscription says so."""

    kind: str
    at: datetime
    ids: tuple[str, ...]
    plates: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> str:
        """What is sent: the type, when, ids, and by id the plate where that is told."""
        data: dict[str, object] = {"ids": list(self.ids), "state": self.kind.partition(".")[2]}
        if self.plates:
            data["plates"] = dict(self.plates)
        said = {"type": self.kind, "timestamp": self.at.astimezone(UTC).isoformat(), "data": data}
        return json.dumps(said, sort_keys=True, separators=(",", ":"))


def new_secret() -> str:
    """A secret as both sides keep it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(secret: str, message_id: UUID, now: datetime, body: str) -> dict[str, str]:
    """The headers of one message; SecretError. Sent again it has the same id and a new time."""
    stamp = str(int(now.timestamp()))
    content = f"{message_id}.{stamp}.{body}".encode()
    made = hmac.new(_key(secret), content, hashlib.sha256).digest()
    return {
        "webhook-id": str(message_id), "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
        "content-type": "application/json",
    }  # fmt: skip


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SecretError("the secret is not base64 after whsec_; end the webhook, add it again") \
            from None  # fmt: skip
