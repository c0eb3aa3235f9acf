"""Envelopes: a message signed by its sender (JWS), then sealed to its recipient (JWE).

Both stand inside the signature, so that a recipient cannot pass a message on as if meant for
another. The signed bytes are what both sides keep as evidence.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc.jwk import OKPKey

from morina.accountability.signing import PublicKey, SignatureError, Signer
from morina.exchange import compact
from morina.exchange.envelope import read, written
from morina.exchange.faults import EnvelopeError, Fault
from morina.exchange.message import Message
from morina.exchange.parties import Party

_SEAL = 1024
"""Bytes a seal adds at most, beside writing its content in base64."""

SEALING_SECRET = "sealing-exchange"  # noqa: S105 - the name of one


@dataclass(frozen=True, slots=True)
class Keys:
    """This node's own keys, the newest of each sort: ``signer`` and ``opener``.

    ``old`` opens what was sealed to a key before and is still on its way; ``others`` are signing
    keys it holds beside; ``again`` reads all of them anew, for one may be made while the node runs.
    Which of them signs is what the directory says: ``listed``. Made by ``Keys.of``.
    """

    node_id: str
    signer: Signer
    opener: X25519PrivateKey = field(repr=False)
    old: tuple[X25519PrivateKey, ...] = field(default=(), repr=False)
    others: tuple[Signer, ...] = field(default=(), repr=False)
    again: "Callable[[], Keys] | None" = field(default=None, repr=False, compare=False)
    _signs: OKPKey = field(init=False, repr=False, compare=False)
    _opens: Mapping[str, OKPKey] = field(init=False, repr=False, compare=False)
    _listed: "dict[str, Keys]" = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_signs", OKPKey.import_key(self.signer.key))
        openers = {
            key_id(self.node_id, _public(one)): OKPKey.import_key(one)
            for one in (*self.old, self.opener)
        }
        object.__setattr__(self, "_opens", openers)

    @classmethod
    def of(cls, node_id: str, signing: str, sealing: str, old: tuple[str, ...] = ()) -> Self:
        """From secrets as ``Home.secret`` makes: of ``"signing"`` and of ``SEALING_SECRET``.

        SignatureError where one is something else.
        """
        signer = Signer.of(signing)
        return cls(node_id, signer, _opener(sealing), tuple(map(_opener, old)))

    @property
    def sealing(self) -> str:
        """The public sealing key, 64 hex digits, as the directory lists it."""
        return _public(self.opener)

    def listed(self, parties: Iterable[Party]) -> "Keys":
        """These, signing with the key that partners take from this node: the one ``parties`` name,
        if it is held. A key made just now is held, and not used before they name it."""
        mine = (one.signing for one in parties if one.node_id == self.node_id)
        named = next(mine, self.signer.public)
        if named == self.signer.public:
            return self
        if named.text not in self._listed and (made := self._signing_with(named)):
            self._listed[named.text] = made
        return self._listed.get(named.text, self)

    def _signing_with(self, named: PublicKey) -> "Keys | None":
        held = self.again() if self.again else self
        found = (one for one in (held.signer, *held.others) if one.public == named)
        signer = next(found, None)
        return replace(held, signer=signer) if signer else None

    def sign(self, payload: bytes) -> bytes:
        """The JWS over ``payload`` by this node."""
        return compact.signed(payload, self._signs, key_id(self.node_id, self.signer.public.text))

    def unseal(self, sealed: bytes) -> bytes:
        """What was sealed to one of our keys; EnvelopeError."""
        named, opens = compact.recipient_of(sealed), self._opens
        if named not in opens and self.again:
            opens = self.again()._opens
        if named not in opens:
            raise EnvelopeError(
                Fault.NOT_FOR_US,
                f"it is sealed to {named[:60]!r}, a key this node has not; have the sender take the"
                " directory in force",
            )
        return compact.unsealed(sealed, opens[named])


@dataclass(frozen=True, slots=True)
class Sealed:
    """``signed`` is kept as evidence, ``sealed`` goes out; ``digest`` is SHA-256 over ``signed``,
    64 hex digits."""

    signed: bytes
    sealed: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A message with its digest, and the bytes its sender signed."""

    message: Message
    signed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How large an envelope may be, and how far the sender's clock may be ahead of ours."""

    skew_s: float = 300
    most_bytes: int = 8 * 1024 * 1024


@lru_cache(256)
def key_id(node_id: str, public: str) -> str:
    """How an envelope names a key: node, and the key's fingerprint."""
    return f"{node_id}:{PublicKey(public).fingerprint}"


def digest_of(signed: bytes) -> str:
    """What receipts, trails and later messages name a message by."""
    return hashlib.sha256(signed).hexdigest()


