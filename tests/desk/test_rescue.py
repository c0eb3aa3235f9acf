"""Who may do what with a task, why rescue is called, and how loud one gets."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from morina.accountability import PurposeCode, Role, User
from morina.desk.permits import may
from morina.desk.rescue import LOUDEST, RAISES, acts_of, distress, kinds_for, loudest, loudness
from morina.sense.aerial import Sortie, SortieState, TaskKind, TaskStep

K, T = TaskKind, TaskStep
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def somebody(role: Role) -> User:
    return User(name="x", full_name="X", roles=frozenset({role}))


def test_each_sees_the_tasks_they_work_and_who_names_tracks_sees_all() -> None:
    assert kinds_for(somebody(Role.MOUNTAIN_RESCUE)) == {K.RESCUE}
    assert kinds_for(somebody(Role.PATROL)) == {K.PATROL}
    for role in (Role.OPERATOR, Role.SUPERVISOR, Role.INVESTIGATOR):
        assert kinds_for(somebody(role)) == set(K)
    for role in (Role.DRONE_PILOT, Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER):
        assert kinds_for(somebody(role)) == set()


def test_a_patrol_works_no_rescue_and_rescuers_call_nothing_off() -> None:
    rescuer, patrol = somebody(Role.MOUNTAIN_RESCUE), somebody(Role.PATROL)
    for step in set(T) - {T.CANCEL}:
        assert may(rescuer, *acts_of(K.RESCUE, step))
        assert not may(patrol, *acts_of(K.RESCUE, step))
        assert may(patrol, *acts_of(K.PATROL, step))
        assert not may(somebody(Role.OPERATOR), *acts_of(K.PATROL, step))
    for kind in K:
        assert not may(rescuer, *acts_of(kind, T.CANCEL))
        assert not may(patrol, *acts_of(kind, T.CANCEL))
        assert may(somebody(Role.SUPERVISOR), *acts_of(kind, T.CANCEL))


def test_whoever_flies_may_call_rescue() -> None:
    assert may(somebody(Role.DRONE_PILOT), *RAISES)
    assert not may(somebody(Role.PATROL), *RAISES)


def test_rescue_needs_no_typed_reason() -> None:
    sortie = Sortie(
        sortie_id=uuid4(), name="N", case_number="C-7", task="t", officer="o",
        state=SortieState.READY, made_at=NOW,
    )  # fmt: skip
    purpose = distress(sortie, "ana", "")
    assert (purpose.code, purpose.case_number) == (PurposeCode.RISK_TO_LIFE, "C-7")


@pytest.mark.parametrize(
    ("waited_s", "loud"),
    [(0, 0), (299, 0), (300, 1), (599, 1), (600, 2), (1200, 3), (2400, 4), (90_000, LOUDEST)],
)
def test_a_rescue_gets_louder_each_time_its_wait_has_doubled(waited_s: int, loud: int) -> None:
    assert loudness(NOW - timedelta(seconds=waited_s), NOW, 300.0) == loud


def test_the_one_that_waits_longest_is_heard() -> None:
    waiting = [NOW - timedelta(seconds=700), NOW]
    assert loudest(waiting, NOW, 300.0) == 2
    assert loudest([], NOW, 300.0) == 0
