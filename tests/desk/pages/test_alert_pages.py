"""What the alert pages decide, without a browser."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented import EVIDENCE, NOW, hotlist, listing, read
from morina.accountability import User
from morina.alerts import Act, Alert, State, Step
from morina.alerts.ahead import Ahead
from morina.desk.pages.ahead import often_words
from morina.desk.pages.board import order, section_of
from morina.desk.pages.comparison import differing
from morina.desk.pages.fields import NAMES, REQUIRED
from morina.desk.pages.labels import ACTS, LABELS, REJECTIONS, rejection
from morina.desk.pages.misreads import how_often
from morina.desk.pages.steps import Stage, Standing, current, standings
from morina.desk.pages.visit import Visit
from morina.desk.services import Services
from morina.desk.words import Words
from morina.watch import (
    FIELD_NAMES,
    Action,
    Likeness,
    Listed,
    ReasonCode,
    SubjectCategory,
)

T = Words("en")


def alert(state: State, *kinds: str, by: str = "arta", **fields: object) -> Alert:
    """An alert in ``state`` after these acts, each by ``by``."""
    made = Alert(
        alert_id=uuid4(),
        state=state,
        read=read(),
        listed=Listed(hotlist(), listing()),
        likeness=Likeness.EXACT,
        differences=(),
        raised_at=NOW,
        last_seen_at=NOW,
        acts=tuple(Act(NOW, by, kind, "AB12CDE") for kind in kinds),
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # the names are checked


def test_an_acknowledged_alert_asks_each_officer_to_type_before_deciding() -> None:
    typed = alert(State.ACKNOWLEDGED, "acknowledge", "transcribe", by="arta")
    assert current(typed, "arta") is Stage.DECIDE
    assert current(typed, "besa") is Stage.LOOK


def test_without_evidence_there_is_nothing_to_type() -> None:
    blind = alert(State.ACKNOWLEDGED, "acknowledge", read=read(evidence=None))
    assert EVIDENCE is not None
    assert current(blind, "arta") is Stage.DECIDE


def test_a_late_alert_is_never_dispatched() -> None:
    late = alert(State.CONFIRMED, "acknowledge", "transcribe", "confirm", late=True)
    assert current(late, "arta") is Stage.CLOSE
    assert standings(late, "arta")[Stage.DISPATCH] is Standing.SKIPPED


def test_a_rejected_alert_shows_what_was_done_and_what_was_not() -> None:
    rejected = alert(State.REJECTED, "acknowledge", "transcribe", "reject")
    assert list(standings(rejected, "arta").values()) == [
        Standing.DONE, Standing.DONE, Standing.DONE, Standing.SKIPPED, Standing.SKIPPED,
    ]  # fmt: skip


@pytest.mark.parametrize("state", State)
def test_each_state_has_a_section_on_the_live_page(state: State) -> None:
    expected = {
        State.RAISED: "waiting",
        State.ACKNOWLEDGED: "in-hand",
        State.CONFIRMED: "in-hand",
        State.DISPATCHED: "in-hand",
    }
    assert section_of(alert(state)) == expected.get(state, "finished")


def test_a_late_alert_never_stands_among_the_live_ones() -> None:
    assert section_of(alert(State.RAISED, late=True)) == "late"


def test_the_most_urgent_alert_stands_first_and_the_newest_among_equals() -> None:
    urgent = alert(State.RAISED, listed=Listed(hotlist(), listing(priority=90)))
    older = alert(State.RAISED)
    newer = alert(State.RAISED, raised_at=NOW + timedelta(seconds=1))
    assert sorted([older, newer, urgent], key=order) == [urgent, newer, older]


def test_each_place_that_differs_is_marked() -> None:
    assert differing("AB12CDE", "AB12COE") == {6}
    assert differing("AB12", "AB12CD") == {5, 6}


@given(st.text("ABO08", max_size=12), st.text("ABO08", max_size=12))
def test_nothing_is_marked_exactly_when_the_texts_are_equal(one: str, other: str) -> None:
    assert (not differing(one, other)) == (one == other)


def test_every_value_that_is_shown_has_a_name() -> None:
    for kind in (State, Step, Action, SubjectCategory, ReasonCode, Likeness):
        assert set(kind) <= set(LABELS)
    assert set(ACTS) >= {"raise", "picture", "transcribe", "note", *map(str, Step)}


def test_the_form_asks_for_every_field_of_a_listing() -> None:
    assert set(NAMES) == set(FIELD_NAMES)
    assert set(NAMES) >= REQUIRED


def test_a_rejection_reads_in_the_officers_language() -> None:
    assert rejection("other text: an 8", Words("sq")) == "targa tregon shkrim tjetër: an 8"
    assert rejection("seen by eye", Words("sq")) == "seen by eye"
    assert set(REJECTIONS) >= {"other"}


@pytest.mark.parametrize(
    ("a_day", "words"),
    [
        (12.4, "≈ 12 false hits a day (estimate)"),
        (0.013, "≈ one false hit in 77 days (estimate)"),
        (0.0001, "less than one false hit a year (estimate)"),
        (0.0, "less than one false hit a year (estimate)"),
    ],
)
def test_false_hits_are_foretold_as_an_order_of_magnitude(a_day: float, words: str) -> None:
    assert how_often(a_day, T) == words


def test_how_often_is_said_with_the_times_by_the_officers_clock() -> None:
    one = Ahead(
        camera_id="south-1", share=0.6, travels=1600, passed=2667,
        usual_at=datetime(2026, 7, 1, 8, tzinfo=UTC),
        slow_at=datetime(2026, 7, 1, 8, 5, tzinfo=UTC), over=False,
    )  # fmt: skip
    officer = User(name="arta", full_name="Arta", time_zone="Europe/Tirane")
    visit = Visit(cast(Services, None), officer, T)
    assert often_words(one, visit) == (
        "60% were read there next: 1,600 of 2,667 vehicles. Half of them by 10:00:00, nine of ten"
        " by 10:05:00."
    )
