"""Rules of agreements: how one is read, which version may follow, which is in force. Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from morina.accountability import PurposeCode
from morina.accountability.signing import PublicKey, SignatureError, canonical
from morina.exchange.agreeing import RefusedAgreementError
from morina.exchange.agreement import Agreement, Onward, Signed
from morina.exchange.fields import unknown_fields
from morina.exchange.kinds import Category

KnownKeys = Mapping[str, Sequence[PublicKey]]
"""Per node the keys its signatures may be checked with: that in force first, then older ones."""

LONGEST, MOST_DAYS = 2000, 36_500
"""Most characters of a legal basis; most of any number, a hundred years in days."""

_BOTH = ("giver", "receiver")
_NUMBERS = ("version", "keep_days", "max_age_days", "officer_cap", "node_cap", "log_days")
_TEXTS = ("giver", "receiver", "legal_basis")
_CLAIMS = ("tells_refusal", "ended")
_PLAIN = (*_NUMBERS, *_TEXTS, *_CLAIMS)
_KINDS: Mapping[type, tuple[str, ...]] = {int: _NUMBERS, str: _TEXTS, bool: _CLAIMS}


def agreement_of(said: Mapping[str, Any]) -> Agreement:
    """The agreement of what ``Agreement.said`` gives; RefusedAgreementError where it is none."""
    try:
        _refuse_kinds(said)
        made = Agreement(
            **{name: said[name] for name in _PLAIN},
            agreement_id=UUID(said["agreement_id"]),
            category=Category(said["category"]),
            purposes=frozenset(map(PurposeCode, said["purposes"])),
            fields=frozenset(said["fields"]),
            valid_from=datetime.fromisoformat(said["valid_from"]),
            valid_to=datetime.fromisoformat(said["valid_to"]),
            camera_groups=frozenset(said["camera_groups"]),
            onward=Onward(said["onward"]),
        )
        same = canonical(made.said()) == canonical(dict(said))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RefusedAgreementError("not_an_agreement", f"it is no agreement: {error}") from None
    if not same:
        raise RefusedAgreementError(
            "not_an_agreement", "it is not written as agreements are; have it drafted anew"
        )
    return made


def _refuse_kinds(said: Mapping[str, Any]) -> None:
    for kind, names in _KINDS.items():
        if bad := [name for name in names if type(said[name]) is not kind]:
            raise ValueError(f"{bad[0]} is no {kind.__name__}")


def refuse_unfit(agreement: Agreement) -> None:
    """RefusedAgreementError for what no agreement may say: fields its category has not, numbers
    below zero or without end, texts that say nothing. The end of one need not be perfect."""
    for name in _NUMBERS:
        if not 0 <= getattr(agreement, name) <= MOST_DAYS:
            raise RefusedAgreementError("number", f"{name}: write 0 to {MOST_DAYS:,}")
    texts = (agreement.legal_basis, *agreement.camera_groups)
    if not all(0 < len(one) <= LONGEST and _plain(one) for one in texts):
        raise RefusedAgreementError(
            "text", f"legal_basis, camera_groups: write plain text, 1 to {LONGEST} characters"
        )
    if agreement.ended:
        return
    if agreement.onward is not Onward.NEVER:
        raise RefusedAgreementError(
            "onward", "onward: write never; no node asks for consent to tell others, or records it"
        )
    if unknown := unknown_fields(agreement.category, agreement.fields):
        raise RefusedAgreementError(
            "unknown_field",
            f"fields: {agreement.category} has no field {unknown[0][:80]!r};"
            " docs/exchange-agreements.md lists those there are",
        )
    if not agreement.purposes:
        raise RefusedAgreementError("purpose", "purposes: write one at least")


def _plain(text: str) -> bool:
    return not text.isspace() and all(one.isprintable() or one == "\n" for one in text)


def refuse_version(agreement: Agreement, known: Sequence[Signed]) -> None:
    """RefusedAgreementError unless it may follow the versions known of its id, newest first.

    A version that is known already passes. The end of an agreement may come under any number, so
    that nothing keeps it from being told.
    """
    for one in known:
        if _subject(one.agreement) != _subject(agreement):
            raise RefusedAgreementError(
                "parties", "its id belongs to an agreement of other nodes or of another category"
            )
    if any(one.agreement.digest == agreement.digest for one in known):
        return
    if agreement.ended:
        if not known:
            raise RefusedAgreementError("unknown", "there is no agreement of that id to be ended")
        return
    if any(one.agreement.ended for one in known):
        raise RefusedAgreementError("ended", "it was ended; make one with a new id")
    if agreement.version != next_version(known):
        raise RefusedAgreementError(
            "version",
            f"version {agreement.version} is known with another text, or is not the next;"
            f" make it version {next_version(known)}",
        )


def refuse_signing(agreement: Agreement, known: Sequence[Signed], keys: KnownKeys) -> None:
    """RefusedAgreementError where it should not be signed any more: ended, or a later version is
    signed by both."""
    if any(one.agreement.ended for one in known):
        raise RefusedAgreementError("ended", "it was ended; make one with a new id")
    both = [one.agreement.version for one in known if len(signers(one, keys)) == len(_BOTH)]
    if max(both, default=0) > agreement.version:
        raise RefusedAgreementError("older", "both signed a later version; change that one")


def _subject(agreement: Agreement) -> tuple[str, str, Category]:
    return agreement.giver, agreement.receiver, agreement.category


def next_version(known: Sequence[Signed]) -> int:
    """The number a change must bear."""
    return max((one.agreement.version for one in known), default=0) + 1


def signers(signed: Signed, keys: KnownKeys) -> frozenset[str]:
    """The parties whose signature holds under a key the directory knows of them."""
    said = canonical(signed.agreement.said())
    parties = (signed.agreement.giver, signed.agreement.receiver)
    return frozenset(
        node
        for node in parties
        if (signature := signed.signatures.get(node))
        and any(_holds(key, said, signature) for key in keys.get(node, ()))
    )


def in_force_of(versions: Sequence[Signed], keys: KnownKeys, now: datetime) -> Agreement | None:
    """Which of the versions of one agreement is in force at ``now``.

    None after an end signed by either party. Else the newest that both signed and whose time has
    begun, where that is not over: a version that ran out does not bring back the one before.
    """
    signed = [(one.agreement, signers(one, keys)) for one in versions]
    if any(one.ended and by for one, by in signed):
        return None
    begun = [one for one, by in signed if len(by) == 2 and one.valid_from <= now]
    newest = max(begun, key=lambda one: one.version, default=None)
    return newest if newest is not None and now < newest.valid_to else None


@lru_cache(maxsize=4096)
def _holds(key: PublicKey, said: bytes, signature: str) -> bool:
    try:
        key.check(json.loads(said), signature)
    except SignatureError:
        return False
    return True
