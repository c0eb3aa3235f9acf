from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented import NOW, hit, hotlist, listing, read
from morina.alerts import (
    MORINA,
    OPEN,
    TRANSITIONS,
    Alert,
    AlertRules,
    Fold,
    RefusedStepError,
    State,
    Step,
    allowed,
    diagram,
    revealed_to,
    taken,
    transcribed,
)
from morina.alerts.lifecycle import LONGEST_REASON
from morina.watch import Listed


def raised(**fields: object) -> Alert:
    return Fold([], AlertRules()).put(*hit(read(**fields)), NOW)


def acknowledged(**fields: object) -> Alert:
    return taken(raised(**fields), Step.ACKNOWLEDGE, "officer", NOW)


def confirmed(**fields: object) -> Alert:
    typed = transcribed(acknowledged(**fields), "officer", "AB12CDE", NOW)
    return taken(typed, Step.CONFIRM, "officer", NOW)


def test_every_state_and_step_not_in_the_table_is_refused():
    for state, step in product(State, Step):
        if (state, step) not in TRANSITIONS:
            with pytest.raises(RefusedStepError, match=f"is {state}; {step} cannot follow"):
                taken(replace(raised(), state=state), step, MORINA, NOW, "a reason")


def test_the_allowed_steps_are_those_of_the_table():
    assert allowed(State.CONFIRMED) == (Step.DISPATCH, Step.REJECT, Step.CLOSE)
    assert allowed(State.EXPIRED) == ()


def test_open_states_are_those_something_can_follow():
    assert set(State) - set(OPEN) == {State.REJECTED, State.CLOSED, State.EXPIRED}


def test_a_step_is_recorded_with_name_time_and_reason():
    alert = taken(acknowledged(), Step.REJECT, "officer", NOW, " a van, not a car ")
    act = alert.acts[-1]
    assert (act.at, act.by, act.kind, act.text) == (NOW, "officer", "reject", "a van, not a car")
    assert [act.kind for act in alert.acts] == ["raise", "acknowledge", "reject"]


@pytest.mark.parametrize("reason", ["", "  ", "\x00", "\ud800", "x" * (LONGEST_REASON + 1)])
def test_a_rejection_needs_a_reason_in_plain_text(reason):
    with pytest.raises(RefusedStepError, match="reason"):
        taken(acknowledged(), Step.REJECT, "officer", NOW, reason)


def test_confirming_needs_a_transcription_of_ones_own():
    typed = transcribed(acknowledged(), "another", "AB12CDE", NOW)
    with pytest.raises(RefusedStepError, match="first type what you see"):
        taken(typed, Step.CONFIRM, "officer", NOW)


def test_the_transcription_may_be_typed_with_spaces_and_in_lower_case():
    alert = transcribed(acknowledged(), "officer", "ab12 cde", NOW)
    assert taken(alert, Step.CONFIRM, "officer", NOW).state is State.CONFIRMED


def test_a_differing_transcription_cannot_be_confirmed_and_the_places_are_named():
    alert = transcribed(acknowledged(), "officer", "A812CDF", NOW)
    with pytest.raises(RefusedStepError, match="place 2: 8 typed, B listed; place 7: F typed, E"):
        taken(alert, Step.CONFIRM, "officer", NOW)
    alert = transcribed(alert, "officer", "AB12CD", NOW)
    with pytest.raises(RefusedStepError, match=r"6 characters \(AB12CD\), listed are 7"):
        taken(alert, Step.CONFIRM, "officer", NOW)
    again = transcribed(alert, "officer", "AB12CDE", NOW)
    assert taken(again, Step.CONFIRM, "officer", NOW).state is State.CONFIRMED


def test_it_is_the_listed_text_that_must_be_seen_not_the_one_read():
    look_alike = hit(read("A812CDE"), Listed(hotlist(), listing("AB12CDE")))
    alert = taken(Fold([], AlertRules()).put(*look_alike, NOW), Step.ACKNOWLEDGE, "officer", NOW)
    with pytest.raises(RefusedStepError, match="place 2: 8 typed, B listed"):
        taken(transcribed(alert, "officer", "A812CDE", NOW), Step.CONFIRM, "officer", NOW)
    seen = transcribed(alert, "officer", "AB12CDE", NOW)
    assert taken(seen, Step.CONFIRM, "officer", NOW).state is State.CONFIRMED


