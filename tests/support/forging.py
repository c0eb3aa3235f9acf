"""A compromised node of AL: what it may send to GB, and why each is refused."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey, OKPKey

from authorities import Authority, five
from morina.accountability import PurposeCode
from morina.accountability.signing import PublicKey, Signer
from morina.exchange import Item, Kind, Message, Party, Why
from morina.exchange.envelope import written
from morina.exchange.faults import Fault
from morina.exchange.message import NOTHING_BEFORE
from morina.exchange.sealing import Keys, key_id, sealed_to

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MOST_BYTES = 100_000
_EASY = jwe.JWERegistry(
    algorithms=["ECDH-ES", "ECDH-ES+A256KW", "dir", "A256GCM", "A128GCM", "A256CBC-HS512", "DEF"],
    strict_check_header=False,
)


@dataclass(frozen=True)
class Scene:
    """AL, whose node an attacker holds; GB, which it writes to; XK, an honest third."""

    authorities: Mapping[str, Authority]
    old: Signer
    """AL's signing key of before."""

    @classmethod
    def set(cls) -> "Scene":
        """With fresh keys."""
        return cls(five(("AL", "GB", "XK")), Signer(Ed25519PrivateKey.generate()))

    def keys(self, name: str) -> Keys:
        """A node's own."""
        one = self.authorities[name]
        return Keys(name, one.signing, one.sealing)

    @property
    def partners(self) -> dict[str, Party]:
        """As the directory has them, all three."""
        known = {name: one.entry.party for name, one in self.authorities.items()}
        return known | {"AL": replace(known["AL"], old_keys=(self.old.public,))}

    def message(self, **changed: Any) -> Message:
        """A sighting AL tells GB, but for what is changed."""
        return replace(
            Message(
                message_id=UUID("019a9f00-0000-7000-8000-000000000001"), sender="AL", to="GB",
                kind=Kind.SIGHTING, conversation=UUID("019a9f00-0000-7000-8000-000000000002"),
                seq=1, previous=NOTHING_BEFORE, created_at=NOW - timedelta(minutes=1),
                said={"sighting": "s-1"}, agreement_version=1,
                items=(Item(fields={"plate": "AB12CDE", "country": "GB"}, at=NOW),),
                why=Why(agreement_id=uuid4(), purpose=PurposeCode.STOLEN_VEHICLE,
                        case_number="T-1", justification="listed by GB", officer="AL:00"),
            ),
            **changed,
        )  # fmt: skip

    def payload(self, **changed: Any) -> dict[str, Any]:
        """Of that message, its parts changed by their names on the wire; None takes one away."""
        said = json.loads(written(self.message())) | changed
        return {name: value for name, value in said.items() if value is not None}

    def jws(self, payload: bytes | None = None, **header: Any) -> bytes:
        """Signed by AL, whatever the header says."""
        said = {"alg": "Ed25519", "kid": self.key_id(), "typ": "morina-message+jws"} | header
        first = b64(canonical(said)) + b"." + b64(payload or written(self.message()))
        return first + b"." + b64(self.authorities["AL"].signing.key.sign(first))

    def key_id(self, name: str = "AL") -> str:
        """Of a node's signing key."""
        return key_id(name, self.authorities[name].signing.public.text)

    def jws_with(self, header: bytes) -> bytes:
        """The right message signed by AL with a header as written."""
        first = b64(header) + b"." + b64(written(self.message()))
        return first + b"." + b64(self.authorities["AL"].signing.key.sign(first))

    def to_gb(self, signed: bytes) -> bytes:
        """Sealed to GB as it should be."""
        return sealed_to(signed, self.partners["GB"])

    def sealed(self, **header: Any) -> bytes:
        """The right message sealed with a header that is not; None takes a part away."""
        said = {"alg": "ECDH-ES", "enc": "A256GCM", "typ": "morina-message+jwe"} | header
        said.setdefault("kid", key_id("GB", self.partners["GB"].sealing))
        key = OKPKey.import_key(self.authorities["GB"].sealing.public_key())
        if said["alg"] == "dir":
            key = OctKey.import_key(b"k" * 32)
        plain = {name: value for name, value in said.items() if value is not None}
        return jwe.encrypt_compact(plain, self.jws(), key, registry=_EASY).encode()

    def said(self, **changed: Any) -> bytes:
        """Signed by AL and sealed to GB, its parts changed."""
        return self.to_gb(self.jws(canonical(self.payload(**changed))))

    def text(self, change: Callable[[str], str]) -> bytes:
        """The same with its JSON changed as text."""
        return self.to_gb(self.jws(change(written(self.message()).decode()).encode()))


