"""Ids of reads: ordered by time, and the same whenever the same passage is read again."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

VERSION_AND_NOUGHT = 0x8000
"""The low 16 bits of the upper half: version 8 (RFC 9562, section 5.8), and twelve bits of zero."""

_VARIANT = 0b10 << 62
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(at: datetime) -> int:
    """Full milliseconds since 1970, what is less than one left off."""
    passed = at - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1000 + passed.microseconds // 1000


def timed_id(at: datetime, namespace: UUID, name: str) -> UUID:
    """48 bits of ``at`` in milliseconds, noughts, and 40 of the SHA-256 of namespace and name.

    Only passages of one millisecond can be taken for each other: at 90 million reads a day two of
    them would share an id once in sixty years. The records keep the upper half as its difference
    to the time of capture, which costs nothing, and of the lower what is not nought: five bytes.
    """
    digest = sha256(namespace.bytes + name.encode()).digest()
    high = milliseconds(at) << 16 | VERSION_AND_NOUGHT
    return UUID(int=high << 64 | _VARIANT | int.from_bytes(digest[:5]))
