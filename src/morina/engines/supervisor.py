"""Starts engine processes, restarts one that dies, stops them in reverse order.

A child is told to end when the node's process dies (``setpriv --pdeathsig``, util-linux), so that
a killed node leaves nothing running.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from morina.engines.home import EngineError

log = logging.getLogger(__name__)

START_WITHIN_S = 60.0
STOP_WITHIN_S = 20.0
LONGEST_PAUSE_S = 5.0


async def _at_once() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One supervised process.

    ``prepare`` runs before each start, ``ready`` answers whether it serves; ``user`` is the system
    user it runs as (None: the node's own).
    """

    name: str
    command: Sequence[str]
    log_file: Path
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = lambda: None
    ready: Callable[[], Awaitable[bool]] = _at_once


def worker(
    name: str, arguments: Sequence[str], log_file: Path, environment: Mapping[str, str]
) -> Engine:
    """A process of this same program with other arguments."""
    return Engine(
        name=name,
        command=[sys.executable, "-m", "morina.cli", *arguments],
        log_file=log_file,
        environment=environment,
    )


class Supervisor:
    """Keeps engines running until stopped. Use from one event loop, in the main thread."""

    def __init__(self) -> None:
        self._watches: list[tuple[Engine, asyncio.Task[None]]] = []
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = False

    async def start(self, engine: Engine) -> None:
        """Start an engine and keep it running; EngineError when it does not come up."""
        process = await self._launch(engine)
        await self._until_ready(engine, process)
        task = asyncio.create_task(self._watch(engine), name=f"watch {engine.name}")
        self._watches.append((engine, task))

    async def end(self, name: str) -> None:
        """Stop one engine for good; nothing happens when none has that name."""
        for watch in [watch for watch in self._watches if watch[0].name == name]:
            self._watches.remove(watch)
            await self._stopped(*watch)

    def states(self) -> dict[str, str]:
        """Each engine's name and ``"up"`` or what is wrong."""
        return {
            engine.name: "up" if self._alive(engine) else "down, being restarted"
            for engine, _ in self._watches
        }

    def process_id(self, name: str) -> int | None:
        """The process of an engine while it runs."""
        process = self._processes.get(name)
        return process.pid if process and process.returncode is None else None

    async def stop(self) -> None:
        """Stop all engines, the last started first."""
        self._stopping = True
        for engine, task in reversed(self._watches):
            await self._stopped(engine, task)
        self._watches.clear()

    async def _stopped(self, engine: Engine, task: asyncio.Task[None]) -> None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await self._end(engine)

    def _alive(self, engine: Engine) -> bool:
        return self.process_id(engine.name) is not None

    async def _launch(self, engine: Engine) -> asyncio.subprocess.Process:
        await asyncio.to_thread(engine.prepare)
        with engine.log_file.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *_with_parent(engine),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **engine.environment},
                start_new_session=True,
            )
        self._processes[engine.name] = process
        return process

    async def _until_ready(self, engine: Engine, process: asyncio.subprocess.Process) -> None:
        try:
            async with asyncio.timeout(START_WITHIN_S):
                while not await engine.ready():
                    if process.returncode is not None:
                        raise EngineError(f"{engine.name} ended at once: {_last_words(engine)}")
                    await asyncio.sleep(0.05)
        except TimeoutError:
            await self._end(engine)
            raise EngineError(
                f"{engine.name} did not answer in {START_WITHIN_S:.0f} s; see {engine.log_file}"
            ) from None

    async def _watch(self, engine: Engine) -> None:
        pause = 0.1
        while True:
            code = await self._processes[engine.name].wait()
            log.error("%s ended with code %s; starting it again", engine.name, code)
            await asyncio.sleep(pause)
            try:
                await self._until_ready(engine, await self._launch(engine))
                pause = 0.1
            except (EngineError, OSError) as error:
                log.error("%s", error)
                pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _end(self, engine: Engine) -> None:
        process = self._processes[engine.name]
        if process.returncode is not None:
            return
        process.send_signal(engine.stop_signal)
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await process.wait()
        except TimeoutError:
            log.warning("%s did not stop in %.0f s; killed", engine.name, STOP_WITHIN_S)
            process.kill()
            await process.wait()


def _with_parent(engine: Engine) -> list[str]:
    """The command, made to die with this process and to run as the engine's user."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if engine.user:
            raise EngineError("setpriv is missing; install util-linux, or do not run as root")
        return list(engine.command)
    user = [f"--reuid={engine.user}", f"--regid={engine.user}", "--init-groups"]
    dying = f"--pdeathsig={engine.stop_signal.name.removeprefix('SIG')}"
    return [setpriv, dying, *(user if engine.user else []), "--", *engine.command]


def _last_words(engine: Engine) -> str:
    text = engine.log_file.read_text(errors="replace").strip().splitlines()
    return f"{text[-1] if text else 'it said nothing'} (see {engine.log_file})"
