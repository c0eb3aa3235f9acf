"""How a command's work is run: what a person can mend is said in words."""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn

import typer

from morina.settings import Settings, SettingsError, load_settings


def settings_of(file: Path, home: Path | None) -> Settings:
    """The settings of a file, with ``home`` before that of the file."""
    try:
        return load_settings(file, home)
    except SettingsError as error:
        fail(error)


def do(work: Callable[[], None]) -> None:
    """A short piece of work, run like any other."""

    async def done() -> None:
        work()

    run_work(done())


def run_work(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; what a person can mend is said in words, with exit code 1."""
    from morina.engines import EngineError
    from morina.engines.logs import log_safely
    from morina.wiring.refused import RefusedError

    log_safely()
    for library in ("clickhouse_connect", "urllib3"):  # what they warn of is raised as well
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        asyncio.run(work)
    except (EngineError, RefusedError, SettingsError) as error:
        fail(error)
    except KeyboardInterrupt:
        return


def told(work: Callable[[], bytes]) -> bytes:
    """What a short piece of work gives, run like any other."""
    from morina.wiring.refused import RefusedError

    try:
        return work()
    except RefusedError as error:
        fail(error)


def fail(error: Exception) -> NoReturn:
    """Say it and end with exit code 1."""
    print(f"morina: {error}", file=sys.stderr)
    raise typer.Exit(1)
