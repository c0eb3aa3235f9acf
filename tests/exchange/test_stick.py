"""Messages carried on a stick: in any order, as often as one likes, receipts carried back."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from exchanging import ExchangeNode, ExchangeNodes, exchanging, until
from morina.exchange import Category, Kind, UnknownNodeError
from morina.exchange.delivering import SoughtMessages, State
from morina.wiring.exchange.stick import Stick


@pytest.fixture
async def nodes(engines: Any, tmp_path: Path) -> AsyncIterator[ExchangeNodes]:
    """AL and XK, no network between them: no inbox listens."""
    async with exchanging(engines.postgres, tmp_path, "AL", "XK", port=0) as started:
        yield started


def _stick(node: ExchangeNode, folder: Path) -> Stick:
    return Stick(folder, node.on.ground, node.on.delivery)


async def _posted(nodes: ExchangeNodes, count: int) -> None:
    agreement = nodes.agree("AL", "XK", Category.SIGHTING)
    for _ in range(count):
        await nodes["AL"].post("XK", Kind.SIGHTING, agreement)


async def test_there_and_back(nodes: ExchangeNodes, tmp_path: Path) -> None:
    al, xk, folder = nodes["AL"], nodes["XK"], tmp_path / "stick"
    await _posted(nodes, 3)
    assert await _stick(al, folder).write("XK") == 3
    assert not any(b"AA123BB" in file.read_bytes() for file in folder.rglob("*.jwe"))
    found = await _stick(xk, folder).read()
    assert (found.taken, found.waiting, found.refused) == (3, 0, [])
    await until(lambda: xk.has_kept(3))
    back = await _stick(al, folder).read()
    assert (back.receipts, back.refused) == (3, [])
    received = await al.on.delivery.deliveries.messages(SoughtMessages(state=State.RECEIVED))
    assert len(received) == 3
    assert await _stick(al, folder).write("XK") == 0


async def test_reading_again_changes_nothing(nodes: ExchangeNodes, tmp_path: Path) -> None:
    xk, folder = nodes["XK"], tmp_path / "stick"
    await _posted(nodes, 2)
    await _stick(nodes["AL"], folder).write("XK")
    for _ in range(2):
        found = await _stick(xk, folder).read()
        assert found.refused == []
    assert await xk.rows("SELECT count(*) FROM exchange_message WHERE NOT is_ours") == [(2,)]


async def test_sticks_in_the_wrong_order_wait_for_one_another(
    nodes: ExchangeNodes, tmp_path: Path
) -> None:
    xk, folder = nodes["XK"], tmp_path / "stick"
    await _posted(nodes, 4)
    await _stick(nodes["AL"], folder).write("XK")
    names = sorted(file.name for file in (folder / "messages").iterdir())
    late, early = tmp_path / "late", tmp_path / "early"
    for part, wanted in ((late, names[2:]), (early, names[:2])):
        (part / "messages").mkdir(parents=True)
        for name in wanted:
            shutil.copy(folder / "messages" / name, part / "messages" / name)
    found = await _stick(xk, late).read()
    assert (found.taken, found.waiting) == (0, 2)
    await _stick(xk, early).read()
    await until(lambda: xk.has_kept(4))
    assert [one.seq for one in xk.took.messages] == [1, 2, 3, 4]
    assert await xk.rows("SELECT seq FROM exchange_early") == []


async def test_what_is_changed_or_for_others_is_not_taken(
    nodes: ExchangeNodes, tmp_path: Path
) -> None:
    al, xk, folder = nodes["AL"], nodes["XK"], tmp_path / "stick"
    await _posted(nodes, 1)
    await _stick(al, folder).write("XK")
    (file,) = (folder / "messages").iterdir()
    content = file.read_bytes()
    file.write_bytes(content[:-4] + b"AAAA")
    (folder / "messages" / "notes.txt").write_text("not ours")
    found = await _stick(xk, folder).read()
    assert (found.taken, len(found.refused)) == (0, 1)
    (recorded,) = await xk.on.delivery.deliveries.attacks()
    assert recorded.code == "broken_seal"
    file.write_bytes(content)
    assert (await _stick(al, folder).read()).taken == 0
    assert (await _stick(xk, folder).read()).taken == 1


async def test_a_forged_receipt_is_refused(nodes: ExchangeNodes, tmp_path: Path) -> None:
    al, xk, folder = nodes["AL"], nodes["XK"], tmp_path / "stick"
    await _posted(nodes, 1)
    await _stick(al, folder).write("XK")
    await _stick(xk, folder).read()
    (file,) = (folder / "receipts").iterdir()
    file.write_bytes(file.read_bytes().replace(b'"seq":1', b'"seq":2'))
    back = await _stick(al, folder).read()
    assert (back.receipts, len(back.refused)) == (0, 1)


async def test_a_stick_is_written_only_to_who_is_known(
    nodes: ExchangeNodes, tmp_path: Path
) -> None:
    with pytest.raises(UnknownNodeError):
        await _stick(nodes["AL"], tmp_path / "stick").write("DE")
