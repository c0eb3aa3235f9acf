"""The keys of a site: NATS's own form of an Ed25519 key (an NKey), and a box for its hotlists.

Form: base32 of a prefix, the 32 bytes and their CRC-16 (github.com/nats-io/nkeys).
"""

import base64
import binascii
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_USER = 20 << 3
_SEED = 18 << 3


@dataclass(frozen=True, slots=True)
class NKey:
    """Who a site is: ``public`` is known to the node, ``seed`` to the site only."""

    public: str
    seed: str = field(repr=False)


def new_nkey() -> NKey:
    """A fresh user key."""
    secret = os.urandom(32)
    public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    head = bytes([_SEED | _USER >> 5, (_USER & 31) << 3])
    return NKey(_written(bytes([_USER]) + public), _written(head + secret))


def new_box_key() -> tuple[bytes, bytes]:
    """The secret and the public half of a fresh X25519 key, 32 bytes each."""
    secret = X25519PrivateKey.generate()
    return secret.private_bytes_raw(), secret.public_key().public_bytes_raw()


def verifying_half(signing: bytes) -> bytes:
    """The public half of an Ed25519 key of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes_raw()


def _written(raw: bytes) -> str:
    checked = raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")
    return base64.b32encode(checked).decode().rstrip("=")
