"""The home's keys under a passphrase or key of its owner's: scrypt (RFC 7914), AES-256-GCM."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from morina.backup.manifest import BackupError

MAGIC = b"morina sealed keys 1\n"
SALT_BYTES, NONCE_BYTES = 16, 12
WORK, BLOCKS = 2**16, 8
"""64 MiB and about 0.2 s a try."""

LEAST = 16
"""Characters of the key file."""


def seal(content: bytes, secret: bytes) -> bytes:
    """Sealed anew each time: the same content never gives the same bytes twice."""
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(secret, salt)).encrypt(nonce, content, MAGIC)
    return MAGIC + salt + nonce + sealed


def unseal(sealed: bytes, secret: bytes) -> bytes:
    """What was sealed; BackupError with another secret or changed bytes."""
    at = len(MAGIC)
    salt, nonce = sealed[at : at + SALT_BYTES], sealed[at + SALT_BYTES :][:NONCE_BYTES]
    try:
        if not sealed.startswith(MAGIC):
            raise ValueError
        return AESGCM(_key(secret, salt)).decrypt(
            nonce, sealed[at + SALT_BYTES + NONCE_BYTES :], MAGIC
        )
    except (InvalidTag, ValueError):
        raise BackupError(
            "the keys in the backup cannot be opened with that key file; name the one the backup "
            "was made with"
        ) from None


def secret_of(file: Path | None, apart_from: tuple[Path, ...] = ()) -> bytes:
    """What the key file holds; BackupError where it is missing, open to others or too short.

    It may lie in none of ``apart_from``: lost or stolen with what it opens, it would be of no use.
    """
    if file is None:
        raise BackupError(
            "no key file is named; set backup.key_file: the home's keys are kept sealed with it"
        )
    try:
        secret = file.read_bytes().strip()
        open_to_others = file.stat().st_mode & 0o077
    except OSError as error:
        raise BackupError(f"{file}: {error.strerror}; name the key file of the backup") from None
    if open_to_others:
        raise BackupError(f"{file}: others may read it; keep it to yourself: chmod 600 {file}")
    if len(secret) < LEAST:
        raise BackupError(f"{file}: shorter than {LEAST} characters; write a longer one")
    for folder in apart_from:
        if file.resolve().is_relative_to(folder.resolve()):
            raise BackupError(f"{file} lies in {folder}; keep the key file apart from it")
    return secret


def _key(secret: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=WORK, r=BLOCKS, p=1).derive(secret)
