"""Copies of checkpoints outside the home hold up nothing, whatever becomes of their folder."""

import asyncio
import threading
from pathlib import Path

import pytest

from morina.accountability.adapters.folder_checkpoints import FolderCheckpoints
from morina.engines import EngineError
from morina.settings import Oversight, Settings
from morina.wiring.trail import checkpoints_of
from morina.wiring.trail_copies import TrailCopies, trail_copies
from trails import a_trail, sealed_in

POINTS = sealed_in(a_trail(20), 2)


def settings(folder: Path | None) -> Settings:
    return Settings(oversight=Oversight(checkpoints_to=folder))


async def said(copies: TrailCopies) -> str:
    while (words := copies.said()) is None:
        await asyncio.sleep(0.01)
    return words


async def test_without_a_folder_nothing_is_said(tmp_path: Path) -> None:
    async with trail_copies(settings(None), tmp_path) as copies:
        await copies.bring(0)
        assert copies.said() is None


@pytest.mark.parametrize("within", [".", "trail/checkpoints", "x/../y"])
async def test_a_folder_of_the_home_is_refused(tmp_path: Path, within: str) -> None:
    with pytest.raises(EngineError, match=r"oversight\.checkpoints_to .* lies within the home"):
        async with trail_copies(settings(tmp_path / within), tmp_path):
            pass


async def test_what_is_sealed_last_is_brought_at_the_end(tmp_path: Path) -> None:
    home, share = tmp_path / "home", tmp_path / "share"
    share.mkdir()
    async with trail_copies(settings(share), home) as copies:
        assert await said(copies) == "up"
        for one in POINTS:
            checkpoints_of(home).keep(one)
    assert FolderCheckpoints(share).all() == POINTS


async def test_a_share_that_hangs_is_said_and_tried_once_until_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, share, answers = tmp_path / "home", tmp_path / "share", threading.Event()
    share.mkdir()
    checkpoints_of(home).keep(POINTS[0])
    keep, tried = FolderCheckpoints.keep, []

    def hangs(self: FolderCheckpoints, one: object) -> bool:
        tried.append(one)
        answers.wait()
        return keep(self, one)  # type: ignore[arg-type]  # a checkpoint

    monkeypatch.setattr(FolderCheckpoints, "keep", hangs)
    async with trail_copies(settings(share), home) as copies:
        while not tried:
            await asyncio.sleep(0.01)
        for _ in range(2):
            await copies.bring(0.1)
            assert "does not answer" in await said(copies)
        assert tried == [POINTS[0]]
        answers.set()
        await copies.bring(60)
        assert copies.said() == "up"
    assert FolderCheckpoints(share).all() == POINTS[:1]
