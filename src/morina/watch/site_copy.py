"""The copy of the hotlists that a site may hold: signed, sealed for that site, short-lived. Pure.

Form: JWS (RFC 7515, Ed25519) of compressed JSON, within a JWE (RFC 7516, ECDH-ES and A256GCM).
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from morina.sense import zoned
from morina.watch.listing import Listed, VehicleOfInterest

MOST_BYTES = 200_000_000
"""Uncompressed; about 300,000 listings."""


class _Signed(jws.JWSRegistry):
    """The library's limits are for web tokens; a list of listings is longer."""

    max_payload_length = 2 * MOST_BYTES


class _Sealed(jwe.JWERegistry):
    max_ciphertext_length = 4 * MOST_BYTES


_SIGNED = _Signed(algorithms=["Ed25519"])
_SEALED = _Sealed(algorithms=["ECDH-ES", "A256GCM"])


class RefusedCopyError(ValueError):
    """A site's copy is not to be used; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCopy:
    """What one site may know, until ``until``. A higher ``version`` replaces a lower one."""

    site: str
    version: int
    made_at: datetime
    until: datetime
    listed: tuple[Listed, ...]

    def __post_init__(self) -> None:
        zoned(self.made_at, "made_at")
        zoned(self.until, "until")


@dataclass(frozen=True, slots=True)
class CopyKeys:
    """Two Ed25519 or X25519 keys, 32 bytes each.

    To seal: the node's secret signing key and the site's public box key. To open: the node's public
    key and the site's secret box key.
    """

    signing: bytes
    box: bytes


def covers(scope: Iterable[str], geo_scope: str) -> bool:
    """Whether a listing for ``geo_scope`` may be held at a site of that scope.

    A listing without a scope counts everywhere. Else its scope is words parted by semicolons or
    commas, and one of them must be the site's, whatever the case.
    """
    wanted = {word.strip().casefold() for word in geo_scope.replace(",", ";").split(";")} - {""}
    return not wanted or bool(wanted & {word.strip().casefold() for word in scope})


def for_site(listed: Iterable[Listed], scope: Iterable[str], now: datetime) -> tuple[Listed, ...]:
    """The entries a site of that scope needs for its alarm, with the fields it needs and no other.

    Left out: what is over, who listed and approved it, its source, its owner's contact.
    """
    places = tuple(scope)
    return tuple(
        Listed(one.hotlist, _needed(one))
        for one in listed
        if one.listing.valid_to > now and covers(places, one.listing.geo_scope)
    )


def seal(copy: SiteCopy, keys: CopyKeys) -> bytes:
    """The copy as it is sent and kept: only the site can open it, and only the node can make it."""
    content = zlib.compress(msgspec.json.encode(copy), 6)
    signer = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(keys.signing))
    signed = jws.serialize_compact({"alg": "Ed25519"}, content, signer, registry=_SIGNED)
    box = OKPKey.import_key(X25519PublicKey.from_public_bytes(keys.box))
    header = {"alg": "ECDH-ES", "enc": "A256GCM"}
    return jwe.encrypt_compact(header, signed.encode(), box, registry=_SEALED).encode()


def opened(sealed: bytes, keys: CopyKeys, site: str, now: datetime, above: int = 0) -> SiteCopy:
    """The copy in ``sealed``.

    RefusedCopyError when it is not from the node, not for this site, over at ``now``, or of a
    version that is not above ``above``.
    """
    try:
        box = OKPKey.import_key(X25519PrivateKey.from_private_bytes(keys.box))
        signed = jwe.decrypt_compact(sealed, box, registry=_SEALED).plaintext or b""
        verifier = OKPKey.import_key(Ed25519PublicKey.from_public_bytes(keys.signing))
        content = jws.deserialize_compact(signed, verifier, registry=_SIGNED).payload
        copy = msgspec.json.decode(_inflated(content), type=SiteCopy)
    except (JoseError, msgspec.DecodeError, zlib.error, ValueError) as error:
        raise RefusedCopyError(f"the hotlist copy is not what the node sealed ({error})") from None
    if copy.site != site:
        raise RefusedCopyError(f"the hotlist copy is for the site {copy.site}, not for {site}")
    if copy.version <= above:
        raise RefusedCopyError(f"hotlist copy {copy.version} is not newer than {above}")
    if copy.until <= now:
        raise RefusedCopyError(f"hotlist copy {copy.version} ended at {copy.until.isoformat()}")
    return copy


def _needed(one: Listed) -> VehicleOfInterest:
    return replace(
        one.listing,
        contact_24h="",
        created_by="",
        approved_by="",
        source_reference="",
        legal_basis="",
        share_scope="",
        source_checked_at=None,
    )


def _inflated(content: bytes) -> bytes:
    inflater = zlib.decompressobj()
    text = inflater.decompress(content, MOST_BYTES)
    if inflater.unconsumed_tail or not inflater.eof:
        raise ValueError(f"it is larger than {MOST_BYTES:,} bytes or cut off")
    return text
