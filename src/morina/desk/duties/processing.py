"""The record of processing activities: Directive (EU) 2016/680, article 24(1)."""

from collections.abc import Iterator

from morina.desk.authority import Authority
from morina.desk.duties.papers import Line, Paper, named, node, part, setting, stated
from morina.desk.duties.standing import Standing
from morina.desk.words import mark


def processing(authority: Authority, now: Standing) -> Paper:
    """The record as it stands, lettered as the article is."""
    parts = (
        part(mark("Controller and data protection officer"), "24(1)(a)", who(authority)),
        part(mark("Purposes"), "24(1)(b)", [stated(authority, "purposes"), *_lists(now)]),
        part(mark("Recipients"), "24(1)(c)", [stated(authority, "recipients"), _disclosed(now)]),
        part(mark("Persons and data"), "24(1)(d)", [stated(authority, "persons"), *_data(now)]),
        part(mark("Profiling"), "24(1)(e)", [stated(authority, "profiling")]),
        part(mark("Transfers"), "24(1)(f)", [stated(authority, "transfers")]),
        part(mark("Legal basis"), "24(1)(g)", [stated(authority, "legal_basis")]),
        part(mark("Time limits for erasure"), "24(1)(h)", limits(now)),
        part(mark("Security"), "24(1)(i)", [setting(mark("see the page of article 29 controls"))]),
    )
    return Paper(mark("Record of processing activities"), parts)


def who(authority: Authority) -> Iterator[Line]:
    """Names and ways to reach them."""
    yield named(mark("Authority: {value}"), authority.name, "authority")
    yield named(mark("Controller: {value}"), authority.controller, "controller")
    yield named(mark("Data protection officer: {value}"), authority.officer, "officer")
    yield named(mark("Supervisory authority: {value}"), authority.overseer, "overseer")


def limits(now: Standing) -> Iterator[Line]:
    """How long what is kept, and the proof that it goes."""
    rules = now.policies
    if rules is None:
        return
    yield setting(mark("Reads and their pictures are kept {n} days."), n=rules.days)
    yield setting(mark("A closed alert keeps what was read {n} days."), n=rules.alert_days)
    for name, days in rules.lists.items():
        yield setting(mark("Alerts of the hotlist {name}: {n} days."), name=name, n=days)
    for group in rules.groups:
        said = {"name": group.name, "n": group.days, "owner": group.owner, "policy": group.policy}
        yield setting(mark("Group {name}: {n} days; owner {owner}, policy {policy}."), **said)
        if group.match_and_forget:
            yield setting(mark("Group {name}: only hits are kept."), name=group.name)
    yield node(mark("{n} statements of erasure are signed and chained."), n=now.statements)
    yield node(mark("{n} cases keep reads beyond their time, each with a review."),
               n=now.cases_pinned)  # fmt: skip


def _lists(now: Standing) -> Iterator[Line]:
    for one in now.hotlists:
        said = {"name": one.name, "purpose": one.purpose, "owner": one.owner}
        text = mark("Hotlist {name}: {purpose}; owner {owner}, legal basis {basis}, review {day}.")
        yield node(text, basis=one.legal_basis, day=one.review_at.isoformat(), **said)


def _data(now: Standing) -> Iterator[Line]:
    yield node(mark("{n} cameras: plate, country, time, place, direction, picture of the vehicle"
                    " and of the plate."), n=now.cameras)  # fmt: skip
    yield node(mark("{n} accounts of officers, and the trail of what each did."), n=now.people)


def _disclosed(now: Standing) -> Line:
    text = mark("In the last thirty days {n} answers were taken out for a case and {m} disclosures"
                " were entered.")  # fmt: skip
    return node(text, n=now.act("export"), m=now.act("disclosure"))
