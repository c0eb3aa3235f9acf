from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented import NOW, hotlist, listing, read
from morina.plates import Plate, skeleton
from morina.sense import Read
from morina.watch import (
    Changes,
    Difference,
    Differs,
    Hotlists,
    Likeness,
    Listed,
    VehicleOfInterest,
    compare,
)

LIST = hotlist()


def on_lists(*listings: VehicleOfInterest, most_swaps: int = 2) -> Hotlists:
    return Hotlists([Listed(LIST, one) for one in listings], most_swaps=most_swaps)


def test_same_text_and_country_is_exact_and_differs_in_nothing():
    [hit] = on_lists(listing("AB12CDE", "GB")).match(read("AB12CDE", "GB"))
    assert (hit.likeness, hit.differences) == (Likeness.EXACT, ())


@pytest.mark.parametrize(
    ("seen", "listed", "likeness"),
    [
        ("AL", "GB", Likeness.OTHER_COUNTRY),
        (None, "GB", Likeness.COUNTRY_UNKNOWN),
        ("GB", None, Likeness.COUNTRY_UNKNOWN),
        (None, None, Likeness.COUNTRY_UNKNOWN),
    ],
)
def test_another_or_no_country_is_a_grade_and_is_stated(seen, listed, likeness):
    [hit] = on_lists(listing("AA123BB", listed)).match(read("AA123BB", seen))
    assert hit.likeness is likeness
    assert hit.differences == (Difference(Differs.COUNTRY, 0, seen or "", listed or ""),)


def test_a_look_alike_states_each_swapped_character_and_the_country():
    [hit] = on_lists(listing("AB12CDE", "GB")).match(read("A812CDF", "AL"))
    assert hit.likeness is Likeness.LOOK_ALIKE
    assert hit.differences == (
        Difference(Differs.CHARACTER, 2, "8", "B"),
        Difference(Differs.CHARACTER, 7, "F", "E"),
        Difference(Differs.COUNTRY, 0, "AL", "GB"),
    )


@pytest.mark.parametrize(("most_swaps", "hits"), [(0, 0), (1, 0), (2, 1)])
def test_more_swaps_than_allowed_are_no_hit(most_swaps, hits):
    assert len(on_lists(listing("AB12CDE"), most_swaps=most_swaps).match(read("A812CDF"))) == hits


@pytest.mark.parametrize(
    ("captured_at", "hits"),
    [
        (NOW - timedelta(microseconds=1), 0),
        (NOW, 1),
        (NOW + timedelta(hours=1) - timedelta(microseconds=1), 1),
        (NOW + timedelta(hours=1), 0),
    ],
)
def test_a_listing_counts_only_while_in_force_at_the_capture(captured_at, hits):
    lists = on_lists(listing(valid_from=NOW, valid_to=NOW + timedelta(hours=1)))
    assert len(lists.match(read(captured_at=captured_at))) == hits


def test_the_closest_hit_comes_first_and_the_more_urgent_of_equals():
    lists = on_lists(
        listing("A812CDE", "GB"),
        listing("AB12CDE", "AL"),
        listing("AB12CDE", "GB", priority=10),
        listing("AB12CDE", "GB", priority=90),
    )
    hits = lists.match(read("AB12CDE", "GB"))
    assert [(hit.likeness, hit.listed.listing.priority) for hit in hits] == [
        (Likeness.EXACT, 90),
        (Likeness.EXACT, 10),
        (Likeness.OTHER_COUNTRY, 50),
        (Likeness.LOOK_ALIKE, 50),
    ]


def test_an_unread_passage_hits_nothing():
    assert on_lists(listing()).match(read(None)) == []


def test_changes_add_withdraw_and_replace_and_may_come_twice():
    old, other = listing("AB12CDE"), listing("XY99XYZ")
    lists = on_lists(old, other)
    new = listing("AB12CDF", listing_id=old.listing_id)
    changes = Changes(7, [Listed(LIST, new)], [other.listing_id], NOW)
    for _ in range(2):
        lists.apply(changes)
        assert (len(lists), lists.revision) == (1, 7)
        assert lists.match(read("XY99XYZ")) == []
        assert [hit.listed.listing for hit in lists.match(read("AB12CDF"))] == [new]


def test_texts_that_are_no_look_alikes_are_not_compared():
    with pytest.raises(ValueError, match="look-alikes"):
        compare(Plate("AB12CDE"), Plate("AB12CDX"))


def plainly(read_: Read, listings: list[VehicleOfInterest], most_swaps: int) -> set[object]:
    """The listings a read hits, by going through all of them."""
    hits = set()
    for one in listings:
        seen, listed = read_.plate.text, one.plate.text
        swapped = sum(a != b for a, b in zip(seen, listed, strict=False))
        alike = skeleton(seen) == skeleton(listed) and swapped <= most_swaps
        if alike and one.valid_from <= read_.captured_at < one.valid_to:
            hits.add((one.listing_id, seen == listed and read_.plate.country == one.plate.country))
    return hits


TEXTS = st.text("O0DB83I1A", min_size=1, max_size=4)
COUNTRIES = st.sampled_from(["GB", "AL"])
LISTINGS = st.builds(
    lambda text, country, hours: listing(text, country, valid_to=NOW + timedelta(hours=hours)),
    TEXTS,
    COUNTRIES,
    st.integers(-5, 5),
)


@given(
    listings=st.lists(LISTINGS, max_size=30),
    withdrawn=st.sets(st.integers(0, 29)),
    text=TEXTS,
    country=COUNTRIES | st.none(),
    most_swaps=st.integers(0, 4),
)
def test_matching_finds_what_a_plain_search_finds(listings, withdrawn, text, country, most_swaps):
    gone = {one.listing_id for place, one in enumerate(listings) if place in withdrawn}
    lists = on_lists(*listings, most_swaps=most_swaps)
    lists.apply(Changes(1, [], gone, NOW))
    left = [one for one in listings if one.listing_id not in gone]
    seen = read(text, country)
    found = {
        (hit.listed.listing.listing_id, hit.likeness is Likeness.EXACT) for hit in lists.match(seen)
    }
    assert found == plainly(seen, left, most_swaps)


@pytest.mark.parametrize("lacking", ["owner", "purpose", "legal_basis"])
def test_a_list_nobody_answers_for_is_not_matched(lacking: str) -> None:
    lacks = replace(LIST, **{lacking: " "})
    hotlists = Hotlists([Listed(lacks, listing("AB12CDE", "GB"))])
    assert lacks.lacks == (lacking,)
    assert hotlists.match(read("AB12CDE", "GB")) == []
    assert LIST.lacks == ()