def seal(message: Message, keys: Keys, recipient: Party) -> Sealed:
    """Sign and seal; EnvelopeError where it cannot be written (a fraction in it), ValueError where
    it is not from this node to ``recipient``."""
    if (message.sender, message.to) != (keys.node_id, recipient.node_id):
        raise ValueError(f"it is from {message.sender} to {message.to}; it cannot be sealed so")
    signed, digest = signed_by(message, keys)
    return Sealed(signed, sealed_to(signed, recipient), digest)


def signed_by(message: Message, keys: Keys) -> tuple[bytes, str]:
    """Sign only: what is kept until it goes, and its digest. EnvelopeError as of ``seal``."""
    signed = keys.sign(written(message))
    return signed, digest_of(signed)


def sealed_size(signed: bytes) -> int:
    """How many bytes it has at most once it is sealed."""
    return len(signed) * 4 // 3 + _SEAL


def sealed_to(signed: bytes, recipient: Party) -> bytes:
    """What was signed before, sealed (anew) to the key the recipient has now."""
    return compact.sealed(signed, recipient.sealing, key_id(recipient.node_id, recipient.sealing))


def opened(
    sealed: bytes,
    keys: Keys,
    partners: Mapping[str, Party],
    now: datetime,
    bounds: Bounds = Bounds(),
) -> Opened:
    """The message within, from one of ``partners`` to this node; EnvelopeError says why not.

    Made long ago is no fault, for messages wait where a link is cut: it is ``expires_at`` that ends
    them, and their number and the hash before that refuse what came already.
    """
    if len(sealed) > bounds.most_bytes:
        raise EnvelopeError(
            Fault.TOO_LARGE, f"{len(sealed)} bytes; at most {bounds.most_bytes} are taken"
        )
    signed = keys.unseal(sealed)
    party, key = signer_among(signed, partners)
    if key != party.signing:
        raise EnvelopeError(
            Fault.OLD_KEY, f"{party.node_id} signed it with a key it has replaced; it has to sign"
            " anew what was not received"
        )  # fmt: skip
    payload = compact.verified(signed, key.text)
    try:
        message = replace(read(payload), digest=digest_of(signed))
        _check_parties(message, party.node_id, keys.node_id)
    except EnvelopeError as error:
        error.sender, error.signed = party.node_id, signed
        raise
    _check_time(Opened(message, signed), now, bounds)
    return Opened(message, signed)


def signer_among(signed: bytes, partners: Mapping[str, Party]) -> tuple[Party, PublicKey]:
    """Who says it signed, and which of its keys; EnvelopeError. No signature is checked yet."""
    named = compact.signer_of(signed)
    node_id = named.partition(":")[0]
    if node_id not in partners:
        raise EnvelopeError(
            Fault.UNKNOWN_SENDER, f"{node_id[:40]!r} does not stand in the directory"
        )
    party = partners[node_id]
    for key in (party.signing, *party.old_keys):
        if named == key_id(node_id, key.text):
            return party, key
    raise EnvelopeError(
        Fault.UNKNOWN_KEY, f"{named[:60]!r} is no key the directory has of {node_id}"
    )


def message_in(signed: bytes, partners: Mapping[str, Party], *, again: bool = False) -> Message:
    """The message one of ``partners`` signed, at any time, with any key it ever had: for evidence.
    ``again`` where it was taken in before. EnvelopeError where the signature or the form does not
    hold."""
    party, key = signer_among(signed, partners)
    payload = compact.verified(signed, key.text)
    message = replace(read(payload, again=again), digest=digest_of(signed))
    _check_parties(message, party.node_id, message.to)
    return message


def _check_parties(message: Message, sender: str, me: str) -> None:
    if message.sender != sender:
        raise EnvelopeError(
            Fault.SENDER, f"{sender} signed it, and within it is from {message.sender[:40]!r}"
        )
    if message.to != me:
        raise EnvelopeError(
            Fault.RECIPIENT, f"it was written to {message.to[:40]!r} and passed on to {me}"
        )


def _check_time(one: Opened, now: datetime, bounds: Bounds) -> None:
    message, fault = one.message, None
    if message.created_at > now + timedelta(seconds=bounds.skew_s):
        fault = EnvelopeError(
            Fault.CLOCK, f"it was made at {message.created_at:%Y-%m-%d %H:%M:%S} and here it is"
            f" {now:%Y-%m-%d %H:%M:%S} (UTC); have both clocks set"
        )  # fmt: skip
    elif message.expires_at is not None and message.expires_at <= now:
        fault = EnvelopeError(
            Fault.EXPIRED, f"it was good until {message.expires_at:%Y-%m-%d %H:%M:%S}"
        )
    if fault is not None:
        fault.sender, fault.signed, fault.message = message.sender, one.signed, message
        raise fault


def _opener(secret: str) -> X25519PrivateKey:
    text = secret.strip()
    try:
        return X25519PrivateKey.from_private_bytes(
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        )
    except ValueError:
        raise SignatureError(
            f"secrets/{SEALING_SECRET} is no sealing key; put back the one of this node's backup"
        ) from None


def _public(key: X25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
