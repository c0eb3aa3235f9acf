"""An operation of two authorities over the real delivery: sealed, sent, taken in, taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from exchanging import ExchangeNode, exchanging, until
from morina.accountability import PurposeCode
from morina.exchange import Category
from morina.exchange.adapters.operations_taking import KINDS, TakesOperations
from morina.exchange.adapters.operations_telling import Ways
from morina.exchange.adapters.postgres_operations import PostgresOperations
from morina.exchange.operations import (
    OPERATION_FIELDS,
    Actor,
    Attached,
    ItemKind,
    TaskStep,
    Writing,
)
from morina.records.adapters.obstore import ObstoreImages

NOW = datetime.now(UTC)
ANA = Actor("ana", NOW)


class WithPostgres(Protocol):
    """The session's engines, as the top conftest gives them."""

    postgres: str


def ways_of(node: ExchangeNode) -> Ways:
    ground = node.on.ground
    return Ways(
        node_id=node.name, secret=ground.secret, outbox=ground.outbox,
        agreements=ground.agreements, trail=ground.trail,
        files=ObstoreImages.at("", node.folder / "attachments"),
    )  # fmt: skip


async def joint(node: ExchangeNode) -> PostgresOperations:
    """Start the node again with operations taken in; what its people work with."""
    ways = ways_of(node)
    await node.stop()
    node.took.kinds = tuple(kind for kind in node.took.kinds if kind not in KINDS)
    node.takes = (TakesOperations(ways),)
    await node.start()
    made = ways_of(node)
    node.takes[0]._ways = made  # type: ignore[attr-defined]
    node.takes[0]._telling = replace(node.takes[0]._telling, ways=made)  # type: ignore[attr-defined]
    return PostgresOperations(node.on.ground.pool, made)


async def test_a_task_and_a_file_pass_and_are_taken_back(
    engines: WithPostgres, tmp_path: Path
) -> None:
    async with exchanging(engines.postgres, tmp_path, "AL", "GB") as nodes:
        fields = frozenset(OPERATION_FIELDS)
        for giver, receiver in (("AL", "GB"), ("GB", "AL")):
            nodes.agree(giver, receiver, Category.OPERATION, fields=fields,
                        purposes=frozenset({PurposeCode.SERIOUS_CRIME}))  # fmt: skip
        al, gb = await joint(nodes["AL"]), await joint(nodes["GB"])
        said = {
            "name": "Two crossings", "purpose": "stolen cars", "purpose_code": "serious_crime",
            "case_number": "C-7", "legal_basis": "Memorandum", "authorities": ["GB"],
            "begins_at": NOW.isoformat(), "ends_at": (NOW + timedelta(days=1)).isoformat(),
        }  # fmt: skip
        to = frozenset({"GB"})
        case = await al.begin(Writing(ItemKind.CASE, said, to), ANA)
        task = await al.add(case.key, Writing(ItemKind.TASK, {"title": "Watch"}, to), ANA)
        content = b"plain words " * 50_000
        file = await al.attach(case.key, Attached("a.txt", content, to), ANA)

        async def arrived() -> bool:
            there = await gb.operations(ANA)
            return bool(there) and len((await gb.operation(case.key, ANA)).items) == 2

        await until(arrived)
        assert (await gb.content(file.key, ANA))[1] == content
        await gb.step(task.key, TaskStep.TAKE, ANA)

        async def known() -> bool:
            items = (await gb.operation(case.key, ANA)).of(ItemKind.TASK)
            return items[0].text("taken_by") == "GB"

        await until(known)
        await al.withdraw(file.key, ANA)

        async def gone() -> bool:
            return not (await gb.operation(case.key, ANA)).of(ItemKind.ATTACHMENT)

        await until(gone)
        digests = "SELECT what ->> 'digest' FROM trail WHERE what ->> 'kind' = 'messages'"
        sent = {row[0] for row in await nodes["AL"].rows(f"{digests} AND with_whom = 'GB'")}
        had = {row[0] for row in await nodes["GB"].rows(f"{digests} AND with_whom = 'AL'")}
        assert sent & had
