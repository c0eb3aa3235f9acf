"""Where ``morina backup`` asks the running node: a socket in its home that only its owner can use.

One line of JSON each way: ``{"folder": ...}``, then ``{"done": ...}`` or ``{"refused": ...}``.
"""

import asyncio
import json
import logging
import os
import pwd
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path

from morina.backup import BackupError
from morina.wiring.ending import ended
from morina.wiring.refused import RefusedError

log = logging.getLogger(__name__)

NAME = "backup.sock"
LINE = 64 * 1024

Take = Callable[[Path, str], Awaitable[str]]
"""Takes a backup into a folder for whoever asks; what is to be said of it. BackupError."""


@asynccontextmanager
async def backup_door(home: Path, take: Take) -> AsyncIterator[None]:
    """Answer while the context lasts."""

    answering: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            answering.add(task)
            task.add_done_callback(answering.discard)
        with closing(writer), suppress(ConnectionError):
            writer.write(json.dumps(await _answer(reader, writer, take)).encode() + b"\n")
            await writer.drain()

    with _address(home) as address:
        Path(address).unlink(missing_ok=True)
        old = os.umask(0o177)
        try:
            server = await asyncio.start_unix_server(answer, address, limit=LINE)
        finally:
            os.umask(old)
        try:
            yield
        finally:
            server.close()
            await ended(answering)
        Path(address).unlink(missing_ok=True)


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Take
) -> dict[str, str]:
    try:
        return {"done": await take(await _asked(reader), _who(writer))}
    except BackupError as error:
        return {"refused": str(error)}
    except Exception as error:
        # Broad on purpose: whoever asks is told, and the node goes on.
        log.exception("no backup was taken")
        return {"refused": f"no backup was taken ({type(error).__name__}); look at the log"}


async def _asked(reader: asyncio.StreamReader) -> Path:
    try:
        return Path(json.loads(await reader.readline())["folder"])
    except (ValueError, KeyError, TypeError):
        raise BackupError("this is no request for a backup; use morina backup") from None


async def ask_for_backup(home: Path, folder: Path) -> str:
    """Have the node of ``home`` take a backup; what it says of it. RefusedError."""
    with _address(home) as address:
        try:
            reader, writer = await asyncio.open_unix_connection(address, limit=LINE)
        except (FileNotFoundError, ConnectionRefusedError):
            raise RefusedError(
                f"no node runs on {home}; start it with: morina up, or name its folder with --home"
            ) from None
        except PermissionError:
            raise RefusedError(f"the node on {home} is another user's; ask as that user") from None
    writer.write(json.dumps({"folder": str(folder.resolve())}).encode() + b"\n")
    line = await reader.readline()
    writer.close()
    if not line:
        raise RefusedError("the node ended before the backup was made; look at its log")
    said: dict[str, str] = json.loads(line)
    if "refused" in said:
        raise RefusedError(said["refused"])
    return said["done"]


@contextmanager
def _address(home: Path) -> Iterator[str]:
    """The socket's path, short however long the home's is: a socket's may have 107 characters."""
    try:
        opened = os.open(home / "run", os.O_PATH | os.O_DIRECTORY)
    except FileNotFoundError:
        raise RefusedError(f"no node has run on {home}; name its folder with --home") from None
    try:
        yield f"/proc/self/fd/{opened}/{NAME}"
    finally:
        os.close(opened)


def _who(writer: asyncio.StreamWriter) -> str:
    """Who asks, as the kernel knows."""
    peer: socket.socket = writer.get_extra_info("socket")
    said = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    user = struct.unpack("3i", said)[1]
    try:
        return f"console:{pwd.getpwuid(user).pw_name}"
    except KeyError:
        return f"console:{user}"
