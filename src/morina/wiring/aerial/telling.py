"""Telemetry that comes in is read first in a process of its own: bounded in memory and time.

Run as a module. On stdin: JSON with ``file``, ``name``, ``order``, ``view``, ``stated``, ``filmed``
and ``memory_bytes``.
On stdout: JSON of what it tells, or of its fault.
"""

import asyncio
import json
import os
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from morina.sense.aerial.sources.as_stated import as_stated
from morina.sense.aerial.sources.told import Handed, Told, told_of
from morina.sense.aerial.stated import Stated
from morina.sense.aerial.telemetry import TelemetryError
from morina.settings import Settings
from morina.wiring.aerial.flights import asked_of

WITHIN_S = 900.0
ANY_SHAPE = (4, 3)
"""Of a video that is here, whatever its shape: nothing is plotted yet."""

_AGAIN = "send it as the aircraft wrote it, or in parts"


@dataclass(frozen=True, slots=True)
class Telling:
    """The role ReadTelemetry."""

    settings: Settings

    async def __call__(self, file: Path, handed: Handed) -> Told:
        """See ReadTelemetry."""
        name = handed.name
        order, view = asked_of(self.settings, handed)
        asked = {
            "file": str(file.resolve()), "name": name, "order": order, "view": view,
            "stated": handed.stated.said(), "filmed": handed.filmed,
            "memory_bytes": self.settings.reading.memory_bytes,
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        try:
            async with asyncio.timeout(WITHIN_S):
                answer, _ = await process.communicate(json.dumps(asked).encode())
        except TimeoutError:
            raise TelemetryError(name, "takes too long to be read", _AGAIN) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode or not answer:
            raise TelemetryError(name, "cannot be read within the memory allowed", _AGAIN)
        return _told(json.loads(answer))


def _told(said: dict[str, Any]) -> Told:
    if "fault" in said:
        raise TelemetryError(said["place"], said["fault"], said["mend"])
    began = said["began_at"]
    return Told(
        source=said["source"], seconds=said["seconds"], lacks=tuple(said["lacks"]),
        notes=tuple(said["notes"]),
        began_at=datetime.fromisoformat(began) if began else None,
    )  # fmt: skip


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    from morina.wiring.aerial.flights import flight_in  # after the memory is bounded

    view = asked["view"] and (asked["view"][0], asked["view"][1])
    try:
        flight = flight_in(Path(asked["file"]), asked["name"], asked["order"], view)
        shape = ANY_SHAPE if asked["filmed"] else None
        told = told_of(as_stated(flight, Stated.of(asked["stated"]), shape))
    except TelemetryError as error:
        return {"place": error.place, "fault": error.fault, "mend": error.mend}
    began = told.began_at.isoformat() if told.began_at else None
    return {
        "source": told.source, "seconds": told.seconds, "lacks": told.lacks,
        "notes": told.notes, "began_at": began,
    }  # fmt: skip


def main() -> None:
    """Answer one question."""
    asked = json.loads(sys.stdin.buffer.read())
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if most := asked["memory_bytes"]:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    sys.stdout.write(json.dumps(_answer(asked)))


if __name__ == "__main__":
    main()
