"""Passwords and tokens, as what is kept of them."""

from asyncio import Semaphore, to_thread
from hashlib import sha256
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

SHORTEST = 12
LONGEST = 1024
"""Characters a password may have; the limit keeps hashing from being used to tire the node."""


class Passwords:
    """Argon2id with the library's defaults (RFC 9106, low memory), two at a time, in threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = Semaphore(2)
        self._nobody = self._hasher.hash(token_urlsafe())

    async def hashed(self, password: str) -> str:
        """What to keep of a new password; ValueError when it is too short or too long."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
        async with self._turns:
            return await to_thread(self._hasher.hash, _bytes(password))

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether the password is the one kept; as slow when there is none to compare with."""
        if len(password) > LONGEST:
            return False
        async with self._turns:
            return await to_thread(self._verify, password, kept or self._nobody) and bool(kept)

    def _verify(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, _bytes(password))
        except VerifyMismatchError:
            return False


def new_password() -> str:
    """A password nobody can guess (120 random bits)."""
    return token_urlsafe(15)


def new_token() -> str:
    """An API token (256 random bits); the prefix lets a leaked one be recognised."""
    return "mrn_" + token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is kept of a token: SHA-256 suffices, as a token is random and long."""
    return sha256(_bytes(token)).digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
