"""The harms plate reading has done or can do, each with its control; docs/harms.md has them all."""

from dataclasses import fields, replace
from datetime import timedelta
from inspect import signature
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.records.test_forgetting import in_a_process
from tests.wiring.test_edge_parts import Held

from asked import purpose
from invented import NOW, hit, hotlist, listing, read
from morina.accountability.justifying import WordRules, check_words
from morina.accountability.misuse import Look, MisuseRules, same_plate
from morina.accountability.policy import POLICY, Action, Role
from morina.accountability.purpose import RefusedPurposeError
from morina.accountability.trail import NODE
from morina.accountability.trail_file import entry_line
from morina.alerts import Alert, AlertRules, Fold, RefusedStepError, State, Step, taken, transcribed
from morina.desk.api.aerial_tasks_sent import TaskOut
from morina.desk.api.alerts import AlertOut
from morina.desk.cloned import WARNING
from morina.desk.permits import PERMITS
from morina.desk.rescue import LOUDEST, loudness
from morina.engines import EngineError
from morina.exchange import RULES, Kind, Told, denial
from morina.plates import Plate
from morina.records.clones import CloneRules, Judgement, Passage, judged, too_fast
from morina.records.retention import Group, RefusedRetentionError, Retention
from morina.sense.aerial import RefusedSortieError, Track, TrackPoint
from morina.sense.aerial.adapters.postgres_reviews import refuse_machine
from morina.sense.aerial.roles import Sorties
from morina.sense.cameras import Camera
from morina.sense.cameras.reach import OutOfReachError, Reach
from morina.settings import Desk, Settings
from morina.watch import Differs, Hotlists, Likeness, Listed, SuspectedClone, label_of
from morina.wiring.passing import OnlyHits
from morina.wiring.starting import refuse_plain_http, refuse_unanswered
from trails import a_trail, sealed_in, verified

NOWHERE: dict[str, Any] = dict.fromkeys(("hours", "images", "passing"))
"""Nothing is written down in what is tried here."""

FOLDING = AlertRules(fold_within_s=60, live_within_s=120, expire_after_s=600)


def acknowledged(**fields: object) -> Alert:
    alert = Fold([], FOLDING).put(*hit(read(**fields)), NOW)
    return taken(alert, Step.ACKNOWLEDGE, "ana", NOW)


def test_harm_stop_on_a_misread() -> None:
    misread = transcribed(acknowledged(), "ana", "AB72CDE", NOW)
    with pytest.raises(RefusedStepError, match="AB72CDE"):
        taken(misread, Step.CONFIRM, "ana", NOW)
    with pytest.raises(RefusedStepError, match="cannot follow"):
        taken(misread, Step.DISPATCH, "ana", NOW)


def test_harm_right_number_wrong_vehicle() -> None:
    british = Hotlists([Listed(hotlist(), listing("AB12CDE", "GB"))], most_swaps=2)
    [other] = british.match(read("AB12CDE", "AL"))
    assert other.likeness is Likeness.OTHER_COUNTRY
    assert other.differences[0].differs is Differs.COUNTRY
    alert = Fold([], FOLDING).put(read("AB12CDE", "AL"), other, NOW)
    told = AlertOut.of(alert, "ana")
    assert told.withheld and told.likeness == "other_country"
    assert british.match(read("AB12CDE", "GB"))[0].likeness is Likeness.EXACT


def test_harm_confirming_against_the_wrong_picture() -> None:
    alert = acknowledged()
    without = replace(alert, read=replace(alert.read, evidence=None))
    with pytest.raises(RefusedStepError, match="no picture of the plate this text was read from"):
        transcribed(without, "ana", "AB12CDE", NOW)


def test_harm_stale_list(tmp_path: Path) -> None:
    """An entry that is over is matched no more, and no site goes on with an old copy."""
    entry = listing("AB12CDE", valid_to=NOW + timedelta(hours=1))
    ours = Hotlists([Listed(hotlist(), entry)])
    assert ours.match(read("AB12CDE", captured_at=NOW))
    assert not ours.match(read("AB12CDE", captured_at=NOW + timedelta(hours=1)))
    with pytest.raises(ValueError, match="valid_to"):
        replace(entry, valid_to=entry.valid_from)
    site = Held(tmp_path)
    site.put(1, 2, listing("AB12CDE"))
    running = site.start()
    assert site.hotlists.match(read("AB12CDE"))
    site.clock.at += timedelta(days=2)
    running.expire()
    assert not site.hotlists.match(read("AB12CDE"))


