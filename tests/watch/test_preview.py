import pytest

from invented import hotlist, listing, read
from morina.plates import Plate
from morina.watch import (
    Hotlists,
    Listed,
    accepted_misreads,
    expected_false_hits_a_day,
    landing_share,
)


@pytest.mark.parametrize("most_swaps", [0, 1, 2])
def test_the_preview_is_what_matching_accepts(most_swaps):
    wanted = listing("B0X1")
    lists = Hotlists([Listed(hotlist(), wanted)], most_swaps=most_swaps)
    accepted = list(accepted_misreads(wanted.plate, most_swaps))
    assert all(lists.match(read(text)) for text in accepted)
    further = set(accepted_misreads(wanted.plate, most_swaps + 1)) - set(accepted)
    assert further
    assert not any(lists.match(read(text)) for text in further)


def test_the_landing_share_counts_the_texts_a_listing_accepts_among_those_of_its_shape():
    assert landing_share([Plate("X1")], most_swaps=0) == pytest.approx(1 / 260)
    assert landing_share([Plate("X1"), Plate("XX")], 1) == pytest.approx(2 / 260 + 1 / 676)
    assert landing_share([Plate("X")] * 100, 0) == 1


def test_expected_false_hits_are_reads_times_misread_times_landing():
    assert expected_false_hits_a_day(5_000_000, 0.03, 1e-4) == pytest.approx(15)