def b64(plain: bytes) -> bytes:
    """Base64url as JOSE has it."""
    return base64.urlsafe_b64encode(plain).rstrip(b"=")


def canonical(said: object) -> bytes:
    """As ours, without its refusals."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


Attack = Callable[[Scene], bytes]


def _with_hmac(scene: Scene) -> bytes:
    """AL's public key taken for a secret both know."""
    secret = bytes.fromhex(scene.authorities["AL"].signing.public.text)
    said = {"alg": "HS256", "kid": scene.key_id(), "typ": "morina-message+jws"}
    first = b64(canonical(said)) + b"." + b64(written(scene.message()))
    return scene.to_gb(first + b"." + b64(hmac.digest(secret, first, hashlib.sha256)))


def _unsigned(scene: Scene) -> bytes:
    said = {"alg": "none", "kid": scene.key_id(), "typ": "morina-message+jws"}
    return scene.to_gb(b64(canonical(said)) + b"." + b64(written(scene.message())) + b".")


def _other_payload(scene: Scene) -> bytes:
    header, _, signature = scene.jws().split(b".")
    other = written(scene.message(seq=2))
    return scene.to_gb(header + b"." + b64(other) + b"." + signature)


def _padding_bits(scene: Scene) -> bytes:
    """The last character of a signature with bits that decode to nothing."""
    signed = scene.jws()
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at = letters.index(signed[-1:])
    return scene.to_gb(signed[:-1] + letters[at + 1 : at + 2])


def _old_key(scene: Scene) -> bytes:
    said = {"alg": "Ed25519", "kid": key_id("AL", scene.old.public.text),
            "typ": "morina-message+jws"}  # fmt: skip
    first = b64(canonical(said)) + b"." + b64(written(scene.message()))
    return scene.to_gb(first + b"." + b64(scene.old.key.sign(first)))


def _own_key_in_header(scene: Scene) -> bytes:
    public = scene.authorities["AL"].signing.key.public_key()
    return scene.to_gb(scene.jws(jwk=OKPKey.import_key(public).as_dict(private=False)))


def _passed_on(scene: Scene) -> bytes:
    """XK wrote it to AL; AL seals it to GB as if XK had written it to GB."""
    message = scene.message(sender="XK", to="AL")
    return scene.to_gb(scene.keys("XK").sign(written(message)))


def _reflected(scene: Scene) -> bytes:
    """GB's own message comes back to it."""
    return scene.to_gb(scene.keys("GB").sign(written(scene.message(sender="GB", to="AL"))))


def _swapped_seal(scene: Scene) -> bytes:
    """Sealed to XK, with GB's key named outside."""
    other = replace(scene.partners["GB"], sealing=scene.partners["XK"].sealing)
    parts = sealed_to(scene.jws(), other).split(b".")
    header = json.loads(base64.urlsafe_b64decode(parts[0] + b"=="))
    header["kid"] = key_id("GB", scene.partners["GB"].sealing)
    return b".".join([b64(canonical(header)), *parts[1:]])


def _changed_seal(scene: Scene, part: int) -> bytes:
    parts = scene.to_gb(scene.jws()).split(b".")
    plain = bytearray(base64.urlsafe_b64decode(parts[part] + b"=" * (-len(parts[part]) % 4)))
    plain[0] ^= 1
    parts[part] = b64(bytes(plain))
    return b".".join(parts)


def _short_tag(scene: Scene) -> bytes:
    parts = scene.to_gb(scene.jws()).split(b".")
    return b".".join([*parts[:4], b64(base64.urlsafe_b64decode(parts[4] + b"==")[:4])])


def _other_curve(scene: Scene) -> bytes:
    parts = scene.to_gb(scene.jws()).split(b".")
    header = json.loads(base64.urlsafe_b64decode(parts[0] + b"=" * (-len(parts[0]) % 4)))
    header["epk"] = ECKey.generate_key("P-256").as_dict(private=False)
    return b".".join([b64(canonical(header)), *parts[1:]])


def _weak_point(scene: Scene) -> bytes:
    """An ephemeral key that makes every shared secret the same (all zeros)."""
    parts = scene.to_gb(scene.jws()).split(b".")
    header = json.loads(base64.urlsafe_b64decode(parts[0] + b"=" * (-len(parts[0]) % 4)))
    header["epk"]["x"] = b64(bytes(32)).decode()
    return b".".join([b64(canonical(header)), *parts[1:]])


def _other_order(scene: Scene) -> bytes:
    said = dict(reversed(list(scene.payload().items())))
    return scene.to_gb(scene.jws(json.dumps(said, separators=(",", ":")).encode()))


