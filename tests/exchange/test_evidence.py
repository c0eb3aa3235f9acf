"""Evidence of an exchange: verified from its bytes alone, and what was changed is found."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from authorities import signed_by
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.trail import Act, Sought
from morina.exchange import Item, Kind
from morina.exchange.directory import root_fingerprint
from morina.exchange.directory_making import Change, changed
from morina.exchange.evidence import Evidence, EvidenceError, Kept, evidence_of
from morina.exchange.evidence_check import verified
from morina.exchange.faults import Fault
from morina.exchange.findings import Check, Findings, Verdict
from morina.exchange.receipts import Receipt, ReceiptError
from morina.wiring.exchange.evidence_commands import Wanted, written_out
from morina.wiring.refused import RefusedError
from proven import ASKED_AT, CONVERSATION, Exchange

WORLD = Exchange.new()
WHOLE = WORLD.evidence()
QUESTION, ANSWER = WHOLE.messages
ASKED = verified(WHOLE).messages[0]
ROOT = WHOLE.directory.roots[0]


def fails(findings: Findings) -> set[Check]:
    return {one.check for one in findings.failed}


def unchecked(findings: Findings) -> set[Check]:
    return {one.check for one in findings.found if one.verdict is Verdict.UNCHECKED}


def with_answer(answer: Kept) -> Evidence:
    return replace(WHOLE, messages=(QUESTION, answer))


def answered(**parts: object) -> Evidence:
    """With another answer, rightly signed and receipted."""
    return with_answer(WORLD.kept(WORLD.answer(QUESTION, ASKED, **parts)))


def receipted(receipt: Receipt, by: str = "GB") -> Evidence:
    signature = WORLD.authorities[by].signing.sign(receipt.said())
    return with_answer(replace(ANSWER, receipt=replace(receipt, signature=signature).written()))


def between_others() -> Evidence:
    """AL answers GB what ME asked XK, with the right hash."""
    asked = WORLD.question(
        sender="ME", to="XK", why=None, agreement_version=0, kind=Kind.CHECKPOINT
    )
    kept = WORLD.kept(asked)
    return replace(WHOLE, messages=(kept, WORLD.kept(WORLD.answer(kept, asked))))


def test_evidence_holds_and_says_why() -> None:
    findings = verified(evidence_of(WHOLE.text().encode()), ROOT)
    assert findings.hold
    assert {one.check for one in findings.found} == set(Check) - {
        Check.CONVERSATION, Check.RECIPIENT,  # said only where they fail
    }  # fmt: skip
    assert all(one.verdict is Verdict.HOLDS for one in findings.found)
    assert [one.sender for one in findings.messages] == ["GB", "AL"]


def test_the_file_holds_the_same_once_more() -> None:
    assert evidence_of(WHOLE.text().encode()).text() == WHOLE.text()


TAMPERED: dict[str, tuple[Callable[[], Evidence], Check]] = {
    "a byte of a message": (
        lambda: with_answer(replace(ANSWER, signed=ANSWER.signed.replace(b"A", b"B", 1))),
        Check.SIGNATURE,
    ),
    "a message nobody sent, by who keeps it": (
        lambda: with_answer(WORLD.kept(WORLD.answer(QUESTION, ASKED), signer="GB")),
        Check.SIGNATURE,
    ),
    "a message exchanged, its digest left": (
        lambda: with_answer(replace(ANSWER, signed=QUESTION.signed)), Check.SIGNATURE,
    ),
    "an answer to another question": (
        lambda: answered(request_hash="ab" * 32), Check.ANSWER,
    ),
    "an answer to what passed between others": (
        between_others, Check.ANSWER,
    ),
    "a message of another conversation": (
        lambda: answered(conversation=uuid4()), Check.CONVERSATION,
    ),
    "a message to nobody": (
        lambda: with_answer(
            WORLD.kept(WORLD.answer(QUESTION, ASKED, to="QQ"), receiver="GB")
        ),
        Check.RECIPIENT,
    ),
    "a hash before that is another": (lambda: answered(previous="ab" * 32), Check.CHAIN),
    "two messages of one number": (
        lambda: replace(
            WHOLE, messages=(*WHOLE.messages, WORLD.kept(WORLD.answer(QUESTION, ASKED)))
        ),
        Check.CHAIN,
    ),
    "a message left out of the chain": (
        lambda: replace(
            WHOLE,
            messages=(*WHOLE.messages, WORLD.kept(WORLD.answer(QUESTION, ASKED, seq=2))),
        ),
        Check.CHAIN,
    ),
    "a field that was not agreed": (
        lambda: answered(items=(Item(fields={"owner": "x"}),)), Check.ALLOWED,
    ),
    "after the agreement's end": (
        lambda: answered(created_at=ASKED_AT + timedelta(days=301)), Check.ALLOWED,
    ),
    "an agreement of one side": (
        lambda: replace(WHOLE, agreements=(WORLD.signed("GB"),)), Check.AGREEMENT,
    ),
    "an agreement changed after it was signed": (
        lambda: replace(WHOLE, agreements=(
            replace(WORLD.signed(), agreement=replace(WORLD.agreement, keep_days=3000)),
        )),
        Check.AGREEMENT,
    ),
    "an agreement listed with another hash": (
        lambda: replace(
            WHOLE, directory=WORLD.directory(replace(WORLD.agreement, keep_days=29))
        ),
        Check.AGREEMENT,
    ),
    "a receipt somebody else signed": (
        lambda: receipted(Receipt.read(ANSWER.receipt), by="AL"), Check.RECEIPT,
    ),
    "a receipt of another message": (
        lambda: with_answer(replace(ANSWER, receipt=QUESTION.receipt)), Check.RECEIPT,
    ),
    "a receipt with another time": (
        lambda: with_answer(replace(ANSWER, receipt=replace(
            Receipt.read(ANSWER.receipt), received_at=ASKED_AT).written())),
        Check.RECEIPT,
    ),
    "a receipt of no receiver": (
        lambda: receipted(replace(Receipt.read(ANSWER.receipt), receiver="QQ")), Check.RECEIPT,
    ),
    "a receipt that is none": (
        lambda: with_answer(replace(ANSWER, receipt=b"{}")), Check.RECEIPT,
    ),
    "a directory of others' keys": (
        lambda: replace(WHOLE, directory=Exchange.new().directory()), Check.DIRECTORY,
    ),
    "a directory two signed": (
        lambda: replace(WHOLE, directory=WORLD.directory(signers=2)), Check.DIRECTORY,
    ),
    "a key changed in the directory": (
        lambda: replace(WHOLE, directory=replace(WHOLE.directory, files={
            name: text.replace(
                WORLD.authorities["AL"].signing.public.text,
                WORLD.authorities["GB"].signing.public.text,
            )
            for name, text in WHOLE.directory.files.items()
        })),
        Check.DIRECTORY,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_changed_is_found(name: str) -> None:
    make, check = TAMPERED[name]
    findings = verified(evidence_of(make().text().encode()), ROOT)
    assert not findings.hold
    assert check in fails(findings)


def test_nothing_is_no_evidence() -> None:
    assert not verified(replace(WHOLE, messages=()), ROOT).hold


def test_without_the_root_from_paper_it_is_said_that_keys_came_with_the_file() -> None:
    findings = verified(WHOLE)
    assert findings.hold
    assert unchecked(findings) == {Check.DIRECTORY}


def test_what_is_missing_is_said() -> None:
    alone = replace(WHOLE, messages=(replace(ANSWER, receipt=b""),), agreements=())
    findings = verified(alone, ROOT)
    assert findings.hold
    assert unchecked(findings) == {Check.ANSWER, Check.ALLOWED, Check.RECEIPT}


def test_of_a_forgotten_message_the_receipt_stays() -> None:
    findings = verified(replace(WHOLE, messages=(QUESTION, replace(ANSWER, signed=b""))), ROOT)
    assert findings.hold
    assert unchecked(findings) == {Check.SIGNATURE}
    assert [one.verdict for one in findings.found if one.check is Check.RECEIPT] == [
        Verdict.HOLDS, Verdict.HOLDS,
    ]  # fmt: skip
    other = replace(ANSWER, signed=b"", digest="ab" * 32)
    assert fails(verified(replace(WHOLE, messages=(QUESTION, other)), ROOT)) == {Check.RECEIPT}


def test_a_key_replaced_since_proves_what_it_signed_before_and_nothing_after() -> None:
    fresh = WORLD.authorities["AL"].with_new_node_keys()
    for replaced_at, holds in ((timedelta(hours=1), True), (timedelta(0), False)):
        bundle = changed(WHOLE.directory, Change(entries=[fresh.entry]), ASKED_AT + replaced_at)
        bundle = signed_by(bundle, list(WORLD.authorities.values())[:3])
        assert verified(replace(WHOLE, directory=bundle), ROOT).hold is holds


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '"x"', WHOLE.text()[:-10], WHOLE.text().replace("evidence-1", "evidence-2"),
        WHOLE.text().replace('"receipt": "', '"receipt": "=', 1),
        WHOLE.text().replace('"form":', '"confession": "x", "form":', 1),
        WHOLE.text().replace('"form":', '"form": "x", "form":', 1),
        WHOLE.text().replace('"signed": "', '"signed": "\u20ac', 1),
        WHOLE.text().replace('"version": 1', '"version": 1.0', 1),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(EvidenceError, match="no evidence"):
        evidence_of(text.encode())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_changed_character_never_proves_something_else(data: st.DataObject) -> None:
    text = WHOLE.text()
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    try:
        findings = verified(evidence_of((text[:at] + letter + text[at + 1 :]).encode()), ROOT)
    except EvidenceError:
        return
    before = verified(WHOLE, ROOT)
    assert not findings.hold or findings.messages == before.messages


@pytest.mark.parametrize(
    "written", [b"", b"[]", b"{}", b"\xff", b'{"a":1}', QUESTION.receipt + b" "]
)
def test_what_is_no_receipt_is_refused(written: bytes) -> None:
    with pytest.raises(ReceiptError, match="no receipt"):
        Receipt.read(written)


ALONE = """
import sys

