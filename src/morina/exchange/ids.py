"""Ids of messages: UUIDs of version 7 (RFC 9562, section 5.7), which sort by time."""

import secrets
from datetime import datetime
from uuid import UUID


def message_id(now: datetime) -> UUID:
    """A fresh one: 48 bits of milliseconds, 74 random ones."""
    random = secrets.randbits(74)
    high = int(now.timestamp() * 1000) << 16 | 0x7000 | random >> 62
    return UUID(int=high << 64 | 0b10 << 62 | random & (1 << 62) - 1)
