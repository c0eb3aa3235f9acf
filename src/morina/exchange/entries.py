"""A node's entry in the directory: the file one authority hands to the others."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509

from morina.accountability.signing import PublicKey, canonical
from morina.exchange.parties import Party, UnknownNodeError, node_name

LONGEST = 200
"""Most characters of a name, an address or a contact."""
LONGEST_OVERLAP = timedelta(days=60)
"""So long a replaced key may still have signed what was on its way."""


class EntryError(ValueError):
    """A file that is no entry; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class OldKey:
    """A signing key used before, and when another took its place."""

    key: PublicKey
    replaced_at: datetime

    def said(self) -> dict[str, str]:
        """As written."""
        return {"key": self.key.text, "replaced_at": self.replaced_at.isoformat()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A party and its authority's ``directory_key``, which signs directories. A node's keys are
    used every second and may be lost; this one is used once a month, away from the node."""

    party: Party
    directory_key: PublicKey
    old: tuple[OldKey, ...] = ()

    def said(self) -> Mapping[str, Any]:
        """What the file holds."""
        one = self.party
        return {
            "node_id": one.node_id, "name": one.name, "address": one.address,
            "signing": one.signing.text, "sealing": one.sealing, "tls_root": one.tls_root,
            "contact": one.contact, "directory_key": self.directory_key.text,
            "old_keys": [key.said() for key in self.old],
        }  # fmt: skip

    def text(self) -> str:
        """The file."""
        return json.dumps(self.said(), indent=1, ensure_ascii=False) + "\n"

    @property
    def fingerprint(self) -> str:
        """Over all it says, to be compared over the telephone: 24 hex digits in fours."""
        return fours(hashlib.sha256(canonical(self.said())).hexdigest())

    def after(self, before: "Entry | None", now: datetime) -> "Entry":
        """This one in place of ``before``: signing keys it had are kept to verify old messages.

        The key replaced now counts until the time this entry says for it, ``LONGEST_OVERLAP`` at
        most. A time gone by is not heard: nobody unsays alone what it signed."""
        if before is None:
            return replace(self, party=replace(self.party, old_keys=()), old=())
        old = [one for one in before.old if one.key != self.party.signing]
        if before.party.signing != self.party.signing:
            said = (one.replaced_at for one in self.old if one.key == before.party.signing)
            until = min(max(next(said, now), now), now + LONGEST_OVERLAP)
            old = [OldKey(before.party.signing, until), *old]
        keys = tuple(one.key for one in old)
        return replace(self, party=replace(self.party, old_keys=keys), old=tuple(old))


def entry_of(text: str) -> Entry:
    """The entry of a file's text; EntryError."""
    try:
        said = json.loads(text)
        old = tuple(
            OldKey(PublicKey(one["key"]), datetime.fromisoformat(one["replaced_at"]))
            for one in said["old_keys"]
        )
        return Entry(
            _party(said, tuple(one.key for one in old)), PublicKey(said["directory_key"]), old
        )
    except UnknownNodeError as error:
        raise EntryError(f"node_id: {error}") from None
    except (KeyError, TypeError, ValueError) as error:
        missing = isinstance(error, KeyError)
        raise EntryError(
            f"it is no entry of a node{': it lacks ' if missing else ': '}{error};"
            " have its authority make one with: morina exchange keys"
        ) from None


def _party(said: Mapping[str, Any], old_keys: tuple[PublicKey, ...]) -> Party:
    texts = {name: _text(said, name) for name in ("name", "address", "contact")}
    if not texts["name"].strip():
        raise EntryError("name: say whose node it is")
    PublicKey(said["sealing"])
    _refuse_address(texts["address"])
    if said["tls_root"] or texts["address"]:
        x509.load_pem_x509_certificate(str(said["tls_root"]).encode())
    return Party(
        node_id=node_name(said["node_id"]), **texts, signing=PublicKey(said["signing"]),
        sealing=said["sealing"], tls_root=said["tls_root"], old_keys=old_keys,
    )  # fmt: skip


def _text(said: Mapping[str, Any], name: str) -> str:
    text = said[name]
    if not isinstance(text, str) or len(text) > LONGEST or not text.isprintable():
        raise EntryError(f"{name}: write one line, {LONGEST} characters at most")
    return text


def _refuse_address(address: str) -> None:
    parts = urlsplit(address)
    if address and (parts.scheme != "https" or not parts.hostname or parts.path.strip("/")):
        raise EntryError("address: write https://HOST:PORT, or nothing where there is only a stick")


def fours(digest: str) -> str:
    """The first 24 of hex digits, in fours."""
    return "-".join(digest[at : at + 4] for at in range(0, 24, 4))
