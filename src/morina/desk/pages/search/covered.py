"""What an answer looked at, in plain words."""

from collections.abc import Iterator, Sequence

from morina.desk.pages.markup import tag
from morina.desk.pages.search.answered import Desk
from morina.desk.said import translated
from morina.desk.words import Words, mark
from morina.records.questions import Answer, Coverage, Down, Less, Stop

STOPPED = {
    Stop.TIME: mark(
        "Then the time a question may take was over: ask for less time or fewer cameras."
    ),
    Stop.ROWS: mark("There is more than is looked at or shown at once: ask for less time."),
    Stop.CANCELLED: mark("Then it was cancelled."),
}
GOES_ON = {
    Stop.ROWS: mark("There is more than is shown at once: go on below."),
    Stop.TIME: mark("Then the time a question may take was over: go on below."),
}
"""Where a button asks what follows."""
FEW_DOWN = 4
FEW = 8
"""Cameras named in a sentence."""


def show_covered(desk: Desk, answer: Answer[object]) -> None:
    """Sentences above the findings: what was looked at, and what could not be seen."""
    t, coverage = desk.visit.t, answer.coverage
    short = coverage.stopped is not None and not (coverage.stopped is Stop.ROWS and answer.more)
    with tag("div", "", "note covered" if short else "covered"):
        for sentence in sentences(desk, coverage, bool(answer.more)):
            tag("p", sentence)
        for note in answer.notes:
            tag("p", translated(note, t))
        _show_down(desk, coverage.down)


def sentences(desk: Desk, coverage: Coverage, goes_on: bool = False) -> Iterator[str]:
    """What was looked at, why not more, and what is forgotten; ``goes_on`` where a button asks
    what follows."""
    t = desk.visit.t
    if coverage.covered is None:
        yield t("Nothing could be looked at.")
    else:
        begins, ends = (
            desk.minute(at) for at in (coverage.covered.begins_at, coverage.covered.ends_at)
        )
        yield t("Looked at {begins} to {ends}, your time.", begins=begins, ends=ends)
    if coverage.stopped is not None:
        words = GOES_ON if goes_on else STOPPED
        yield t(words.get(coverage.stopped, STOPPED[coverage.stopped]))
    since = coverage.remembered_since
    if since is not None and since > coverage.asked.begins_at:
        yield t(
            "The oldest read still kept is of {day}: what is older is forgotten, and that nothing"
            " is found before then means nothing.",
            day=desk.visit.day(desk.visit.here(since).date()),
        )

    for less in coverage.less:
        yield from _less(desk, less, coverage)


def _less(desk: Desk, less: Less, coverage: Coverage) -> Iterator[str]:
    """What of these cameras is not kept."""
    t = desk.visit.t
    names = [desk.camera(one) for one in less.cameras]
    cameras = ", ".join(names[:FEW])
    if len(names) > FEW:
        cameras = t("{cameras} and {n} more", cameras=cameras, n=len(names) - FEW)
    if less.since > max(coverage.remembered_since or less.since, coverage.asked.begins_at):
        day = desk.visit.day(desk.visit.here(less.since).date())
        yield t("Of {cameras} nothing is kept from before {day}.", cameras=cameras, day=day)
    if less.hits_only:
        yield t(
            "Of {cameras} only hits are kept: what else passed was only counted, and that nothing"
            " is found there means nothing.",
            cameras=cameras,
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