def test_harm_officer_look_ups_of_a_partner() -> None:
    looks = [
        Look(number=n, at=NOW + timedelta(hours=n), officer="ana", case_number=f"C-{n % 2}",
             marks=("m",))
        for n in range(5)
    ]  # fmt: skip
    [alarm] = same_plate(looks, MisuseRules())
    assert alarm.numbers == (0, 1, 2, 3, 4)


@pytest.mark.parametrize("reason", ["ongoing police investigation case", "hetim i policisë"])
def test_harm_vague_reasons(reason: str) -> None:
    with pytest.raises(RefusedPurposeError):
        check_words(reason, WordRules())
    check_words(purpose().justification, WordRules())


def test_harm_audit_removed() -> None:
    entries = a_trail(40)
    lines = [entry_line(one) for one in entries]
    points = sealed_in(entries, 4)
    assert verified(lines, points).found == ()
    assert [one.number for one in verified([*lines[:11], *lines[12:]], points).found] == [12]
    assert verified(lines[:30], points).found[0].number == 31


def test_harm_sharing_without_agreement() -> None:
    """Every kind of message that carries anything is refused where no agreement stands for it."""
    carrying = [kind for kind in Kind if RULES[kind].category is not None]
    assert len(carrying) > 10
    for kind in carrying:
        told = Told(sender="AL", to="GB", kind=kind, why=None, items=(), at=NOW)
        assert denial(None, told), kind
    assert not POLICY[Role.LIAISON_OFFICER] & {Action.SEARCH, Action.EXPORT}


def test_harm_no_policy_no_audit() -> None:
    with pytest.raises(EngineError, match="node"):
        refuse_unanswered(Settings())
    with pytest.raises(RefusedRetentionError):
        Group(name="gate", owner="", policy="Order 4", days=30, cameras=frozenset({"gate"}))


def test_harm_open_system_on_the_internet() -> None:
    with pytest.raises(EngineError, match="desk"):
        refuse_plain_http(Settings(desk=Desk(host="192.0.2.7")))


def test_harm_cameras_themselves_exposed() -> None:
    with pytest.raises(OutOfReachError):
        Reach().refuse("http+snapshot://127.0.0.1:8123/")


def test_harm_over_retention(tmp_path: Path, dsn: str) -> None:
    """On its day a read leaves records, files and pictures, and a signed statement says so."""
    in_a_process(
        tmp_path,
        dsn,
        """
        old = await home.seen("QX77FGT", days_ago=90)
        kept = await home.seen("KE33PTT", days_ago=89)
        assert await home.records.count() == 2
        statement = await home.forgetting.forget(home.now)
        assert await home.records.latest() == [kept]
        assert not holds(home.clickhouse, "QX77FGT") and holds(home.clickhouse, "KE33PTT")
        assert not home.has_picture(old) and home.has_picture(kept)
        assert verified(home.statements.all())
        dropped = statement.said["dropped"]
        assert [part["rows"] for part in dropped if part["table"] == "reads"] == [1]
    """,
    )
    with pytest.raises(RefusedRetentionError):
        Retention(days=100_000)