def refuse(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"):
        raise OSError(f"the network is asked: {event}")

sys.addaudithook(refuse)
from morina.cli import main
main()
"""
"""The command where whoever asks the network ends it."""


def morina(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    """In a process that has nothing of a node: an empty home, no settings, no network."""
    return subprocess.run(
        [sys.executable, "-c", ALONE, "exchange", *words],
        cwd=home, env={"HOME": str(home), "PATH": os.environ["PATH"]}, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip


def test_a_third_machine_verifies_it_with_nothing_but_the_file(tmp_path: Path) -> None:
    (tmp_path / "evidence.json").write_text(WHOLE.text())
    (tmp_path / "root.json").write_text(ROOT)
    done = morina("verify", "evidence.json", "--root", "root.json", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "FAILS" not in done.stdout
    assert "HOLDS" in done.stdout
    done = morina("verify", "evidence.json", home=tmp_path)
    assert (done.returncode, root_fingerprint(ROOT) in done.stdout.splitlines()[-1]) == (0, True)
    asked = morina("verify", "evidence.json", "--json", home=tmp_path)
    said = json.loads(asked.stdout)
    assert said["holds"]
    assert said["messages"][1]["body"]["items"][0]["fields"]["make"] == "Volkswagen"
    forged, _ = TAMPERED["a message nobody sent, by who keeps it"]
    (tmp_path / "forged.json").write_text(forged().text())
    done = morina("verify", "forged.json", "--root", "root.json", home=tmp_path)
    assert done.returncode == 1
    assert "forged.json does not hold: signature" in done.stderr
    assert "Traceback" not in done.stderr
    done = morina("verify", "nowhere.json", home=tmp_path)
    assert (done.returncode, done.stderr) == (
        1, "morina: nowhere.json: No such file or directory\n",
    )  # fmt: skip
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "evidence.json", "forged.json", "root.json",
    ]  # fmt: skip


async def kept_in(connection: AsyncConnection, kept: Kept, **parts: object) -> None:
    """As the node that asked keeps it."""
    message = next(one for one in verified(WHOLE).messages if one.digest == kept.digest)
    assert message.why is not None
    row = {
        "message_id": message.message_id, "sender": message.sender, "receiver": message.to,
        "seq": message.seq, "partner": "AL", "is_ours": message.sender == "GB",
        "kind": message.kind, "conversation": message.conversation,
        "agreement_id": message.why.agreement_id, "agreement_version": message.agreement_version,
        "officer": message.why.officer, "created_at": message.created_at, "at": ASKED_AT,
        "digest": kept.digest, "signed": kept.signed, "receipt": kept.receipt,
        "forget_at": ASKED_AT, "previous": message.previous,
    } | parts  # fmt: skip
    names = ", ".join(row)
    marks = ", ".join(f"%({name})s" for name in row)
    await connection.execute(f"INSERT INTO exchange_message ({names}) VALUES ({marks})", row)


async def filled(pool: AsyncConnectionPool) -> None:
    agreement = WORLD.agreement
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO directory VALUES (2, %s, 'test', now())", (WHOLE.directory.text(),)
        )
        await connection.execute(
            "INSERT INTO agreement_version VALUES (%s, %s, 1, false, 'AL', 'GB', %s::jsonb, now())",
            (agreement.agreement_id, agreement.digest, json.dumps(agreement.said())),
        )
        for name, signature in WORLD.signed().signatures.items():
            await connection.execute(
                "INSERT INTO agreement_signature VALUES (%s, %s, %s, %s, 'x', now())",
                (agreement.agreement_id, agreement.digest, name, signature),
            )
        for kept in WHOLE.messages:
            await kept_in(connection, kept)


async def test_a_node_writes_a_conversation_out_and_enters_it(
    pool: AsyncConnectionPool, tmp_path: Path
) -> None:
    await filled(pool)
    file, why = tmp_path / "out.json", {"case_number": "T-1", "justification": "for the court"}
    assert await written_out(pool, "GB", Wanted(CONVERSATION), file, why) == 2
    findings = verified(evidence_of(file.read_bytes()), ROOT)
    assert findings.hold
    assert unchecked(findings) == set()
    assert file.stat().st_mode & 0o077 == 0
    entry = (await PostgresTrailReader(pool).read(Sought(act=Act.EXPORT)))[0]
    assert (entry.deed.what.step, entry.deed.why) == ("evidence", why)
    assert set(entry.deed.what.ids) == {str(one.message_id) for one in findings.messages}
    with pytest.raises(RefusedError, match="there already"):
        await written_out(pool, "GB", Wanted(CONVERSATION), file, why)
    with pytest.raises(RefusedError, match="no message"):
        await written_out(pool, "GB", Wanted(uuid4()), tmp_path / "other.json", why)


async def test_what_was_told_to_several_is_written_out_for_one_of_them(
    pool: AsyncConnectionPool, tmp_path: Path
) -> None:
    await filled(pool)
    why = {"case_number": "T-1", "justification": "for the court"}
    async with pool.connection() as connection:
        await connection.execute("UPDATE exchange_message SET kind = 'operation.item'")
        await connection.execute(
            "UPDATE exchange_message SET partner = 'XK' WHERE digest = %s", (ANSWER.digest,)
        )
    with pytest.raises(RefusedError, match="AL, XK take part"):
        await written_out(pool, "GB", Wanted(CONVERSATION), tmp_path / "all.json", why)
    assert not (tmp_path / "all.json").exists()
    one = tmp_path / "one.json"
    assert await written_out(pool, "GB", Wanted(CONVERSATION, "XK"), one, why) == 1
    assert [kept.digest for kept in evidence_of(one.read_bytes()).messages] == [ANSWER.digest]


def test_the_time_of_a_receipt_has_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        replace(Receipt.read(ANSWER.receipt), received_at=datetime(2026, 11, 22))  # noqa: DTZ001
    assert Receipt.read(ANSWER.receipt).received_at.tzinfo is UTC


def test_the_page_names_every_check_and_every_reason_to_refuse() -> None:
    page = (Path(__file__).parents[2] / "docs" / "exchange-evidence.md").read_text()
    for check in Check:
        assert f"| `{check}` |" in page
    for fault in Fault:
        assert f"`{fault}`" in page
