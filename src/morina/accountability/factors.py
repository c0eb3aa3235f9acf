"""What somebody proves besides a password: one-time codes (RFC 6238), recovery codes, passkeys."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Protocol

import pyotp

from morina.accountability.own_sessions import Way, Whence

RECOVERY_CODES = 10
_STEP_S = 30
_DIGITS = 6
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that are mistaken for each other on paper."""

_CODE_SIGNS = 16
"""79 random bits, so that SHA-256 suffices for what is kept of one."""


class SecondFactor(StrEnum):
    """What a node asks of accounts besides a password; the setting sign_in.second_factor."""

    OPTIONAL = "optional"
    """Whoever added one uses it."""

    REQUIRED = "required"
    """Without one an account may only add it."""

    PASSKEY = "passkey"
    """The same, and only a passkey counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A credential of one authenticator (WebAuthn), for the desk at ``host`` only."""

    credential_id: bytes
    name: str
    label: str
    host: str
    public_key: bytes
    sign_count: int
    added_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnFactors:
    """What one account can prove itself with; ``totp_since`` is None where it has no codes."""

    totp_since: datetime | None = None
    recovery_left: int = 0
    passkeys: tuple[Passkey, ...] = ()

    @property
    def has_any(self) -> bool:
        """Whether a password alone no longer signs in."""
        return self.totp_since is not None or bool(self.passkeys)

    def suffice(self, second: SecondFactor) -> bool:
        """Whether they are what the node asks of an account."""
        if second is SecondFactor.PASSKEY:
            return bool(self.passkeys)
        return second is SecondFactor.OPTIONAL or self.has_any


class Factors(Protocol):
    """The factors of accounts, durable; each change is entered in the trail."""

    async def of(self, name: str) -> OwnFactors:
        """What an account has."""

    async def add_totp(self, name: str, secret: str, code: str, now: datetime) -> list[str]:
        """Take one-time codes of ``secret`` from now on, once ``code`` shows they are the same.

        The recovery codes, shown once, where this is the first factor. SignInRefusedError for a
        code that does not fit.
        """

    async def remove_totp(self, name: str) -> None:
        """Take one-time codes no more."""

    async def take_code(self, name: str, code: str, whence: Whence, now: datetime) -> Way:
        """Take a one-time or recovery code, each once; SignInRefusedError."""

    async def renew_recovery(self, name: str) -> list[str]:
        """New recovery codes, shown once; the old ones end."""

    async def add_passkey(self, passkey: Passkey) -> list[str]:
        """Keep a passkey; recovery codes as with ``add_totp``. ValueError where it is known."""

    async def passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey of that id."""

    async def used_passkey(self, passkey: Passkey, challenge: bytes, now: datetime) -> None:
        """Keep the sign count of a passkey that answered; SignInRefusedError where another answer
        has come first, or to the same challenge."""

    async def remove_passkey(self, name: str, credential_id: bytes) -> bool:
        """Take a passkey no more; whether the account had it."""

    async def reset(self, name: str) -> None:
        """Take every factor away, of somebody who has lost them; ends the sessions too."""


def new_secret() -> str:
    """A secret of one-time codes: 160 random bits in base32 (RFC 4226, section 4)."""
    return pyotp.random_base32(32)


def address_of(secret: str, name: str, issuer: str) -> str:
    """``otpauth://`` address of a secret, for the QR code an app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The 30 s step that ``code`` is of, one step early or late allowed (RFC 6238, section 5.2);
    None where it fits none after ``last_step``."""
    plain = "".join(code.split())
    if len(plain) != _DIGITS or not (plain.isascii() and plain.isdecimal()):
        return None
    present = int(now.timestamp()) // _STEP_S
    codes = pyotp.HOTP(secret)
    for step in range(max(present - 1, last_step + 1), present + 2):
        if compare_digest(codes.at(step), plain):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes to be written down, in fours: ``k7qd-...``."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def _recovery_code() -> str:
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_SIGNS))
    return "-".join(signs[at : at + 4] for at in range(0, _CODE_SIGNS, 4))


def recovery_hash(code: str) -> bytes:
    """What is kept of a recovery code, however its parts were set apart."""
    plain = "".join(sign for sign in code.lower() if sign in _ALPHABET)
    return sha256(plain.encode()).digest()
