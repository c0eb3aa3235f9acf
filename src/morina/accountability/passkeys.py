"""Passkeys: what a browser is asked and what it must answer (W3C WebAuthn Level 2).

Discoverable, so that nobody types a name, and verified by the authenticator (PIN, finger, face),
so that one is possession and knowledge at once.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.parse_authentication_credential_json import (
    parse_authentication_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from morina.accountability.factors import OwnFactors, Passkey
from morina.accountability.identity import SignInRefusedError, User

_NAME = "Morina"
_ASK_MS = 5 * 60 * 1000
_REFUSED = "the passkey's answer does not hold; try again"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the desk is opened: passkeys belong to ``host``; ``origin`` adds scheme and port."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passkey signed, to the challenge it was asked with."""

    credential: AuthenticationCredential
    challenge: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str, challenge: bytes) -> "Answer":
        """Of the JSON a browser sends; SignInRefusedError where it is none."""
        try:
            return cls(parse_authentication_credential_json(text), challenge)
        except (WebAuthnException, ValueError):
            raise SignInRefusedError(_REFUSED) from None

    @property
    def credential_id(self) -> bytes:
        """Of which passkey it is."""
        return self.credential.raw_id


@dataclass(frozen=True, slots=True)
class Registering:
    """Somebody adding a passkey they call ``label``, asked with ``challenge``."""

    user: User
    label: str
    challenge: bytes = field(repr=False)


def asked_to_register(user: User, owned: OwnFactors, place: Place) -> tuple[str, bytes]:
    """Options for ``navigator.credentials.create`` as JSON, and their challenge."""
    known = [PublicKeyCredentialDescriptor(id=key.credential_id) for key in owned.passkeys]
    options = generate_registration_options(
        rp_id=place.host,
        rp_name=_NAME,
        user_id=handle_of(user.name),
        user_name=user.name,
        user_display_name=user.full_name,
        timeout=_ASK_MS,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options), options.challenge


def registered(text: str, asked: Registering, place: Place, now: datetime) -> Passkey:
    """The passkey of a browser's answer; SignInRefusedError where it does not hold."""
    try:
        verified = verify_registration_response(
            credential=text,
            expected_challenge=asked.challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        raise SignInRefusedError(_REFUSED) from None
    return Passkey(
        credential_id=verified.credential_id,
        name=asked.user.name,
        label=asked.label,
        host=place.host,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        added_at=now,
    )


def asked_to_sign_in(place: Place) -> tuple[str, bytes]:
    """Options for ``navigator.credentials.get`` as JSON, and their challenge; names nobody."""
    options = generate_authentication_options(
        rp_id=place.host,
        timeout=_ASK_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options), options.challenge


def answered(answer: Answer, place: Place, passkey: Passkey) -> int:
    """The sign count of an answer that holds; SignInRefusedError.

    A count that did not grow is a copied authenticator or a replay (WebAuthn, section 6.1.1).
    """
    handle = answer.credential.response.user_handle
    if passkey.host != place.host or handle != handle_of(passkey.name):
        raise SignInRefusedError(_REFUSED)
    try:
        verified = verify_authentication_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        raise SignInRefusedError(_REFUSED) from None
    return verified.new_sign_count


def handle_of(name: str) -> bytes:
    """What authenticators keep for an account: it tells nobody the name (section 14.6.1)."""
    return sha256(b"morina account " + name.encode()).digest()
