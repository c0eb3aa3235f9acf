"""The compact forms: JWS (RFC 7515) by Ed25519 (RFC 9864), JWE (RFC 7516) by ECDH-ES with X25519
(RFC 8037) and A256GCM. One header each is allowed, and is compared before any key is used."""

import base64
import json
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from morina.exchange.faults import EnvelopeError, Fault
from morina.exchange.strict_json import parsed

SIGNED, SEALED = "morina-message+jws", "morina-message+jwe"
_IV, _TAG, _SIGNATURE = 12, 16, 64
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_ENDS = (_LETTERS, (), _LETTERS[::16], _LETTERS[::4])
"""Which letters a part may end with, by its length modulo 4."""

_HEADER = json.JSONEncoder(separators=(",", ":"))
_HUGE = 2**30
"""The libraries' own bounds are put out of the way: what is too large is refused before."""


class _Signatures(jws.JWSRegistry):
    max_payload_length = _HUGE


class _Seals(jwe.JWERegistry):
    max_ciphertext_length = _HUGE


_SIGNATURES = _Signatures(algorithms=["Ed25519"])
_SEALS = _Seals(algorithms=["ECDH-ES", "A256GCM"])


def signed(payload: bytes, key: OKPKey, key_id: str) -> bytes:
    """The JWS over ``payload``."""
    header = {"alg": "Ed25519", "kid": key_id, "typ": SIGNED}
    return jws.serialize_compact(header, payload, key, registry=_SIGNATURES).encode()


def signer_of(text: bytes) -> str:
    """The key id a JWS names; nothing is verified but that its header is the one allowed."""
    header, _, signature = _parts(text, 3)
    said = _header(_decoded(header), {"alg": "Ed25519", "typ": SIGNED})
    if set(said) != {"alg", "kid", "typ"}:
        raise EnvelopeError(Fault.ALGORITHM, "its header has other parts than alg, kid and typ")
    if len(_decoded(signature)) != _SIGNATURE:
        raise EnvelopeError(Fault.SIGNATURE, "a signature of Ed25519 has 64 bytes, this has not")
    return _key_id(said)


def verified(text: bytes, public: str) -> bytes:
    """The payload of a JWS by the key ``public`` (64 hex digits), after ``signer_of``."""
    try:
        return jws.deserialize_compact(
            text, _public("Ed25519", public), registry=_SIGNATURES
        ).payload
    except (JoseError, ValueError):
        raise EnvelopeError(
            Fault.SIGNATURE, "the signature does not hold: it was changed, or forged"
        ) from None


def sealed(content: bytes, public: str, key_id: str) -> bytes:
    """The JWE of ``content`` to the key ``public`` (64 hex digits), another one each time."""
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key_id, "typ": SEALED}
    return jwe.encrypt_compact(header, content, _public("X25519", public), registry=_SEALS).encode()


def recipient_of(text: bytes) -> str:
    """The key id a JWE is sealed to; nothing is opened."""
    header, key, iv, _, tag = _parts(text, 5)
    said = _header(_decoded(header), {"alg": "ECDH-ES", "enc": "A256GCM", "typ": SEALED})
    epk = said.get("epk")
    plain = isinstance(epk, dict) and set(epk) == {"crv", "kty", "x"} and epk["crv"] == "X25519"
    if set(said) != {"alg", "enc", "epk", "kid", "typ"} or not plain:
        raise EnvelopeError(
            Fault.ALGORITHM, "its header has other parts than alg, enc, epk, kid and typ"
        )
    if key or (len(_decoded(iv)), len(_decoded(tag))) != (_IV, _TAG):
        raise EnvelopeError(Fault.ALGORITHM, "its parts are not as long as A256GCM has them")
    return _key_id(said)


def unsealed(text: bytes, key: OKPKey) -> bytes:
    """What was sealed to ``key``, after ``recipient_of``."""
    try:
        content = jwe.decrypt_compact(text, key, registry=_SEALS).plaintext
    except (JoseError, ValueError, TypeError):
        content = None
    if content is None:
        raise EnvelopeError(
            Fault.BROKEN_SEAL, "the seal does not open: it was changed, or made for another key"
        )
    return content


@lru_cache(256)
def _public(curve: str, text: str) -> OKPKey:
    made = Ed25519PublicKey if curve == "Ed25519" else X25519PublicKey
    return OKPKey.import_key(made.from_public_bytes(bytes.fromhex(text)))


def _parts(text: bytes, count: int) -> list[bytes]:
    """Each as base64url is written, so that no two texts say the same: nothing but its letters,
    and no bits at the end that decode to nothing (RFC 4648, section 3.5)."""
    parts = text.split(b".")
    if len(parts) != count:
        raise EnvelopeError(Fault.SHAPE, f"it has {len(parts)} parts of {count}: cut off?")
    for part in parts:
        if part.translate(None, _LETTERS) or (part and part[-1] not in _ENDS[len(part) % 4]):
            raise EnvelopeError(Fault.SHAPE, "it is not written in base64url")
    return parts


def _decoded(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def _header(written: bytes, wanted: dict[str, str]) -> dict[str, Any]:
    """What a header says, where it says ``wanted`` and could not be read in two ways."""
    said = parsed(written)
    if not isinstance(said, dict):
        raise EnvelopeError(Fault.SHAPE, "its header is no object")
    if _HEADER.encode(said).encode() != written:
        raise EnvelopeError(Fault.SHAPE, "its header has blanks, or a name twice")
    for name, value in wanted.items():
        if said.get(name) != value:
            raise EnvelopeError(
                Fault.ALGORITHM, f"{name} is {str(said.get(name))[:40]!r}; only {value} is taken"
            )
    return said


def _key_id(said: dict[str, Any]) -> str:
    if not isinstance(said["kid"], str):
        raise EnvelopeError(Fault.UNKNOWN_KEY, "it names no key")
    return said["kid"]