def test_what_is_no_plate_is_not_recorded_as_one():
    with pytest.raises(RefusedStepError, match="not on any plate"):
        transcribed(acknowledged(), "officer", "AB?2", NOW)


@pytest.mark.parametrize("state", [state for state in State if state is not State.ACKNOWLEDGED])
def test_a_plate_is_typed_only_while_acknowledged(state):
    with pytest.raises(RefusedStepError, match=f"is {state}"):
        transcribed(replace(raised(), state=state), "officer", "AB12CDE", NOW)


def test_a_read_without_its_evidence_frame_cannot_be_confirmed_but_be_rejected():
    alert = acknowledged(evidence=None)
    with pytest.raises(RefusedStepError, match="no picture"):
        transcribed(alert, "officer", "AB12CDE", NOW)
    with pytest.raises(RefusedStepError, match="no picture"):
        taken(alert, Step.CONFIRM, "officer", NOW)
    assert taken(alert, Step.REJECT, "officer", NOW, "no evidence").state is State.REJECTED


def test_nobody_is_sent_after_a_late_alert():
    alert = confirmed(captured_at=NOW - timedelta(hours=1))
    with pytest.raises(RefusedStepError, match="too long ago"):
        taken(alert, Step.DISPATCH, "officer", NOW)
    assert taken(alert, Step.CLOSE, "officer", NOW).state is State.CLOSED


def test_no_officer_expires_an_alert():
    with pytest.raises(RefusedStepError, match="by themselves"):
        taken(raised(), Step.EXPIRE, "officer", NOW)
    assert taken(raised(), Step.EXPIRE, MORINA, NOW).state is State.EXPIRED


def test_the_listing_is_withheld_from_each_officer_until_they_typed_the_plate():
    alert = acknowledged()
    assert not revealed_to(raised(), "officer")
    assert not revealed_to(alert, "officer")
    alert = transcribed(alert, "officer", "XY99XYZ", NOW)
    assert revealed_to(alert, "officer")
    assert not revealed_to(alert, "another")
    assert revealed_to(confirmed(), "another")


DEEDS = st.tuples(
    st.sampled_from([*Step, "transcribe"]),
    st.sampled_from(["officer", "another", MORINA]),
    st.sampled_from(["AB12CDE", "ab12 cde", "A812CDE", ""]),
)


@given(
    deeds=st.lists(DEEDS, max_size=40),
    evidence=st.booleans(),
    late=st.booleans(),
)
def test_no_path_leads_to_a_dispatch_without_a_confirmation_by_eye(deeds, evidence, late):
    captured_at = NOW - timedelta(hours=1) if late else NOW
    alert = raised(captured_at=captured_at, **({} if evidence else {"evidence": None}))
    for kind, by, text in deeds:
        try:
            if isinstance(kind, Step):
                alert = taken(alert, kind, by, NOW, text)
            else:
                alert = transcribed(alert, by, text, NOW)
        except RefusedStepError:
            continue
    kinds = [act.kind for act in alert.acts]
    if "confirm" in kinds:
        done = kinds.index("confirm")
        by = alert.acts[done].by
        before = replace(alert, acts=alert.acts[:done])
        assert before.transcription_by(by) == "AB12CDE"
        assert evidence
    if "dispatch" in kinds:
        assert "confirm" in kinds[: kinds.index("dispatch")]
        assert not late


def test_the_random_walk_can_reach_a_dispatch():
    assert taken(confirmed(), Step.DISPATCH, "officer", NOW).state is State.DISPATCHED


def test_the_diagram_draws_the_whole_table():
    lines = diagram().splitlines()
    assert lines[:2] == ["stateDiagram-v2", "    [*] --> raised"]
    assert "    confirmed --> dispatched: dispatch" in lines
    assert "    expired --> [*]" in lines
    assert len(lines) == 2 + len(TRANSITIONS) + 3
