"""A process for each group of cameras that film."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from psycopg_pool import PoolTimeout

from morina.engines import EngineError, Supervisor, worker
from morina.sense.cameras.groups import CameraGroups

log = logging.getLogger(__name__)

DATABASE_OUTAGES = (ConnectionError, PoolTimeout)
LOOK_FOR_CAMERAS_EVERY_S = 2.0


@dataclass(slots=True)
class CameraProcesses:
    """A process for each group of cameras; one that dies is started again, alone."""

    supervisor: Supervisor
    groups: CameraGroups
    size: int
    logs: Path
    environment: Mapping[str, str]
    _running: set[int] = field(default_factory=set)

    async def keep_up(self) -> None:
        """For ever: start a process for a group that appears, end one whose cameras went."""
        while True:
            with suppress(*DATABASE_OUTAGES):
                await self._change(await self.groups.share_out(self.size))
            await asyncio.sleep(LOOK_FOR_CAMERAS_EVERY_S)

    async def _change(self, wanted: set[int]) -> None:
        for gone in sorted(self._running - wanted):
            self._running.discard(gone)
            await self.supervisor.end(f"cameras {gone}")
        for number in sorted(wanted - self._running):
            arguments = ["worker", "cameras", "--group", str(number)]
            log_file = self.logs / f"cameras-{number}.log"
            try:
                await self.supervisor.start(
                    worker(f"cameras {number}", arguments, log_file, self.environment)
                )
                self._running.add(number)
            except EngineError as error:
                log.error("%s", error)
