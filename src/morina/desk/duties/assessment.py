"""The data protection impact assessment: Directive (EU) 2016/680, article 27(2)."""

from collections.abc import Iterator

from morina.desk.authority import Authority
from morina.desk.duties.papers import Line, Paper, node, part, setting, stated, tests
from morina.desk.duties.processing import limits, who
from morina.desk.duties.standing import Standing
from morina.desk.words import mark

_RISKS = (
    (mark("A misread plate stops the wrong person."),
     mark("No alert goes on before an officer typed what they see on the plate patch."),
     "tests/alerts/test_lifecycle.py"),
    (mark("Officers look up people they know."),
     mark("Every question needs a case and a reason, is written down first, and can be asked for"
          " by plate and by officer."), "tests/desk/api/test_oversight.py"),
    (mark("Movements of everybody are kept too long."),
     mark("What is due is dropped every day and a signed statement says so."),
     "tests/records/test_forgetting.py"),
    (mark("Somebody changes what the trail says."),
     mark("Entries are chained and sealed outside the database; a change is found and named."),
     "tests/accountability/test_trail.py"),
    (mark("A list is out of date."),
     mark("Every entry has an end and a review; what is due is shown."),
     "tests/watch/test_matching.py"),
    (mark("People who have done nothing are followed from the air."),
     mark("Tracks are anonymous, end with their flight and are forgotten with it; every use of one"
          " has a purpose and is written down."), "tests/desk/api/test_aerial_tasks.py"),
    (mark("Somebody in trouble is treated as a suspect."),
     mark("Who is in trouble is handed to rescue at once; no patrol is sent before that is"
          " finished."), "tests/sense/aerial/test_postgres_reviews.py"),
)  # fmt: skip
"""Risk, what the product does against it, and a test of that."""


def assessment(authority: Authority, now: Standing) -> Paper:
    """The assessment as it stands; the authority's judgement is in its own words."""
    parts = (
        part(mark("Who assesses"), "27(1)", who(authority)),
        part(mark("What is done"), "27(2)", [stated(authority, "purposes"), *_sizes(now)]),
        part(mark("Legal basis"), "8", [stated(authority, "legal_basis")]),
        part(mark("Necessity and proportionality"), "4(1)(c)",
             [stated(authority, "necessity"), *limits(now)]),
        part(mark("Risks for persons"), "27(2)", [stated(authority, "risks"), *_risks()]),
        part(mark("Measures"), "27(2)", [stated(authority, "measures"), *_measures()]),
        part(mark("Who was consulted"), "28", [stated(authority, "consulted")]),
    )  # fmt: skip
    return Paper(mark("Data protection impact assessment"), parts)


def _sizes(now: Standing) -> Iterator[Line]:
    said = {"cameras": now.cameras, "lists": len(now.hotlists), "people": now.people}
    yield node(mark("{cameras} cameras, {lists} hotlists, {people} accounts."), **said)
    asked = {"n": now.act("consultation"), "confirmed": now.act("hits_confirmed"),
             "rejected": now.act("hits_rejected")}  # fmt: skip
    yield node(mark("In the last thirty days: {n} questions, {confirmed} hits confirmed,"
                    " {rejected} rejected."), **asked)  # fmt: skip


def _risks() -> Iterator[Line]:
    return (setting(risk) for risk, _, _ in _RISKS)


def _measures() -> Iterator[Line]:
    for _, measure, test in _RISKS:
        yield setting(measure)
        yield tests(test)
