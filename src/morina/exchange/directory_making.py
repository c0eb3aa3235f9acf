"""Making a directory and its next versions, away from any node: each authority adds its signature.

Whoever prepares one decides nothing: without enough signatures nobody takes it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import TOP_LEVEL_ROLE_NAMES, Metadata, Role, Root, TargetFile, Targets

from morina.accountability.signing import PublicKey, canonical
from morina.exchange.agreement import Agreement
from morina.exchange.directory import (
    Bundle,
    DirectoryError,
    agreement_path,
    authorities,
    party_path,
    root_of,
    targets_of,
)
from morina.exchange.entries import Entry, entry_of

DAYS = 30
"""How long a directory is good, unless it says otherwise."""

BEFORE = "root, by those before"
"""What ``missing`` calls the signatures a new root needs of the authorities before."""

ROOT_DAYS = 1096
"""How long a root is good: three years, and each new one begins them anew."""


@dataclass(frozen=True, slots=True)
class AgreementHash:
    """What the directory says of an agreement: which it is, and the hash of what both sign."""

    agreement_id: UUID
    version: int
    digest: str
    length: int

    @classmethod
    def of(cls, agreement: Agreement) -> "AgreementHash":
        """Of one agreement."""
        length = len(canonical(agreement.said()))
        return cls(agreement.agreement_id, agreement.version, agreement.digest, length)

    @property
    def path(self) -> str:
        """Where it stands."""
        return agreement_path(self.agreement_id, self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the next version says otherwise; nothing: the same for another ``days``."""

    entries: Sequence[Entry] = ()
    agreements: Sequence[AgreementHash] = ()
    removed: Sequence[str] = ()
    days: int = DAYS


def founded(entries: Sequence[Entry], threshold: int, now: datetime, days: int = DAYS) -> Bundle:
    """A first directory of these nodes, whose authorities sign together; nobody signed it yet.

    DirectoryError where ``threshold`` is no majority: two halves could sign two directories.
    """
    root = Root(version=1, consistent_snapshot=False)
    _let_sign(root, {one.party.node_id: one.directory_key for one in entries}, threshold)
    root.expires = _whole(now, ROOT_DAYS)
    targets = Targets(version=1, expires=_whole(now, days))
    files = _with_entries(targets, {}, [one.after(None, now) for one in entries])
    return Bundle((_text(Metadata(root)),), _text(Metadata(targets)), files)


def changed(before: Bundle, change: Change, now: datetime) -> Bundle:
    """The next version, nobody signed it yet. Where a directory key is another, or an authority
    comes or goes, there is a new root as well, which enough of the old ones must sign."""
    root, targets = root_of(before.roots[-1]).signed, targets_of(before).signed
    known = {name: entry_of(text) for name, text in before.files.items()}
    fresh = [one.after(known.get(party_path(one.party.node_id)), now) for one in change.entries]
    targets.version += 1
    targets.expires = _whole(now, change.days)
    files = dict(before.files)
    for node in change.removed:
        if files.pop(party_path(node), None) is None:
            raise DirectoryError("unknown", f"{node} does not stand in this directory")
        targets.targets.pop(party_path(node))
    for one in change.agreements:
        hashes = {"sha256": one.digest}
        targets.targets[one.path] = TargetFile(one.length, hashes, one.path)
    files = _with_entries(targets, files, fresh)
    roots = (*before.roots, *_next_root(root, files, now))
    return Bundle(roots, _text(Metadata(targets)), files)


def signed(bundle: Bundle, key: Ed25519PrivateKey) -> Bundle:
    """With the signature of this key; DirectoryError where nobody waits for a signature of it.

    A key of the root before, which the new root has not, signs the new root and nothing else.
    """
    keyid = key_of(PublicKey(key.public_key().public_bytes_raw().hex())).keyid
    root, targets = root_of(bundle.roots[-1]), targets_of(bundle)
    counts = keyid in authorities(root.signed)
    before = root_of(bundle.roots[-2]).signed if BEFORE in missing(bundle) else root.signed
    if not counts and keyid not in authorities(before):
        raise DirectoryError("unknown_key", "this key is none of an authority of this directory")
    root.sign(CryptoSigner(key), append=True)
    if counts:
        targets.sign(CryptoSigner(key), append=True)
    return replace(bundle, roots=(*bundle.roots[:-1], _text(root)), targets=_text(targets))


