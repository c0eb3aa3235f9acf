"""The trail by itself: chained, sealed, and every change to its bytes found."""

from dataclasses import replace
from datetime import datetime

import pytest

from morina.accountability.checkpoints import Checkpoint, merkle_root
from morina.accountability.signing import SignatureError, Signer
from morina.accountability.trail import Act, Deed, What, chained
from morina.accountability.trail_check import Fault, verify
from morina.accountability.trail_file import checkpoint_line, entry_line, read_entry, read_file
from trails import NOW, SIGNER, a_trail, missed, sealed_in, verified


def test_a_whole_trail_holds() -> None:
    entries = a_trail(50)
    outcome = verify(entries, sealed_in(entries, 5), SIGNER.public)
    assert (outcome.count, outcome.sealed_to, outcome.found) == (50, 50, ())
    assert verify([], [], SIGNER.public).found == ()


@pytest.mark.parametrize("length", [1, 2, 60])
def test_every_change_to_the_bytes_is_found_and_its_entry_named(length: int) -> None:
    if length == 1:
        lines, checkpoints = [entry_line(one) for one in a_trail(1)], sealed_in(a_trail(1), 1)
        for at in range(len(lines[0])):
            changed = lines[0][:at] + bytes([lines[0][at] ^ 1]) + lines[0][at + 1 :]
            assert [one.number for one in verified([changed], checkpoints).found] == [1]
        return
    assert missed(length, 250, seed=length) == []


def test_it_is_said_what_was_done_to_which_entry() -> None:
    entries = a_trail(9)
    points = sealed_in(entries, 1)

    def said(changed: list) -> list[tuple[int, Fault]]:  # type: ignore[type-arg]  # entries or None
        return [(one.number, one.fault) for one in verify(changed, points, SIGNER.public).found]

    other = replace(entries[3].deed, who="somebody else")
    assert said([*entries[:3], replace(entries[3], deed=other), *entries[4:]]) == [
        (4, Fault.CHANGED)
    ]
    assert said([*entries[:3], *entries[4:]]) == [(4, Fault.REMOVED)]
    swapped = [*entries[:3], entries[4], entries[3], *entries[5:]]
    assert (4, Fault.MOVED) in said(swapped)
    assert said(entries[:6]) == [(7, Fault.END_MISSING)]
    assert said([]) == [(1, Fault.END_MISSING)]


def test_a_chain_written_anew_is_found_by_its_checkpoint() -> None:
    entries = a_trail(12)
    points = sealed_in(entries, 3)
    anew = entries[:5]
    for entry in entries[5:]:
        deed = replace(entry.deed, who="nobody") if entry.number == 6 else entry.deed
        anew.append(chained(deed, anew[-1]))
    found = verify(anew, points, SIGNER.public).found
    assert [(one.number, one.fault) for one in found] == [
        (5, Fault.REWRITTEN),
        (9, Fault.REWRITTEN),
    ]


def test_a_forged_a_missing_and_a_changed_checkpoint_are_found() -> None:
    entries = a_trail(12)
    first, second, third = sealed_in(entries, 3)
    other = Signer.of("B" * 43)
    forged = replace(third, key=other.public.text)
    forged = replace(forged, signature=other.sign(forged.said()))
    for points, number in (
        ([first, second, forged], 3),
        ([first, third], 2),
        ([second, third], 1),
        ([replace(first, last=3), second, third], 1),
    ):
        found = verify(entries, points, SIGNER.public).found
        assert (number, Fault.CHECKPOINT) in {(one.number, one.fault) for one in found}


def test_a_file_gives_back_what_was_written() -> None:
    entries = a_trail(5)
    points = sealed_in(entries, 2)
    lines = [*map(entry_line, entries), *map(checkpoint_line, points)]
    read, sealed = read_file(lines)
    assert (list(read), sealed) == (entries, points)
    assert read_entry(lines[0] + b" ") is None
    with pytest.raises(SignatureError):
        Checkpoint.of({**points[0].as_kept(), "more": 1})
    with pytest.raises(SignatureError):
        read_file([lines[-1][:-9]])


def test_the_root_is_that_of_rfc_6962() -> None:
    leaves = ["", "00", "10", "2021", "3031", "40414243"]  # from its reference vectors
    assert merkle_root(leaves[:1]).startswith("6e340b9cffb37a98")
    assert merkle_root(leaves[:2]).startswith("fac54203e7cc696c")
    assert merkle_root(leaves[:3]).startswith("aeb6bcfe274b70a1")
    assert merkle_root([]).startswith("e3b0c44298fc1c14")


def test_an_entry_names_a_time_with_its_zone_and_a_thousand_ids_at_most() -> None:
    with pytest.raises(ValueError, match="zone"):
        Deed(act=Act.EXPORT, what=What("x"), at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point
    many = What("alert", tuple(map(str, range(2000))))
    assert (len(many.ids), many.count) == (1000, 2000)
    assert chained(Deed(act=Act.EXPORT, what=many, at=NOW), None).holds
