"""Who would see this: what a preview says is what the decision lets pass."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authorities import five
from morina.accountability import PurposeCode
from morina.exchange import Agreement, Because, Category, Item, Told, Why, denial
from morina.exchange.agreeing import RefusedAgreementError
from morina.exchange.draft_file import read_draft
from morina.exchange.fields import FIELDS
from morina.exchange.preview import TELLS, Changed, Known, passes, preview

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
ONE = Agreement(
    agreement_id=uuid.UUID(int=1), version=1, giver="GB", receiver="AL",
    category=Category.SIGHTING, purposes=frozenset({PurposeCode.STOLEN_VEHICLE}),
    fields=frozenset({"plate", "place"}), legal_basis="an act", valid_from=NOW,
    valid_to=NOW + timedelta(days=90), keep_days=30, max_age_days=2,
    camera_groups=frozenset({"port"}),
)  # fmt: skip
SEEN = Item(
    fields={"plate": "AA 001 BB", "place": "by the mill", "picture": "eA=="}, at=NOW,
    camera_group="port",
)  # fmt: skip


def test_the_words_name_partner_fields_cameras_and_times() -> None:
    party = replace(five(["AL"])["AL"].entry.party, contact="liaison@al.example")
    cameras = {"port": ["north gate", "south gate"], "inland": ["mill"]}
    said = preview(ONE, Known(cameras=cameras, receiver=party)).words()
    assert said[0] == (
        "GB tells AL (Police of AL), reached at liaison@al.example: sighting, for stolen_vehicle."
    )
    assert "It sees place, plate." in said
    assert "Cameras: port, 2 cameras now." in said
    assert "It goes 2 days back." in said
    assert "From 2026-03-01 to 2026-05-30; kept 30 days." in said
    assert "picture" in said[2]


def test_a_group_that_is_not_there_is_named() -> None:
    said = preview(ONE, Known(cameras={"inland": ["mill"]})).words()
    assert any("no group here is called port" in one for one in said)


def test_a_change_says_what_comes_and_goes() -> None:
    two = replace(
        ONE, version=2, fields=frozenset({"plate", "picture"}), max_age_days=9,
        camera_groups=frozenset({"*"}),
    )  # fmt: skip
    made = preview(two, Known(in_force=ONE))
    assert set(made.changes) == {
        Changed("fields", ("picture",), ("place",)),
        Changed("camera_groups", ("*",), ("port",)),
        Changed("max_age_days", ("9",), ("2",)),
    }
    assert "fields: new picture; gone place." in made.words()
    assert "max_age_days: 2 becomes 9." in made.words()
    same = preview(replace(ONE, version=2), Known(in_force=ONE))
    assert same.words()[-1] == "Nothing differs from version 1."


def test_an_item_passes_with_the_fields_agreed() -> None:
    made = passes(ONE, SEEN, NOW)
    assert made.fields == {"plate": "AA 001 BB", "place": "by the mill"}
    assert made.held_back == ("picture",)
    for item, because in (
        (replace(SEEN, at=NOW - timedelta(days=3)), Because.AGE),
        (replace(SEEN, camera_group="inland"), Because.CAMERA_GROUP),
    ):
        denied = passes(ONE, item, NOW)
        assert denied.fields == {}
        assert denied.denied is not None
        assert denied.denied.because is because


names = st.sets(st.sampled_from(sorted(FIELDS[Category.SIGHTING])), max_size=6)
groups = st.sampled_from(["", "port", "inland"])


@given(names, names, groups, st.sets(st.sampled_from(["port", "*"])), st.integers(-3, 100))
@settings(max_examples=300, deadline=None)
def test_nothing_passes_that_the_decision_refuses(
    agreed: set[str], told: set[str], group: str, allowed: set[str], day: int
) -> None:
    agreement = replace(ONE, fields=frozenset(agreed), camera_groups=frozenset(allowed))
    now = NOW + timedelta(days=day)
    item = Item(fields=dict.fromkeys(told, "x"), at=now, camera_group=group)
    made = passes(agreement, item, now)
    assert made.fields.keys() <= agreed
    why = Why(agreement_id=ONE.agreement_id, purpose=PurposeCode.STOLEN_VEHICLE, case_number="1",
              justification="for a test", officer="GB:0123456789abcdef")  # fmt: skip
    passing = Told(sender="GB", to="AL", kind=TELLS[Category.SIGHTING], why=why, at=now,
                   items=[replace(item, fields=made.fields)])  # fmt: skip
    assert (denial(agreement, passing) is None) == (made.denied is None)
    assert made.fields.keys() | set(made.held_back) == told


DRAFT = """
giver = "GB"
receiver = "AL"
category = "vehicle"
purposes = ["stolen_vehicle", "crime"]
fields = ["hit", "category"]
legal_basis = "an arrangement"
valid_from = 2026-03-01
valid_to = 2027-03-01T00:00:00Z
keep_days = 30
officer_cap = 20
node_cap = 200
"""


def test_a_draft_file_is_read() -> None:
    made = read_draft(DRAFT)
    assert (made.version, made.category, made.officer_cap) == (1, Category.VEHICLE, 20)
    assert made.valid_from == datetime(2026, 3, 1, tzinfo=UTC)
    follows = read_draft(DRAFT + f'agreement_id = "{uuid.UUID(int=5)}"\nversion = 2\n')
    assert (follows.agreement_id, follows.version) == (uuid.UUID(int=5), 2)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("giver", "guver", "guver"), ('"an arrangement"', "7", "legal_basis"),
     ("2026-03-01", '"soon"', "valid_from"), ("00:00:00Z", "00:00:00", "zone"),
     ('["hit", "category"]', '"hit"', "fields"), ("keep_days = 30", "", "keep_days"),
     ("30", "30.5", "keep_days"), ('"crime"', '"curiosity"', "curiosity"), ("=", ":", "TOML"),
     ('"vehicle"', '"dna"', "dna"), ("node_cap", "ended", "ended")],
)  # fmt: skip
def test_a_draft_file_that_cannot_be_read_says_which_line(old: str, new: str, said: str) -> None:
    with pytest.raises(RefusedAgreementError, match=said):
        read_draft(DRAFT.replace(old, new, 1))
