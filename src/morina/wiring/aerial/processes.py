"""The processes of drone flights: one that works sorties through, while there are any, and one for
each place live video comes in at."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.engines import EngineError, Supervisor, worker
from morina.sense.aerial.adapters.postgres_sorties_work import PostgresSortieWork
from morina.settings import Aerial, Settings
from morina.wiring.aerial.store import folder_of
from morina.wiring.cameras import DATABASE_OUTAGES

log = logging.getLogger(__name__)

LOOK_FOR_SORTIES_EVERY_S = 1.0
IDLE_ENDS_AFTER_S = 60.0
WORKER = "sorties"


@dataclass(slots=True)
class SortieProcesses:
    """A worker holds a network and a video in memory, so it is there only while sorties wait."""

    supervisor: Supervisor
    work: PostgresSortieWork
    aerial: Aerial
    logs: Path
    environment: Mapping[str, str]
    _idle_s: float = 0.0
    _runs: bool = False

    @classmethod
    def of(
        cls, settings: Settings, supervisor: Supervisor, pool: AsyncConnectionPool,
        environment: Mapping[str, str],
    ) -> Self:  # fmt: skip
        """Of a node, whose ``environment`` names its engines."""
        logs = settings.home / "logs"
        logs.mkdir(exist_ok=True)
        work = PostgresSortieWork(pool, PostgresTrail(), folder_of(settings))
        return cls(supervisor, work, settings.aerial, logs, environment)

    async def keep_up(self) -> None:
        """For ever."""
        for number, source in enumerate(self.aerial.live):
            arguments = ["worker", "live", "--group", str(number)]
            await self._start(f"live {source.name}", arguments)
        while True:
            with suppress(*DATABASE_OUTAGES):
                await self._change(await self.work.waiting())
            await asyncio.sleep(LOOK_FOR_SORTIES_EVERY_S)

    async def _change(self, waiting: int) -> None:
        self._idle_s = 0.0 if waiting else self._idle_s + LOOK_FOR_SORTIES_EVERY_S
        if waiting and not self._runs and self.aerial.workers:
            self._runs = await self._start(WORKER, ["worker", "sorties"])
        elif self._runs and self._idle_s >= IDLE_ENDS_AFTER_S:
            self._runs = False
            await self.supervisor.end(WORKER)

    async def _start(self, name: str, arguments: list[str]) -> bool:
        log_file = self.logs / f"{name.replace(' ', '-').replace('/', '-')}.log"
        try:
            await self.supervisor.start(worker(name, arguments, log_file, self.environment))
        except EngineError as error:
            log.error("%s", error)
            return False
        return True
