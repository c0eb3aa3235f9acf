"""What an answer looked at, in plain words."""

from collections.abc import Iterator, Sequence

from morina.desk.pages.markup import tag
from morina.desk.pages.search.answered import Desk
from morina.desk.said import translated
from morina.desk.words import Words, mark
from morina.records.questions import Answer, Coverage, Down, Stop

STOPPED = {
    Stop.TIME: mark(
        "Then the time a question may take was over: ask for less time or fewer cameras."
    ),
    Stop.ROWS: mark("There is more than is shown at once: go on below."),
    Stop.CANCELLED: mark("Then it was cancelled."),
}
FEW_DOWN = 4


def show_covered(desk: Desk, answer: Answer[object]) -> None:
    """Sentences above the findings: what was looked at, and what could not be seen."""
    t, coverage = desk.visit.t, answer.coverage
    short = coverage.stopped is not None and coverage.stopped is not Stop.ROWS
    with tag("div", "", "note covered" if short else "covered"):
        for sentence in sentences(desk, coverage):
            tag("p", sentence)
        for note in answer.notes:
            tag("p", translated(note, t))
        _show_down(desk, coverage.down)


def sentences(desk: Desk, coverage: Coverage) -> Iterator[str]:
    """What was looked at, why not more, and what is forgotten."""
    t = desk.visit.t
    if coverage.covered is None:
        yield t("Nothing could be looked at.")
    else:
        begins, ends = (
            desk.minute(at) for at in (coverage.covered.begins_at, coverage.covered.ends_at)
        )
        yield t("Looked at {begins} to {ends}, your time.", begins=begins, ends=ends)
    if coverage.stopped is not None:
        yield t(STOPPED[coverage.stopped])
    since = coverage.remembered_since
    if since is not None and since > coverage.asked.begins_at:
        yield t(
            "The oldest read still kept is of {day}: what is older is forgotten, and that nothing"
            " is found before then means nothing.",
            day=desk.visit.day(desk.visit.here(since).date()),
        )


def down_words(desk: Desk, one: Down) -> str:
    """Which camera was down, and when."""
    begins, ends = desk.minute(one.period.begins_at), desk.minute(one.period.ends_at)
    return f"{desk.camera(one.camera_id)}, {begins} - {ends}"


def _show_down(desk: Desk, down: Sequence[Down]) -> None:
    if not down:
        return
    t: Words = desk.visit.t
    words = t.many("{n} camera was down meanwhile", "{n} cameras were down meanwhile",
                   len({one.camera_id for one in down}))  # fmt: skip
    with tag("details", "", "down", open=len(down) <= FEW_DOWN):
        tag("summary", words)
        with tag("ul"):
            for one in down:
                tag("li", down_words(desk, one))