def test_harm_cloned_plates_harm_the_innocent() -> None:
    """Two places at once are found; a person's label then warns on every later hit."""
    north = Camera(camera_id="n", name="N", site="N", latitude=42.1, longitude=20.4)
    south = replace(north, camera_id="s", site="S", latitude=41.1)
    first = Passage(read_id=uuid4(), camera_id="n", at=NOW, confidence=0.95)
    second = replace(first, read_id=uuid4(), camera_id="s", at=NOW + timedelta(minutes=5))
    seen = too_fast(Plate("AB12CDE", "GB"), first, second, {"n": north, "s": south}, CloneRules())
    assert seen is not None
    journey = judged(seen)
    assert journey.judgement is Judgement.CLONE
    label = SuspectedClone(
        label_id=uuid4(), plate=journey.plate, reason="two places within five minutes",
        passages=(first.read_id, second.read_id), labelled_by="ana", labelled_at=NOW,
        review_on=NOW.date() + timedelta(days=90),
    )  # fmt: skip
    alert = Fold([], FOLDING).put(*hit(read("AB12CDE")), NOW)
    assert AlertOut.of(alert, "ben").suspected_clone == ""
    warned = AlertOut.of(replace(alert, clone=label_of(alert.plates, [label])), "ben")
    assert warned.withheld and warned.suspected_clone == WARNING
    taken_back = replace(label, withdrawn_at=NOW, withdrawn_by="ana", withdrawn_reason="a misread")
    assert label_of(alert.plates, [taken_back]) is None


def test_harm_machine_decides() -> None:
    """From raised to dispatched no way leads past a person's confirmation."""
    alert = Fold([], FOLDING).put(*hit(read()), NOW)
    for step in (Step.CONFIRM, Step.DISPATCH, Step.CLOSE):
        with pytest.raises(RefusedStepError):
            taken(alert, step, "morina", NOW)
    assert alert.state is State.RAISED


def test_harm_non_hits_kept_though_law_says_no() -> None:
    group = Group(
        name="gate", owner="Unit 4", policy="Order 4", days=1, cameras=frozenset({"gate"}),
        match_and_forget=True,
    )  # fmt: skip
    forgets = Retention(groups=(group,)).forgets_at_once
    only_hits = OnlyHits(**NOWHERE, forgets=forgets)
    listed = Hotlists([Listed(hotlist(), listing("AB12CDE"))])
    hit_, passer, elsewhere = (
        read("AB12CDE", camera_id="gate"), read("BD51SMR", camera_id="gate"),
        read("BD51SMR", camera_id="bridge"),
    )  # fmt: skip
    assert only_hits.of([hit_, passer, elsewhere], listed, NOW) == [hit_, elsewhere]


@pytest.mark.parametrize("changed", [{"retransmitted": True}, {"captured_at": NOW - timedelta(1)}])
def test_harm_old_reads_replayed_as_live(changed: dict[str, object]) -> None:
    alert = acknowledged(**changed)
    assert alert.late
    typed = transcribed(alert, "ana", "AB12CDE", NOW)
    confirmed = taken(typed, Step.CONFIRM, "ana", NOW)
    with pytest.raises(RefusedStepError, match="too long ago"):
        taken(confirmed, Step.DISPATCH, "ana", NOW)


def test_harm_people_tracked_from_the_air() -> None:
    """A track holds no picture and nothing to know somebody by, and is asked for one sortie at a
    time; who goes to a place is shown neither flight nor track."""
    assert {one.name for one in fields(Track)} == {
        "track_id", "sortie_id", "kind", "points", "agreeing", "share", "hint", "live",
    }  # fmt: skip
    assert {one.name for one in fields(TrackPoint)} == {
        "at_s", "latitude", "longitude", "covariance", "speed_ms", "course_deg", "box",
    }  # fmt: skip
    assert list(signature(Sorties.tracks).parameters) == ["self", "sortie_id"]
    for role in (Role.MOUNTAIN_RESCUE, Role.PATROL, Role.ADMINISTRATOR):
        assert Action.SEE_SORTIES not in POLICY[role]
    for hidden in ("sortie_id", "track_id", "case_number"):
        assert TaskOut.model_fields[hidden].default is None


def test_harm_somebody_in_trouble_ignored() -> None:
    """What nobody takes gets louder up to an end, and never quieter."""
    heard = [loudness(NOW, NOW + timedelta(minutes=one), 300.0) for one in range(120)]
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0, LOUDEST)
    calls = "POST /api/v1/aerial/sorties/{sortie_id}/rescues"
    assert Action.FLY in PERMITS[calls]


def test_harm_a_machine_sends_a_patrol() -> None:
    with pytest.raises(RefusedSortieError, match="a person has to"):
        refuse_machine(NODE)
    refuse_machine("ana")
