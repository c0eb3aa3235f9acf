"""One node's process: the real exchange of a running node, and a socket to be told what to do.

python -m federating.node FOLDER

FOLDER holds ``node.json`` (name, host, port, dsn; ``heedless`` where it is to act on whatever
comes, so that the oracle has something to find) and the node's home.
"""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from federating import mishaps
from federating.acting import ACTS
from federating.staging import Heedless, Stage
from morina.accountability import Role, User
from morina.engines import Home
from morina.exchange.adapters.https_client import HttpsTransport
from morina.exchange.adapters.postgres_agreements import PostgresAgreements
from morina.settings import Settings
from morina.wiring.database import Database
from morina.wiring.ending import ended
from morina.wiring.exchange import assembly
from morina.wiring.exchange.assembly import running
from morina.wiring.exchange.conversations import ALL, Scene
from morina.wiring.exchange.ground import PSEUDONYMS_SECRET, Ground, directory_of, keys_of
from morina.wiring.guarding import guard_of
from morina.wiring.repeating import every

PEOPLE = {"ian": Role.INVESTIGATOR, "ana": Role.INVESTIGATOR, "sup": Role.SUPERVISOR}


@dataclass(frozen=True)
class _People:
    """Accounts of this node."""

    async def user(self, name: str) -> User | None:
        """One of three."""
        roles = frozenset({PEOPLE[name]}) if name in PEOPLE else frozenset()
        return User(name=name, full_name=name, roles=roles) if roles else None


def settings_of(folder: Path, told: dict[str, Any]) -> Settings:
    """Those of a node as anybody would write them, but for short pauses."""
    exchange = {
        "node_id": told["name"], "host": told["host"], "port": told["port"],
        "certificate": folder / "exchange.pem", "key": folder / "exchange.key",
        "directory": folder / "root.json", "retry_max_s": 2, "sample_every": 20,
    }  # fmt: skip
    return Settings(home=folder, exchange=exchange)


@asynccontextmanager
async def begun(folder: Path, told: dict[str, Any]) -> AsyncIterator[Stage]:
    """Everything of the exchange that ``morina up`` starts, on this folder's home."""
    settings, home = settings_of(folder, told), Home(folder)
    async with AsyncExitStack() as stack:
        looks = Database(told["dsn"], open=False, min_size=1, max_size=4)
        own = Database(told["dsn"], open=False, min_size=1, max_size=12)
        await stack.enter_async_context(looks)
        await stack.enter_async_context(own)
        directory = directory_of(settings, looks)
        ground = Ground(
            settings=settings, dsn=told["dsn"], pool=own, keys=keys_of(settings, home),
            partners=directory, agreements=PostgresAgreements(looks, directory),
            secret=home.secret(PSEUDONYMS_SECRET), troubles=directory.troubles,
        )  # fmt: skip
        guard = guard_of(settings, home, own, _People())  # type: ignore[arg-type]  # only asked for users
        scene = Scene(ground=ground, directory=directory, home=home, guard=guard)
        each = [begin(scene) for begin in ALL]
        takes = [one for conversation in each for one in conversation.takes]
        started = await stack.enter_async_context(running(ground, takes))
        if told.get("heedless"):
            judge = Heedless(ground.agreements)
            object.__setattr__(started.delivery.handling, "judge", judge)
        clocked = [
            asyncio.create_task(every(one.every_s, one.what, one.called))
            for conversation in each
            for one in conversation.clocked
        ]
        stack.push_async_callback(ended, clocked)
        shown: dict[str, Any] = {}
        for conversation in each:
            shown |= conversation.shown
        yield Stage(scene=scene, shown=shown, started=started)


async def serve(folder: Path) -> None:
    """Until the process ends: one line of JSON in, one out."""
    told = json.loads((folder / "node.json").read_text())
    mishaps.Disturbed.dsn = told["dsn"]
    setattr(assembly, HttpsTransport.__name__, mishaps.Disturbed)
    async with begun(folder, told) as stage:
        mishaps.set_wrong_clock()
        place = folder / "node.sock"
        place.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(
            lambda reader, writer: _listen(stage, reader, writer), place, limit=2**22
        )
        async with server:
            await server.serve_forever()


async def _listen(stage: Stage, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    tasks = set()
    while line := await reader.readline():
        task = asyncio.create_task(_do(stage, json.loads(line), writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _do(stage: Stage, wanted: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    number, act = wanted.pop("number"), wanted.pop("act")
    try:
        answer = await ACTS[act](stage, **wanted)
    except Exception as error:  # noqa: BLE001 - told to the driver, which judges it
        code = getattr(getattr(error, "denial", None), "because", "")
        answer = {"error": type(error).__name__, "code": str(code), "said": str(error)[:300]}
    writer.write(json.dumps({"number": number, **answer}).encode() + b"\n")
    await writer.drain()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    asyncio.run(serve(Path(sys.argv[1])))
