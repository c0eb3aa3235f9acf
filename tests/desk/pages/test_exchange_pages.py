"""What the pages of the exchange say and draw, without a browser."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from math import hypot
from typing import cast
from uuid import UUID, uuid4

import pytest

from morina.accountability import PurposeCode, User
from morina.desk.pages.exchange.agreement_lines import Standing, sentence, standing, terms
from morina.desk.pages.exchange.conversation import flat
from morina.desk.pages.exchange.delivery_lines import STATES, alarms, link, passed, report, spans
from morina.desk.pages.exchange.drafting import BadTermError, drafted_of
from morina.desk.pages.exchange.graph import NUMBERS, Arrow, drawing
from morina.desk.pages.exchange.inbox import SORTS
from morina.desk.pages.exchange.partners import arrows_of
from morina.desk.pages.exchange.preview import CHANGED, changes, effects, of_entries
from morina.desk.pages.exchange.words import (
    CATEGORIES,
    FIELDS,
    KINDS,
    PERSONS,
    field_said,
    withheld_said,
)
from morina.desk.pages.visit import Visit
from morina.desk.services import Services
from morina.desk.to_see import Sort
from morina.desk.words import Words
from morina.exchange import WHOLE, Agreement, Category, Kind, Onward, Signed
from morina.exchange.delivering import Passed, Queue, Report, State, Verdict
from morina.exchange.fields import FIELDS as KNOWN
from morina.exchange.preview import Known, SharePreview, preview

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NODES = ("GB", "AL", "MK", "XK", "ME")
PLAIN = Agreement(
    agreement_id=UUID(int=1), version=1, giver="GB", receiver="AL", category=Category.HOTLIST,
    purposes=frozenset({PurposeCode.STOLEN_VEHICLE, PurposeCode.SERIOUS_CRIME}),
    fields=frozenset({"plate", "make", "action"}), legal_basis="Treaty",
    valid_from=NOW - timedelta(days=1), valid_to=datetime(2027, 2, 1, tzinfo=UTC), keep_days=90,
    officer_cap=5, node_cap=50,
)  # fmt: skip
MESSAGE = Passed(
    message_id=uuid4(), partner="AL", is_ours=True, seq=7, kind=Kind.SIGHTING,
    conversation=UUID(int=9), created_at=NOW, at=NOW, state=State.WAITING, digest="d" * 64,
    officer="GB:0123", tries=3, next_try_at=NOW, why="AL does not answer",
)  # fmt: skip


def visit(language: str = "en") -> Visit:
    user = User(name="lena", full_name="Lena", time_zone="UTC")
    return Visit(cast(Services, None), user, Words(language))


def both(**changed: object) -> Signed:
    signed = {"GB": "s", "AL": "s"}
    return Signed(replace(PLAIN, **changed), signed, {"GB": "GB:1", "AL": "AL:1"})  # type: ignore[arg-type]


def point(text: str) -> tuple[float, float]:
    x, y = text.split()[-2:]
    return float(x), float(y)


ARROWS = [
    Arrow(giver, receiver, frozenset(list(Category)[: 1 + (at % len(Category))]))
    for at, (giver, receiver) in enumerate(permutations(NODES, 2))
]


@pytest.mark.parametrize("arrow", ARROWS, ids=lambda one: f"{one.giver}-{one.receiver}")
def test_every_arrow_leads_from_giver_to_receiver_and_bears_what_is_told(arrow: Arrow) -> None:
    drawn = drawing(NODES, ARROWS, "who tells whom")
    places = {
        group.get("data-node"): (float(text.get("x", "")), float(text.get("y", "")) - 5)
        for group in drawn.findall("g[@class='node']") for text in group.findall("text")
    }  # fmt: skip
    [group] = drawn.findall(f"g[@data-from='{arrow.giver}'][@data-to='{arrow.receiver}']")
    [line] = group.findall("path[@class='line']")
    begins, _, rest = line.get("d", "").removeprefix("M").partition("Q")
    giver, receiver = places[arrow.giver], places[arrow.receiver]
    start, end = point(begins), point(rest)
    assert hypot(start[0] - giver[0], start[1] - giver[1]) < 40
    assert hypot(end[0] - receiver[0], end[1] - receiver[1]) < 40
    told = [one.text for one in group.findall("text")]
    assert told == [str(NUMBERS[one]) for one in Category if one in arrow.categories]
    badges = [(one.get("cx"), one.get("cy")) for one in group.findall("circle")]
    assert len(set(badges)) == len(arrow.categories)


def test_the_two_arrows_of_a_pair_do_not_lie_together() -> None:
    drawn = drawing(NODES, ARROWS, "")
    lines = {one.get("d") for group in drawn.findall("g") for one in group.findall("path[1]")}
    assert len(lines) == len(ARROWS) == 20


def test_an_arrow_of_one_category_has_its_colour_and_others_none() -> None:
    one = Arrow("GB", "AL", frozenset({Category.VEHICLE}))
    several = Arrow("AL", "GB", frozenset({Category.VEHICLE, Category.HOTLIST}))
    drawn = drawing(["GB", "AL"], [one, several], "")
    classes = {group.get("data-from"): group.get("class") for group in drawn.findall("g[path]")}
    assert classes == {"GB": "arrow vehicle", "AL": "arrow"}


def test_a_drawing_stands_within_its_box_and_names_no_stranger() -> None:
    for count in (1, 2, 5, 12):
        nodes = [f"GB-{n}" for n in range(count)]
        drawn = drawing(nodes, [], "")
        left, top, wide, high = map(float, drawn.get("viewBox", "").split())
        for box in drawn.iter("rect"):
            x, y = float(box.get("x", "")), float(box.get("y", ""))
            assert left <= x and x + float(box.get("width", "")) <= left + wide
            assert top <= y and y + float(box.get("height", "")) <= top + high
    with pytest.raises(ValueError, match="FR"):
        drawing(["GB"], [Arrow("GB", "FR", frozenset(Category))], "")


def test_agreements_become_one_arrow_for_each_ordered_pair() -> None:
    texts = [
        PLAIN, replace(PLAIN, agreement_id=UUID(int=2), category=Category.VEHICLE),
        replace(PLAIN, agreement_id=UUID(int=3), giver="AL", receiver="GB"),
    ]  # fmt: skip
    assert arrows_of(texts) == [
        Arrow("AL", "GB", frozenset({Category.HOTLIST})),
        Arrow("GB", "AL", frozenset({Category.HOTLIST, Category.VEHICLE})),
    ]


def test_an_agreement_is_one_plain_sentence() -> None:
    assert sentence(PLAIN, visit()) == (
        "GB tells AL: hotlist entries for serious crime, stolen vehicle: plate, make, action"
        " to take; kept 90 days; until 1 Feb 2027."
    )
    assert "i tregon" in sentence(PLAIN, visit("sq"))


def test_every_term_is_said() -> None:
    said = dict(terms(replace(PLAIN, category=Category.VEHICLE, max_age_days=1), visit()))
    assert said["Questions a day"] == "5 of one officer, 50 of the node"
    assert said["How old"] == "at most 1 day old"
    assert said["Cameras"] == "nothing of any camera"
    assert said["Onward"] == "not told to anybody else"
    assert "Questions a day" not in dict(terms(PLAIN, visit()))


@pytest.mark.parametrize(
    ("signed", "in_force", "how"),
    [
        (both(), True, Standing.IN_FORCE),
        (both(), False, Standing.REPLACED),
        (both(ended=True, version=2), False, Standing.ENDED),
        (both(valid_to=NOW), False, Standing.OVER),
        (both(valid_from=NOW + timedelta(days=1)), False, Standing.NOT_YET),
        (Signed(PLAIN, {"AL": "s"}), False, Standing.OURS_MISSING),
        (Signed(PLAIN, {"GB": "s"}), False, Standing.THEIRS_MISSING),
    ],
)
def test_how_far_a_version_is(signed: Signed, in_force: bool, how: Standing) -> None:
    held = [signed.agreement] if in_force else []
    assert standing(signed, "GB", NOW, held) is how


def test_who_would_see_what_says_what_is_told_and_what_is_not() -> None:
    t = Words("en")
    said = list(effects(preview(PLAIN), t))
    assert said[0] == "Officers of AL would see: plate, make, action to take."
    assert "warnings" in said[1] and "make," not in said[1]
    assert "Nobody else would see it: AL may tell nobody." in said
    ended = list(effects(preview(replace(PLAIN, ended=True)), t))
    assert len(ended) == 1 and ended[0].startswith("Nobody:")


def test_who_would_see_what_says_how_old_and_how_often() -> None:
    t = Words("en")
    said = list(effects(preview(replace(PLAIN, max_age_days=2)), t))
    assert "Nothing older than 2 days." in said and not any("At most" in one for one in said)
    asked = list(effects(preview(replace(PLAIN, category=Category.VEHICLE)), t))
    assert "However old it is." in asked
    assert "At most 5 times a day each officer, 50 times the whole node." in asked


def test_of_a_list_it_is_said_how_many_entries_go_and_why_others_do_not() -> None:
    said = list(of_entries(SharePreview(told=4, held=1, old=2, over=0), Words("en")))
    assert said == [
        "4 entries would go now.", "1 is kept back: its share scope does not name them.",
        "2 are older than agreed.",
    ]  # fmt: skip


def test_cameras_are_named_by_their_groups_and_an_unknown_group_is_marked() -> None:
    text = replace(PLAIN, category=Category.SIGHTING, camera_groups=frozenset({"gate", "port"}))
    said = list(effects(preview(text, Known(cameras={"gate": ["gate-1", "gate-2"]})), Words("en")))
    assert "It may come from these cameras of GB only: gate (gate-1, gate-2), port." in said
    assert "No group of cameras here is called port." in said


def test_changes_against_the_version_in_force_are_said_one_by_one() -> None:
    after = replace(
        PLAIN, version=2, fields=frozenset({"plate", "colour"}), keep_days=30,
        purposes=frozenset({PurposeCode.TERRORISM}), camera_groups=frozenset({WHOLE}),
        onward=Onward.WITH_CONSENT,
    )  # fmt: skip
    said = list(changes(preview(after, Known(in_force=PLAIN)), Words("en")))
    assert "fields, new: colour" in said and "fields, gone: make, action to take" in said
    assert "purposes, new: terrorism" in said
    assert "kept, days: 90 before, 30 from now on" in said
    assert len(said) == 7
    assert not list(changes(preview(PLAIN, Known(in_force=PLAIN)), Words("en")))


def test_every_value_of_the_exchange_has_a_name_on_screen() -> None:
    assert set(CATEGORIES) == set(Category)
    assert set(KINDS) == set(Kind)
    assert set(STATES) == set(State)
    assert set(SORTS) == set(Sort)
    assert set(CHANGED) == set(PLAIN.said()) - {
        "agreement_id", "version", "giver", "receiver", "category"
    }  # fmt: skip
    t = Words("sq")
    for name in {one for names in KNOWN.values() for one in names}:
        of_person = name.partition("_")[0] in PERSONS and name not in FIELDS
        assert name in FIELDS or (of_person and ": " in field_said(name, t)), name


def test_of_a_person_of_whom_nothing_is_told_one_word_is_enough() -> None:
    left = set(KNOWN[Category.FOLLOW_UP]) - {"owner_name", "plate"}
    said = withheld_said(left, Words("en"))
    assert "everything of the holder, everything of the driver" in said
    assert "owner: address" in said and "holder:" not in said


FORM = {
    "legal_basis": " Treaty ", "valid_from": "2026-11-22", "valid_to": "2027-11-22",
    "keep_days": "30", "max_age_days": "0", "log_days": "1096", "purpose-crime": "on",
    "field-plate": "on", "field-shoe_size": "on", "camera_groups": "gate; port ;",
    "onward": "never", "officer_cap": "3",
}  # fmt: skip


def test_a_form_becomes_an_agreement_of_just_what_was_ticked() -> None:
    made = drafted_of(FORM, replace(PLAIN, legal_basis=""))
    assert made.version == 1
    assert made.fields == {"plate"} and made.purposes == {PurposeCode.CRIME}
    assert made.camera_groups == {"gate", "port"}
    assert made.valid_to == datetime(2027, 11, 22, tzinfo=UTC)
    assert drafted_of(FORM | {"every-camera": "on"}, PLAIN).camera_groups == {WHOLE}
    assert drafted_of(FORM, PLAIN).version == 2


@pytest.mark.parametrize("bad", [{"keep_days": "many"}, {"valid_to": "soon"}])
def test_a_term_that_cannot_be_read_is_named(bad: dict[str, str]) -> None:
    with pytest.raises(BadTermError, match=next(iter(bad))):
        drafted_of(FORM | bad, PLAIN)


def test_a_message_that_waits_says_why_and_until_when() -> None:
    when, way, number, what, state, why = passed(MESSAGE, visit(), "GB")
    assert way[0].text == "GB → AL" and number[0].text == "7"
    assert what[0].href == f"/deliveries/{UUID(int=9)}"
    assert state[0].text == "waiting" and "3 tries" in state[2].text
    assert why[0].text == "AL does not answer" and when
    theirs = passed(replace(MESSAGE, is_ours=False), visit(), "GB")
    assert theirs[1][0].text == "AL → GB"


def test_a_link_says_when_it_last_worked_and_what_is_wrong() -> None:
    long_ago = NOW - timedelta(days=300)
    queue = Queue(partner="AL", waiting=2, last_sent_at=long_ago - timedelta(days=9),
                  last_taken_at=long_ago, why="no answer", set_aside=1)  # fmt: skip
    said = [line.text for line in link(queue, visit())]
    assert "26 Jan 2026" in said[0] and said[1] == "2 messages wait"
    assert [line.text for line in alarms(queue, visit())] == ["no answer", "1 message set aside"]
    assert [line.text for line in link(None, visit())] == ["nothing passed yet"]


@pytest.mark.parametrize(
    ("sender", "verdict", "said"),
    [
        ("AL", Verdict.AGREES, "agrees"),
        ("GB", Verdict.MISSING, "the partner has not all that we sent"),
        ("AL", Verdict.MISSING, "we have not all that the partner says it sent"),
        ("AL", Verdict.DIFFERS, "as many, but not the same: one side's record was changed"),
    ],
)
def test_a_comparison_says_who_lacks_what(sender: str, verdict: Verdict, said: str) -> None:
    missing = (3, 4, 5, 9) if verdict is Verdict.MISSING else ()
    one = Report(at=NOW, partner="AL", sender=sender, up_to=9, theirs=9, ours=5, verdict=verdict,
                 missing=missing)  # fmt: skip
    *_, outcome = report(one, visit(), "GB")
    assert outcome[0].text == said
    assert [line.text for line in outcome[1:]] == (["missing: no. 3-5, 9"] if missing else [])


def test_numbers_side_by_side_are_joined() -> None:
    assert spans((7, 1, 2, 3, 9)) == "1-3, 7, 9"
    assert spans(()) == ""


def test_particulars_within_others_are_shown_by_both_names() -> None:
    said = {"agreement": {"keep_days": 9, "fields": ["plate"]}, "parts": 2}
    assert dict(flat(said)) == {
        "agreement, keep days": 9, "agreement, fields": ["plate"], "parts": 2,
    }  # fmt: skip
