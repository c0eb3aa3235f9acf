"""What acts of a node are done with."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from federating import mishaps
from morina.accountability import Purpose, PurposeCode
from morina.accountability.approvals import Verdict
from morina.exchange import Agreement, Message, Why
from morina.exchange.adapters.postgres_judge import Judge
from morina.wiring.exchange.assembly import Running
from morina.wiring.exchange.conversations import Scene

JUSTIFICATION = "a grey van left the ferry on Monday without papers, driver unknown to anybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What acts are done with."""

    scene: Scene
    shown: Mapping[str, Any]
    started: Running

    @property
    def pool(self) -> AsyncConnectionPool:
        """The node's own connections."""
        return self.scene.ground.pool


class Heedless(Judge):
    """Of a node that asks no agreement before it sends: its partners must refuse."""

    async def agreement(
        self, sender: str, to: str, why: Why | None, at: datetime
    ) -> Agreement | None:
        """Any version that is known here."""
        found = await super().agreement(sender, to, why, at)
        if found is None and why is not None:
            found = (await self.agreements.versions(why.agreement_id))[0].agreement
        return found

    async def refuse(
        self, connection: Any, message: Message, agreement: Agreement | None, at: datetime
    ) -> None:
        """Never."""


def now() -> datetime:
    return mishaps.WrongTime.now(UTC)


async def approved(stage: Stage, approval_id: UUID | None) -> None:
    if approval_id is None:
        return
    approvals = stage.scene.guard.four_eyes.approvals
    with suppress(ValueError):
        verdict = Verdict("sup", True, "it is needed for the case")
        await approvals.decide(approval_id, verdict, now())


def purpose_for(code: str, officer: str) -> Purpose:
    return Purpose(
        officer=officer, code=PurposeCode(code), case_number="C-1", legal_basis="Treaty",
        justification=JUSTIFICATION,
    )  # fmt: skip
