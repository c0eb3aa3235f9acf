"""Secrets a node keeps in its database are sealed with a key of its home: AES-256-GCM.

A copy of the database alone opens none of them (NIST SP 800-38D for the cipher and its nonce).
"""

import base64
import os
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class SealError(ValueError):
    """What was sealed cannot be opened, or the key is none; says what to put back."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals and opens with one key of 32 bytes."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise SealError(
                "secrets/sealing is no sealing key; put back the one of this node's backup"
            )

    @classmethod
    def of(cls, secret: str) -> Self:
        """The sealing of ``secret``: 32 random bytes in URL-safe base64, as ``Home.secret`` makes.

        SealError where it is something else.
        """
        text = secret.strip()
        try:
            return cls(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except ValueError:
            return cls(b"")

    def seal(self, plain: bytes, context: str) -> bytes:
        """``plain`` so that only this key opens it, and only as what ``context`` names.

        The context is such as ``totp:ana``: a sealed secret moved to another row does not open.
        """
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + AESGCM(self.key).encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """What was sealed for ``context``; SealError where it was changed, moved, or sealed
        with another key."""
        version, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if version != _VERSION:
                raise InvalidTag
            return AESGCM(self.key).decrypt(nonce, rest, context.encode())
        except (InvalidTag, ValueError):
            raise SealError(
                f"the secret of {context} does not open: it was changed, or secrets/sealing is "
                "another key than when it was sealed; put back the one of this node's backup"
            ) from None
