"""The directory: nodes, their keys and the hashes of agreements, signed by most authorities.

The Update Framework's root and targets roles. A root names the authorities' keys and how many must
sign; each later root is signed by enough of the one before and of itself. Targets are the entries
of nodes and the hashes of agreements. Pure: bytes in, a directory or DirectoryError out.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from tuf.api.exceptions import LengthOrHashMismatchError, RepositoryError
from tuf.api.metadata import Metadata, Root, Targets

from morina.exchange.entries import Entry, EntryError, entry_of, fours
from morina.exchange.parties import Party

MOST_BYTES = 4_000_000
"""A bundle larger than this is not read."""

_PARTIES, _AGREEMENTS = "parties/", "agreements/"


class DirectoryError(ValueError):
    """A directory that is not taken; ``code`` is a short word, the text says what to do."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code


class Standing(StrEnum):
    """How good a directory is at a time."""

    NONE = "none"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    """Its time is over and the days of grace are not: an alarm, and traffic goes on."""

    OVER = "over"
    """The days of grace are over as well: nobody is known."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A directory as one file: roots from the first on, targets, and the files they name, as text;
    whatever their signatures are."""

    roots: tuple[str, ...]
    targets: str
    files: Mapping[str, str] = field(default_factory=dict)

    def said(self) -> Mapping[str, Any]:
        """As a message carries it."""
        return {"roots": list(self.roots), "targets": self.targets, "files": dict(self.files)}

    def text(self) -> str:
        """As a file."""
        return json.dumps(self.said(), indent=1, ensure_ascii=False) + "\n"


def bundle_of(said: object) -> Bundle:
    """The bundle of a file's text, or of what a message carries; DirectoryError."""
    try:
        if isinstance(said, str):
            said = json.loads(said) if len(said) <= MOST_BYTES else None
        if not isinstance(said, Mapping):
            raise TypeError("not a JSON object of a fair size")
        made = Bundle(tuple(said["roots"]), said["targets"], dict(said["files"]))
        if not all(isinstance(one, str) for one in _texts(made)) or not made.roots:
            raise TypeError("a part of it is no text")
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise DirectoryError("not_a_directory", f"it is no directory: {error}") from None
    return made


def _texts(bundle: Bundle) -> list[object]:
    return [*bundle.roots, bundle.targets, *bundle.files, *bundle.files.values()]


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory whose signatures hold. ``agreements`` are SHA-256 digests by id and version."""

    version: int
    root_version: int
    expires: datetime
    threshold: int
    authorities: Mapping[str, str]
    entries: Mapping[str, Entry]
    agreements: Mapping[tuple[UUID, int], str]
    bundle: Bundle

    @property
    def parties(self) -> list[Party]:
        """Its nodes, by name."""
        return [self.entries[name].party for name in sorted(self.entries)]

    def standing(self, now: datetime, grace: timedelta) -> Standing:
        """How good it is at ``now``."""
        if now < self.expires:
            return Standing.IN_FORCE
        return Standing.EXPIRED if now < self.expires + grace else Standing.OVER


def opened(bundle: Bundle, trusted_root: str) -> Directory:
    """The directory, where its roots follow ``trusted_root`` one by one, each signed by enough of
    the one before, and its targets are signed by enough of the last; DirectoryError."""
    root, targets = _followed(bundle, trusted_root), targets_of(bundle)
    try:
        root.signed.verify_delegate(Targets.type, targets.signed_bytes, targets.signatures)
    except (RepositoryError, ValueError) as error:
        raise DirectoryError("signature", f"the directory does not hold: {error}") from None
    entries, agreements = _content(targets.signed, bundle.files)
    return Directory(
        version=targets.signed.version,
        root_version=root.signed.version,
        expires=min(targets.signed.expires, root.signed.expires),
        threshold=root.signed.roles[Targets.type].threshold,
        authorities=authorities(root.signed),
        entries=entries,
        agreements=agreements,
        bundle=bundle,
    )


def root_of(text: str) -> Metadata[Root]:
    """One root, signed or not yet; DirectoryError."""
    try:
        made = Metadata.from_bytes(text.encode())
    except (RepositoryError, ValueError) as error:
        raise DirectoryError("not_a_directory", f"it holds no root: {error}") from None
    if not isinstance(made.signed, Root):
        raise DirectoryError("not_a_directory", "its root is something else")
    return made


def targets_of(bundle: Bundle) -> Metadata[Targets]:
    """What it lists, signed or not yet; DirectoryError."""
    try:
        made = Metadata.from_bytes(bundle.targets.encode())
    except (RepositoryError, ValueError) as error:
        raise DirectoryError("not_a_directory", f"it lists nothing: {error}") from None
    if not isinstance(made.signed, Targets):
        raise DirectoryError("not_a_directory", "what it lists is something else")
    return made


def authorities(root: Root) -> dict[str, str]:
    """Names of those whose keys count, by the id of their key."""
    ids = root.roles[Targets.type].keyids
    return {one: str(root.keys[one].unrecognized_fields.get("x-authority", one)) for one in ids}


def root_fingerprint(text: str) -> str:
    """Of what a root says, whoever signed it, to be compared on paper: 24 hex digits in fours."""
    return fours(hashlib.sha256(root_of(text).signed_bytes).hexdigest())


def _followed(bundle: Bundle, trusted_root: str) -> Metadata[Root]:
    trusted = root_of(trusted_root)
    try:
        trusted.signed.verify_delegate(Root.type, trusted.signed_bytes, trusted.signatures)
        for text in bundle.roots:
            fresh = root_of(text)
            if fresh.signed.version <= trusted.signed.version:
                continue
            if fresh.signed.version != trusted.signed.version + 1:
                raise DirectoryError("root_gap", "a root between is missing; have the whole file")
            for signed_by in (trusted.signed, fresh.signed):
                signed_by.verify_delegate(Root.type, fresh.signed_bytes, fresh.signatures)
            trusted = fresh
    except (RepositoryError, ValueError) as error:
        if isinstance(error, DirectoryError):
            raise
        raise DirectoryError("signature", f"a root does not hold: {error}") from None
    return trusted


def _content(
    targets: Targets, files: Mapping[str, str]
) -> tuple[dict[str, Entry], dict[tuple[UUID, int], str]]:
    entries: dict[str, Entry] = {}
    agreements: dict[tuple[UUID, int], str] = {}
    try:
        for path, info in targets.targets.items():
            if path.startswith(_PARTIES):
                text = files[path]
                info.verify_length_and_hashes(text.encode())
                entry = entry_of(text)
                if path != party_path(entry.party.node_id):
                    raise EntryError(f"{path} is the entry of {entry.party.node_id}")
                entries[entry.party.node_id] = entry
            elif path.startswith(_AGREEMENTS):
                _, agreement_id, version = path.split("/")
                agreements[UUID(agreement_id), int(version)] = info.hashes["sha256"]
    except (LengthOrHashMismatchError, KeyError, ValueError) as error:
        raise DirectoryError("content", f"what it says does not hold: {error}") from None
    return entries, agreements


def party_path(node_id: str) -> str:
    """Where a node's entry stands."""
    return f"{_PARTIES}{node_id}.json"


def agreement_path(agreement_id: UUID, version: int) -> str:
    """Where an agreement's hash stands."""
    return f"{_AGREEMENTS}{agreement_id}/{version}"
