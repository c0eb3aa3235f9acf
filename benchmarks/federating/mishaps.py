"""What goes wrong within a node's process: its clock, and what happens to messages on their way."""

import asyncio
import random
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg

from morina.exchange import Party
from morina.exchange.adapters.https_client import HttpsTransport
from morina.exchange.sealing import sealed_to
from morina.exchange.transport import RefusedAtDoorError

_SECOND = """
SELECT signed FROM exchange_message
WHERE partner = %s AND is_ours AND done_at IS NULL ORDER BY seq OFFSET 1 LIMIT 1"""


class Clock:
    """How far this process's clock is off; every module of the product reads it."""

    off = timedelta(0)


class _Kind(type):
    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, datetime)


class WrongTime(datetime, metaclass=_Kind):
    """``datetime`` whose now is off by ``Clock.off``; what it gives are plain ones."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # plain ones
        """The time this node believes it is."""
        return datetime.now(tz) + Clock.off

    @classmethod
    def fromisoformat(cls, text: str) -> datetime:  # type: ignore[override]  # plain ones
        """A plain one."""
        return datetime.fromisoformat(text)


def set_wrong_clock() -> None:
    """Let every module of the product that reads a clock read this one."""
    for name, module in list(sys.modules.items()):
        if name.startswith("morina.") and getattr(module, "datetime", None) is datetime:
            module.datetime = WrongTime  # type: ignore[attr-defined]  # it has one


@dataclass
class Faults:
    """Chances of what befalls a message at its sender, and counts of what did."""

    chance: float = 0.0
    seed: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    dice: random.Random = field(default_factory=random.Random)

    def befalls(self) -> str:
        """What happens to the next message, empty for nothing."""
        if self.dice.random() >= self.chance:
            return ""
        return self.dice.choice(("lost", "unanswered", "twice", "delayed", "late", "swapped"))


FAULTS = Faults()


class Disturbed(HttpsTransport):
    """The real transport with mishaps: messages lost, their answer lost, delivered twice, held
    back, delivered again long after, or the last or the next before the first."""

    dsn = ""

    async def deliver(self, party: Party, sealed: Sequence[bytes]) -> Sequence[bytes]:
        """See Transport."""
        what = FAULTS.befalls()
        if what:
            FAULTS.counts[what] = FAULTS.counts.get(what, 0) + 1
        if what == "lost":
            raise ConnectionError("lost on its way")
        if what == "delayed":
            await asyncio.sleep(FAULTS.dice.uniform(0.05, 0.6))
        if what == "swapped":
            await self._overtaken(party, sealed)
        receipts = await super().deliver(party, sealed)
        if what == "unanswered":
            raise ConnectionError("the answer was lost on its way")
        if what == "twice":
            receipts = await super().deliver(party, sealed)
        if what == "late":
            _LATER.append(asyncio.create_task(self._again(party, sealed)))
        return receipts

    async def _overtaken(self, party: Party, sealed: Sequence[bytes]) -> None:
        """The last of them gets there first, or the next where there is one only."""
        if len(sealed) > 1:
            await self._quietly(party, sealed[-1:])
            return
        async with await psycopg.AsyncConnection.connect(self.dsn) as connection:
            row = await (await connection.execute(_SECOND, (party.node_id,))).fetchone()
        if row is not None:
            await self._quietly(party, [sealed_to(bytes(row[0]), party)])

    async def _again(self, party: Party, sealed: Sequence[bytes]) -> None:
        await asyncio.sleep(FAULTS.dice.uniform(0.5, 5))
        await self._quietly(party, sealed)

    async def _quietly(self, party: Party, sealed: Sequence[bytes]) -> None:
        try:
            await super().deliver(party, sealed)
        except (RefusedAtDoorError, ConnectionError):
            FAULTS.counts["refused"] = FAULTS.counts.get("refused", 0) + 1


_LATER: deque["asyncio.Task[None]"] = deque(maxlen=500)
