"""What an export says of itself: what was asked, by whom, what it covers, and every file's hash."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from morina.accountability.purpose import Purpose
from morina.accountability.signing import PublicKey, SignatureError, Signer, Statement
from morina.records.questions import Coverage
from morina.records.wording import coverage_in_words, instant_in_words, period_in_words

MANIFEST = "manifest.json"
KIND = "morina export 1"
LARGEST_MANIFEST = 50_000_000
_NAME = re.compile(r"[a-z0-9_]{1,40}\.[a-z]{1,8}|pictures/[0-9a-f]{64}\.[a-z]{1,8}")
_CHUNK = 1 << 20


class ManifestError(ValueError):
    """A manifest that cannot be read, or does not hold; says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of an export: the number of its consultation, its words, what it covered."""

    number: int
    words: str
    coverage: Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is exported, under the ``number`` of its own consultation: the audit reference.

    ``complete`` is empty where everything found is in it, else why not. ``missing`` are pictures
    asked for that are not in it, by name, with the reason.
    """

    number: int
    made_at: datetime
    purpose: Purpose
    asked: Sequence[Asked]
    rows: int
    incomplete: str = ""
    with_pictures: bool = False
    missing: Mapping[str, str]


def write_manifest(folder: Path, given: Given, signer: Signer) -> None:
    """Sign what is in ``folder`` and write it beside the files."""
    statement = _statement(given, files_in(folder))
    manifest = {
        "statement": statement,
        "public_key": signer.public.text,
        "signature": signer.sign(statement),
    }
    written = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(written + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> tuple[Statement, PublicKey, str]:
    """Statement, key and signature of the manifest in ``folder``, unchecked; ManifestError."""
    file = folder / MANIFEST
    try:
        if file.stat().st_size > LARGEST_MANIFEST:
            raise ManifestError(f"{MANIFEST} is too large to be one")
        said = json.loads(file.read_bytes())
        return dict(said["statement"]), PublicKey(said["public_key"]), str(said["signature"])
    except OSError as error:
        raise ManifestError(
            f"{MANIFEST}: {error.strerror}; name the folder the export lies in"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, ManifestError | SignatureError):
            raise ManifestError(str(error)) from None
        raise ManifestError(f"{MANIFEST} is no manifest of an export, or was damaged") from None


def files_in(folder: Path) -> list[dict[str, str | int]]:
    """Name, size and SHA-256 of every file but the manifest, by name."""
    files = [file for file in sorted(folder.rglob("*")) if not file.is_dir()]
    names = [(file.relative_to(folder).as_posix(), file) for file in files]
    return [
        {"name": name, "bytes": file.lstat().st_size, "sha256": sha256_of(file)}
        for name, file in names
        if name != MANIFEST
    ]


def is_name(name: object) -> bool:
    """Whether an export may hold a file of this name: no other folder can be reached by it."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def sha256_of(file: Path) -> str:
    """SHA-256 of the file itself, hex; a link is not followed."""
    digest = hashlib.sha256()
    if file.is_symlink():
        return ""
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _statement(given: Given, files: Sequence[Mapping[str, str | int]]) -> Statement:
    why = given.purpose
    return {
        "kind": KIND,
        "audit_reference": given.number,
        "made_at": instant_in_words(given.made_at.astimezone(UTC).replace(microsecond=0)),
        "officer": why.officer,
        "purpose": {
            "code": why.code.value,
            "case_number": why.case_number,
            "legal_basis": why.legal_basis,
            "justification": why.justification,
        },
        "asked": [_asked(one) for one in given.asked],
        "rows": given.rows,
        "incomplete": given.incomplete,
        "with_pictures": given.with_pictures,
        "pictures_missing": dict(given.missing),
        "files": list(files),
    }


def _asked(asked: Asked) -> dict[str, Any]:
    coverage = asked.coverage
    since = coverage.remembered_since
    return {
        "audit_reference": asked.number,
        "question": asked.words,
        "period_asked": period_in_words(coverage.asked),
        "looked_at": coverage_in_words(coverage),
        "remembered_since": instant_in_words(since) if since else "",
        "cameras_down": [
            {"camera_id": one.camera_id, "period": period_in_words(one.period)}
            for one in coverage.down
        ],
        "less_kept": [
            {
                "camera_ids": list(one.cameras),
                "since": instant_in_words(one.since),
                "hits_only": one.hits_only,
            }
            for one in coverage.less
        ],
    }
