"""The ten controls of Directive (EU) 2016/680, article 29(2), with what this node can show."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from morina.accountability.policy import POLICY, Action
from morina.desk.authority import Authority
from morina.desk.duties.papers import Line, Paper, node, part, setting, stated, tests
from morina.desk.duties.standing import Standing
from morina.desk.words import mark

Evidence = Callable[[Standing], Iterable[Line]]


class Control(NamedTuple):
    """One control: its letter, its name, the statement it needs, live evidence, tests."""

    letter: str
    title: str
    statement: str
    evidence: Evidence
    tests: tuple[str, ...]


def _media(now: Standing) -> Iterable[Line]:
    yield node(mark("{n} statements of erasure are signed and chained."), n=now.statements)
    if backup := now.engines.get("backup"):
        yield node(mark("Backup: {said}"), said=backup)
    else:
        yield node(mark("No backup is known to this node."))


def _storage(now: Standing) -> Iterable[Line]:
    yield node(mark("In the last thirty days {n} changes were entered in the trail."),
               n=now.act("alteration"))  # fmt: skip
    yield setting(mark("The database refuses to change or delete what is in the trail."))


def _users(now: Standing) -> Iterable[Line]:
    yield node(mark("{n} open accounts, each of one person."), n=now.people)
    yield node(mark("In the last thirty days {n} attempts to sign in were refused."),
               n=now.act("sign_in_refused"))  # fmt: skip


def _access(now: Standing) -> Iterable[Line]:
    for role, actions in POLICY.items():
        said = {"role": role.value.replace("_", " "), "n": now.accounts.get(role, 0)}
        yield node(mark("{role}: {n} accounts, {of} of {all} actions."),
                   of=len(actions), all=len(Action), **said)  # fmt: skip


def _communication(now: Standing) -> Iterable[Line]:
    text = mark("In the last thirty days {n} answers were taken out for a case and {m} disclosures"
                " were entered.")  # fmt: skip
    yield node(text, n=now.act("export"), m=now.act("disclosure"))


def _input(now: Standing) -> Iterable[Line]:
    if now.sealed:
        said = {"n": now.sealed.last, "at": now.sealed.made_at}
        yield node(mark("The trail has {n} sealed entries, the last sealed at {at}."), **said)
    else:
        yield node(mark("Nothing of the trail is sealed yet."))


def _transport(now: Standing) -> Iterable[Line]:
    if now.certificate:
        yield node(mark("Certificate of the desk: {said}"), said=now.certificate)
    else:
        yield setting(mark("The desk has no certificate of its own: it answers this machine only,"
                           " or stands behind a proxy."))  # fmt: skip


def _integrity(now: Standing) -> Iterable[Line]:
    for name, state in now.engines.items():
        yield node(mark("{name}: {state}"), name=name, state=state)
    if now.checked is None:
        yield node(mark("The whole trail was never checked."))
    elif now.checked.found:
        said = {"at": now.checked.at.isoformat(timespec="seconds"), "n": len(now.checked.found)}
        yield node(mark("The trail did not hold at {at}: {n} faults."), **said)
    else:
        said = {"at": now.checked.at.isoformat(timespec="seconds"), "n": now.checked.count}
        yield node(mark("The trail held at {at}: {n} entries."), **said)


def _nothing(_now: Standing) -> Iterable[Line]:
    return ()


CONTROLS = (
    Control("a", mark("Equipment access"), "equipment_access", _nothing, ()),
    Control("b", mark("Data media"), "data_media", _media, ("tests/records/test_statements.py",)),
    Control("c", mark("Storage"), "storage", _storage,
            ("tests/accountability/test_postgres_trail.py",)),
    Control("d", mark("Users"), "user", _users, ("tests/desk/api/test_gate.py",)),
    Control("e", mark("Data access"), "data_access", _access,
            ("tests/desk/api/test_oversight.py",)),
    Control("f", mark("Communication"), "communication", _communication,
            ("tests/records/exports/test_exports.py",)),
    Control("g", mark("Input"), "input", _input, ("tests/system/test_trail.py",)),
    Control("h", mark("Transport"), "transport", _transport, ("tests/system/test_tls.py",)),
    Control("i", mark("Recovery"), "recovery", _media,
            ("tests/system/test_killed_in_mid_stream.py",)),
    Control("j", mark("Reliability and integrity"), "integrity", _integrity,
            ("tests/accountability/test_trail.py", "tests/accountability/test_digests.py")),
)  # fmt: skip
"""In the order of the article."""


def controls(authority: Authority, now: Standing) -> Paper:
    """Each control: the authority's statement, live evidence, and the tests that hold it."""
    parts = (
        part(one.title, f"29(2)({one.letter})", [
            stated(authority, one.statement), *one.evidence(now),
            *((tests(*one.tests),) if one.tests else ()),
        ])
        for one in CONTROLS
    )  # fmt: skip
    return Paper(mark("Controls of article 29"), tuple(parts))