def merged(bundle: Bundle, other: Bundle) -> Bundle:
    """With the signatures ``other`` has beside; DirectoryError where it says something else."""
    root, targets = root_of(bundle.roots[-1]), targets_of(bundle)
    others = root_of(other.roots[-1]), targets_of(other)
    if (root.signed, targets.signed) != (others[0].signed, others[1].signed):
        raise DirectoryError("other", "the two files say different things; sign the same one")
    root.signatures.update(others[0].signatures)
    targets.signatures.update(others[1].signatures)
    return replace(bundle, roots=(*bundle.roots[:-1], _text(root)), targets=_text(targets))


def missing(bundle: Bundle) -> dict[str, tuple[int, list[str]]]:
    """How many more must sign, and who may: the directory, its root, and its root as one of those
    before. Nothing where it has all it needs. A signature that does not hold is none."""
    root, targets = root_of(bundle.roots[-1]), targets_of(bundle)
    whole = (Targets.type, targets.signed_bytes, targets.signatures)
    last = (Root.type, root.signed_bytes, root.signatures)
    asked = [("directory", root.signed, whole), ("root", root.signed, last)]
    if len(bundle.roots) > 1:
        asked.append((BEFORE, root_of(bundle.roots[-2]).signed, last))
    found: dict[str, tuple[int, list[str]]] = {}
    for what, by, said in asked:
        result = by.get_verification_result(*said)
        if not result.verified:
            names = authorities(by)
            may = sorted(names[one] for one in result.unsigned)
            found[what] = (result.missing, may)
    return found


def key_of(public: PublicKey, authority: str = "") -> SSlibKey:
    """A directory key as the framework writes it."""
    made = SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(bytes.fromhex(public.text)))
    if authority:
        made.unrecognized_fields["x-authority"] = authority
    return made


def _let_sign(root: Root, keys: Mapping[str, PublicKey], threshold: int) -> None:
    if len({key.text for key in keys.values()}) < len(keys):
        raise DirectoryError("same_key", "two authorities have one directory key; each has its own")
    if not len(keys) // 2 < threshold <= len(keys):
        raise DirectoryError(
            "threshold",
            f"threshold: of {len(keys)} authorities {len(keys) // 2 + 1} to {len(keys)} must sign",
        )
    made = [key_of(key, name) for name, key in sorted(keys.items())]
    root.keys = {one.keyid: one for one in made}
    for role in TOP_LEVEL_ROLE_NAMES:
        root.roles[role] = Role([one.keyid for one in made], threshold)


def _next_root(root: Root, files: Mapping[str, str], now: datetime) -> Iterable[str]:
    """A new root, where those who may sign are others than before."""
    entries = [entry_of(text) for text in files.values()]
    keys = {one.party.node_id: one.directory_key for one in entries}
    now_may = {key_of(key).keyid: name for name, key in keys.items()}
    if now_may == authorities(root) and len(now_may) == len(keys):
        return
    threshold = max(min(root.roles[Root.type].threshold, len(keys)), len(keys) // 2 + 1)
    _let_sign(root, keys, threshold)
    root.version += 1
    root.expires = _whole(now, ROOT_DAYS)
    yield _text(Metadata(root))


def _with_entries(
    targets: Targets, files: Mapping[str, str], entries: Sequence[Entry]
) -> dict[str, str]:
    made = dict(files)
    for one in entries:
        path, text = party_path(one.party.node_id), one.text()
        made[path] = text
        targets.targets[path] = TargetFile.from_data(path, text.encode(), ["sha256"])
    return made


def _whole(now: datetime, days: int) -> datetime:
    return (now + timedelta(days=days)).replace(microsecond=0)


def _text(metadata: Metadata[Any]) -> str:
    return metadata.to_bytes().decode()
