"""Checkpoints brought to a folder outside the home: all of them, or why not."""

import errno
import os
from pathlib import Path

import pytest

from morina.accountability.adapters.copied_checkpoints import CopiedCheckpoints
from morina.accountability.adapters.folder_checkpoints import FolderCheckpoints
from morina.accountability.checkpoints import Checkpoint
from morina.accountability.trail_check import Fault, verify
from trails import SIGNER, a_trail, sealed_in

WHOLE = a_trail(40)
POINTS = sealed_in(WHOLE, 4)


def kept_in(folder: Path, points: list[Checkpoint]) -> FolderCheckpoints:
    kept = FolderCheckpoints(folder)
    for one in points:
        assert kept.keep(one)
    return kept


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


def brought(own: FolderCheckpoints, share: Path) -> str | None:
    copied = CopiedCheckpoints(own, share)
    copied.bring()
    return copied.fault


def test_all_are_brought_and_what_comes_later_too(tmp_path: Path, share: Path) -> None:
    own = kept_in(tmp_path / "own", POINTS[:2])
    copied = CopiedCheckpoints(own, share)
    for until in (2, 2, 4):
        for one in POINTS[2:until]:
            own.keep(one)
        copied.bring()
        assert copied.fault == ""
        assert FolderCheckpoints(share).all() == POINTS[:until]
    assert brought(own, share) == ""  # after a restart


def test_a_share_that_is_away_is_said_and_nothing_is_made_in_its_place(
    tmp_path: Path, share: Path
) -> None:
    own = kept_in(tmp_path / "own", POINTS)
    share.rmdir()
    copied = CopiedCheckpoints(own, share)
    copied.bring()
    assert copied.fault == (
        f"cannot be written to {share}: there is no such folder; mount it or mend it there"
    )
    assert not share.exists()
    share.mkdir()
    copied.bring()
    assert (copied.fault, FolderCheckpoints(share).all()) == ("", POINTS)


def test_a_share_without_hard_links_is_written_too(
    tmp_path: Path, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = kept_in(tmp_path / "own", POINTS)

    def no_links(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    assert brought(own, share) == ""
    there = FolderCheckpoints(share)
    assert there.all() == POINTS
    assert not there.keep(sealed_in(a_trail(41), 4)[1])
    assert there.all() == POINTS
    assert len(list(share.iterdir())) == len(POINTS)


@pytest.mark.parametrize("theirs", [sealed_in(a_trail(41), 4)[:2], POINTS])
def test_what_is_not_the_same_there_is_said_and_stays(
    tmp_path: Path, share: Path, theirs: list[Checkpoint]
) -> None:
    """The home's were written anew, or the newest of them removed."""
    own, there = kept_in(tmp_path / "own", POINTS[:3]), kept_in(share, theirs)
    said = str(brought(own, share))
    assert f"holds a checkpoint {len(theirs)} that is not the one here" in said
    assert there.all() == theirs


def test_one_written_there_by_another_meanwhile_is_said(tmp_path: Path, share: Path) -> None:
    own = kept_in(tmp_path / "own", POINTS[:1])
    copied = CopiedCheckpoints(own, share)
    copied.bring()
    FolderCheckpoints(share).keep(POINTS[1])
    own.keep(sealed_in(a_trail(41), 4)[1])
    copied.bring()
    assert "holds a checkpoint 2 that is not the one here" in str(copied.fault)


def test_a_file_there_that_is_no_checkpoint_is_named(tmp_path: Path, share: Path) -> None:
    own = kept_in(tmp_path / "own", POINTS)
    (share / "00000004.json").write_text("{}")
    assert f"{share}/00000004.json" in str(brought(own, share))


def test_copies_show_an_end_that_was_cut_off_with_the_homes_own_checkpoints(
    tmp_path: Path, share: Path
) -> None:
    assert brought(kept_in(tmp_path / "own", POINTS), share) == ""
    cut = WHOLE[: POINTS[2].last]
    assert verify(cut, POINTS[:3], SIGNER.public).found == ()
    [found] = verify(cut, FolderCheckpoints(share).all(), SIGNER.public).found
    assert (found.number, found.fault) == (POINTS[3].first, Fault.END_MISSING)
