"""What ``morina exchange verify`` does: no settings, no node, no network."""

import json
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from morina.exchange.adapters.tuf_directory import first_root
from morina.exchange.directory import DirectoryError
from morina.exchange.envelope import written
from morina.exchange.evidence import MOST_BYTES, Evidence, EvidenceError, evidence_of
from morina.exchange.evidence_check import verified
from morina.exchange.findings import Check, Finding, Findings, Verdict
from morina.exchange.message import Message
from morina.wiring.refused import RefusedError


def verify(file: Path, root: Path | None, as_json: bool) -> None:
    """Say what holds and what does not; RefusedError where anything does not."""
    try:
        evidence = evidence_of(_content(file))
        findings = verified(evidence, first_root(root) if root else None)
    except (EvidenceError, DirectoryError) as error:
        raise RefusedError(f"{file}: {error}") from None
    if as_json:
        print(json.dumps(_said(evidence, findings), indent=1, ensure_ascii=False))
    else:
        _tell(evidence, findings)
    if not findings.hold:
        failed = findings.failed
        why = f"{failed[0].check}, {failed[0].about}: {failed[0].said}" if failed else "it is empty"
        raise RefusedError(f"{file} does not hold: {_plain(why)}")


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise RefusedError(f"{file}: larger than {MOST_BYTES // 2**20} MiB, which none is")
        return file.read_bytes()
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}") from None


def _tell(evidence: Evidence, findings: Findings) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"conversation {evidence.conversation}, written out by {_plain(evidence.written_by)} at"
        f" {evidence.written_at:%Y-%m-%d %H:%M} (nobody signs that)"
    )
    console.print(_table(("Made (UTC)", "From", "To", "Number", "Kind", "Case", "Officer"), [
        _row(one) for one in sorted(findings.messages, key=lambda one: one.created_at)
    ]))  # fmt: skip
    shown = sorted(findings.found, key=lambda one: list(Check).index(one.check))
    rows = [(one.check, one.about, one.verdict.upper(), one.said) for one in shown]
    console.print(_table(("What", "Of", "", "Found"), rows))
    counts = [f"{sum(_is(one, v) for one in shown)} {v}" for v in Verdict]
    console.print(", ".join(counts))
    for one in shown:
        if one.check is Check.DIRECTORY and one.verdict is Verdict.UNCHECKED:
            console.print(_plain(f"Whose keys these are nobody vouches for: {one.said}"))


def _is(finding: Finding, verdict: Verdict) -> bool:
    return finding.verdict is verdict


def _row(one: Message) -> tuple[str, ...]:
    case, officer = (one.why.case_number, one.why.officer) if one.why else ("", "")
    made = f"{one.created_at:%Y-%m-%d %H:%M:%S}"
    return made, one.sender, one.to, str(one.seq), one.kind.value, case, officer


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(*heads)
    for row in rows:
        table.add_row(*(Text(_plain(cell)) for cell in row))
    return table


def _plain(text: str) -> str:
    """Nothing a file says reaches the terminal but characters to be read."""
    return "".join(one if one.isprintable() else "?" for one in text)


def _said(evidence: Evidence, findings: Findings) -> dict[str, object]:
    return {
        "conversation": str(evidence.conversation),
        "holds": findings.hold,
        "findings": [
            {"check": one.check, "about": one.about, "verdict": one.verdict, "said": one.said}
            for one in findings.found
        ],
        "messages": [
            {"digest": one.digest, **json.loads(written(one))} for one in findings.messages
        ],
    }