def _header_twice(scene: Scene) -> bytes:
    """A header that some read as another node's."""
    kids = f'"kid":"{scene.key_id("XK")}","kid":"{scene.key_id()}"'
    return scene.to_gb(
        scene.jws_with(f'{{"alg":"Ed25519",{kids},"typ":"morina-message+jws"}}'.encode())
    )


def _said(**changed: Any) -> Attack:
    return lambda scene: scene.said(**changed)


def _text(old: str, new: str) -> Attack:
    return lambda scene: scene.text(partial(_replaced, old, new))


def _replaced(old: str, new: str, text: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def _sealed(**header: Any) -> Attack:
    return lambda scene: scene.sealed(**header)


def _signed(**header: Any) -> Attack:
    return lambda scene: scene.to_gb(scene.jws(**header))


def _item(**fields: Any) -> Attack:
    item = {"at": "", "camera_group": "", "fields": {"plate": "AB12CDE"}} | fields
    return _said(body={"said": {}, "items": [item]})


def _at(**moved: Any) -> str:
    return (NOW + timedelta(**moved)).isoformat(timespec="microseconds")


F = Fault
ATTACKS: Mapping[str, tuple[Attack, Fault]] = {
    # truncates
    "nothing at all": (lambda _: b"", F.SHAPE),
    "cut off in the middle": (lambda s: s.to_gb(s.jws())[:300], F.SHAPE),
    "cut off before the tag": (lambda s: s.to_gb(s.jws()).rpartition(b".")[0], F.SHAPE),
    "last character cut off": (lambda s: s.to_gb(s.jws())[:-1], F.SHAPE),
    "tag of four bytes": (_short_tag, F.ALGORITHM),
    "signature cut off": (lambda s: s.to_gb(s.jws()[:-6]), F.SIGNATURE),
    "signature taken away": (lambda s: s.to_gb(s.jws().rpartition(b".")[0] + b"."), F.SIGNATURE),
    "payload cut off": (lambda s: s.to_gb(s.jws(written(s.message())[:-40])), F.NOT_JSON),
    "a part taken away": (_said(prev_hash=None), F.MALFORMED),
    "why taken away": (_said(agreement_id=""), F.MALFORMED),
    "why emptied": (
        _said(agreement_id="", agreement_version=0, purpose_code="", case_ref="", justification="",
              officer_pseudonym=""),
        F.MALFORMED,
    ),
    # floods
    "too large": (lambda s: s.said(justification="x" * MOST_BYTES), F.TOO_LARGE),
    "nested a thousand deep": (_text('"said":{', '"said":{"a":' + "[" * 9999), F.NOT_JSON),
    # downgrades
    "no signature (none)": (_unsigned, F.ALGORITHM),
    "HMAC with the public key": (_with_hmac, F.ALGORITHM),
    "EdDSA, which leaves the curve open": (_signed(alg="EdDSA"), F.ALGORITHM),
    "another signature named": (_signed(alg="ES256"), F.ALGORITHM),
    "another form named": (_signed(typ="JWT"), F.ALGORITHM),
    "a key of its own in the header": (_own_key_in_header, F.ALGORITHM),
    "a key to be fetched": (_signed(jku="https://al.example/keys"), F.ALGORITHM),
    "an extension to be understood": (_signed(crit=["b64"], b64=False), F.ALGORITHM),
    "key wrapping": (_sealed(alg="ECDH-ES+A256KW"), F.ALGORITHM),
    "a key both know": (_sealed(alg="dir"), F.ALGORITHM),
    "128 bits": (_sealed(enc="A128GCM"), F.ALGORITHM),
    "CBC": (_sealed(enc="A256CBC-HS512"), F.ALGORITHM),
    "compressed": (_sealed(zip="DEF"), F.ALGORITHM),
    "seal of another form": (_sealed(typ="JWT"), F.ALGORITHM),
    "seal that names no key": (_sealed(kid=None), F.ALGORITHM),
    "seal with parties of its own": (_sealed(apu="QUw", apv="R0I"), F.ALGORITHM),
    "another curve": (_other_curve, F.ALGORITHM),
    "a weak point of the curve": (_weak_point, F.BROKEN_SEAL),
    "another version": (_said(v=2), F.VERSION),
    "version as text": (_said(v="1"), F.VERSION),
    "version as a claim": (_said(v=True), F.VERSION),
    "no version": (_said(v=None), F.VERSION),
    # forges
    "changed in the seal": (lambda s: _changed_seal(s, 3), F.BROKEN_SEAL),
    "changed start of the seal": (lambda s: _changed_seal(s, 2), F.BROKEN_SEAL),
    "not signed, only sealed": (lambda s: s.to_gb(written(s.message())), F.SHAPE),
    "as XK, with its own key": (
        lambda s: s.to_gb(s.jws(canonical(s.payload(**{"from": "XK"})), kid=s.key_id("XK"))),
        F.SIGNATURE,
    ),
    "as XK within": (_said(**{"from": "XK"}), F.SENDER),
    "as GB itself": (_said(**{"from": "GB"}), F.SENDER),
    "signature of another message": (_other_payload, F.SIGNATURE),
    "signature written another way": (_padding_bits, F.SHAPE),
    "a node nobody knows": (
        lambda s: s.to_gb(s.jws(kid=s.key_id().replace("AL:", "MK:"))), F.UNKNOWN_SENDER,
    ),
    "a key nobody knows": (
        lambda s: s.to_gb(s.jws(kid=f"AL:{PublicKey('ab' * 32).fingerprint}")), F.UNKNOWN_KEY,
    ),
    "a key that was replaced": (_old_key, F.OLD_KEY),
    # re-addresses
    "sealed to XK": (lambda s: sealed_to(s.jws(), s.partners["XK"]), F.NOT_FOR_US),
    "sealed to XK, GB named": (_swapped_seal, F.BROKEN_SEAL),
    "written to XK, sealed to GB": (_said(to="XK"), F.RECIPIENT),
    "XK's message to AL, passed on": (_passed_on, F.RECIPIENT),
    "GB's own message, reflected": (_reflected, F.RECIPIENT),
    # time
    "made in the future": (_said(created=_at(minutes=6)), F.CLOCK),
    "expired": (_said(expires=_at(seconds=-1)), F.EXPIRED),
    # two readings of one text
    "a name twice in the header": (_header_twice, F.SHAPE),
    "a header that is none": (lambda s: s.to_gb(s.jws_with(b'"x"')), F.SHAPE),
    "a name twice": (_text('"v":1', '"v":1,"v":1'), F.DUPLICATE),
    "a name twice, within": (_text('"plate":', '"plate":"X","plate":'), F.DUPLICATE),
    "blanks": (_text('"v":1', '"v": 1'), F.NOT_CANONICAL),
    "another order": (_other_order, F.NOT_CANONICAL),
    "escaped letters": (_text("AB12CDE", "\\u0041B12CDE"), F.NOT_CANONICAL),
    "less than nothing (-0)": (_text('"said":{', '"said":{"a":-0,'), F.NOT_CANONICAL),
    "half a character": (_text("AB12CDE", "\\ud800"), F.MALFORMED),
    "not UTF-8": (lambda s: s.to_gb(s.jws(b'{"v":1,"a":"\xff"}')), F.NOT_JSON),
    "a fraction": (_item(fields={"speed": 50.5}), F.FRACTION),
    "a whole number as a fraction": (_said(seq=1.0), F.FRACTION),
    "beyond 2^53": (_item(fields={"n": 2**53}), F.FRACTION),
    "no number": (_item(fields={"n": float("nan")}), F.FRACTION),
    # parts
    "a kind nobody knows": (_said(type="order"), F.UNKNOWN_KIND),
    "a part nobody knows": (_said(onward=True), F.MALFORMED),
    "a list": (lambda s: s.to_gb(s.jws(b"[]")), F.MALFORMED),
    "another category": (_said(category="vehicle"), F.MALFORMED),
    "a purpose nobody knows": (_said(purpose_code="curiosity"), F.MALFORMED),
    "a version of no agreement": (_said(agreement_version=0), F.MALFORMED),
    "an item with a part of its own": (_item(name="x"), F.MALFORMED),
    "a field that holds an object": (_item(fields={"owner": {"name": "x"}}), F.MALFORMED),
    "a field that holds nothing": (_item(fields={"owner": None}), F.MALFORMED),
    "items that are none": (_said(body={"said": {}, "items": {"0": 1}}), F.MALFORMED),
    "a body of its own": (_said(body="x"), F.MALFORMED),
    "number 0": (_said(seq=0), F.MALFORMED),
    "number as text": (_said(seq="1"), F.MALFORMED),
    "an id in capitals": (_said(id="019A9F00-0000-7000-8000-000000000001"), F.MALFORMED),
    "a time without its zone": (_said(created="2026-11-22T09:00:00.000000"), F.MALFORMED),
    "a time of another zone": (_said(created="2026-11-22T10:00:00.000000+01:00"), F.MALFORMED),
    "a hash cut off": (_said(prev_hash="00"), F.MALFORMED),
    "a hash of no request": (_said(request_hash="00" * 32), F.MALFORMED),
    "an answer without its hash": (_said(in_reply_to=str(uuid4())), F.MALFORMED),
}  # fmt: skip
