"""Streams of NATS, copied out and put back as ``nats stream backup`` and ``restore`` do.

The messages of the JetStream API that do it are those of NATS's own command line (types
``io.nats.jetstream.api.v1.stream_snapshot_request`` and ``stream_restore_request``).
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import nats.errors
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, StorageType

from morina.backup.manifest import BackupError

WAITED_S = 30.0
CHUNK = 128 * 1024
AT_ONCE = 500
HELD_S = 3600.0
"""Longer than it takes to look at all that waits."""


async def streams_in_files(client: Client, prefix: str) -> list[str]:
    """The streams named so that are on disk. What is in memory only is meant to be lost."""
    found: list[str] = []
    while page := await client.jetstream().streams_info(offset=len(found)):
        found += [
            one.config.name or "" if one.config.storage == StorageType.FILE else "" for one in page
        ]
        if len(page) < 256:
            break
    return sorted(name for name in found if name.startswith(prefix))


async def copy_out(client: Client, stream: str, write: Callable[[bytes], object]) -> dict[str, Any]:
    """Give every chunk of a snapshot to ``write``; what must be said again to put it back.

    Consumers are left out: what was not acknowledged is delivered again. BackupError.
    """
    inbox = client.new_inbox()
    chunks = await client.subscribe(inbox)
    asked = {"deliver_subject": inbox, "no_consumers": True, "chunk_size": CHUNK}
    try:
        answer = await _ask(client, f"$JS.API.STREAM.SNAPSHOT.{stream}", asked)
        while (chunk := await chunks.next_msg(timeout=WAITED_S)).data:
            write(chunk.data)
            if chunk.reply:
                await client.publish(chunk.reply, b"")
        status = (chunk.headers or {}).get("Status", "204")
        if status != "204":
            raise BackupError(f"NATS ended the copy of {stream} with {status}; try again")
        return {"config": answer["config"], "state": answer["state"]}
    except (nats.errors.Error, TimeoutError) as error:
        why = str(error) or type(error).__name__
        raise BackupError(f"the stream {stream} cannot be copied ({why}); try again") from None
    finally:
        await chunks.unsubscribe()


async def put_back(
    client: Client, stream: str, said: dict[str, Any], chunks: Iterator[bytes]
) -> int:
    """Make a stream of what was copied out; how many messages wait in it. BackupError."""
    try:
        answer = await _ask(client, f"$JS.API.STREAM.RESTORE.{stream}", said)
        where = answer["deliver_subject"]
        for chunk in chunks:
            _refuse(json.loads((await client.request(where, chunk, WAITED_S)).data or b"{}"))
        _refuse(json.loads((await client.request(where, b"", WAITED_S)).data))
        return (await client.jetstream().stream_info(stream)).state.messages
    except (nats.errors.Error, TimeoutError) as error:
        why = str(error) or type(error).__name__
        raise BackupError(f"the stream {stream} cannot be put back ({why})") from None


async def drop(client: Client, stream: str, unwanted: Callable[[bytes], bool]) -> int:
    """Take the ``unwanted`` messages out of a stream nobody else consumes; how many."""
    jetstream = client.jetstream()
    waiting = (await jetstream.stream_info(stream)).state.messages
    config = ConsumerConfig(
        name="drop", durable_name="drop", ack_policy=AckPolicy.EXPLICIT, max_ack_pending=-1,
        ack_wait=HELD_S,
    )  # fmt: skip
    await jetstream.add_consumer(stream, config)
    consumer = await jetstream.pull_subscribe_bind(durable="drop", stream=stream)
    dropped = 0
    while waiting > 0:
        messages = await consumer.fetch(min(waiting, AT_ONCE), timeout=WAITED_S)
        waiting -= len(messages)
        for message in messages:
            if unwanted(message.data):
                await message.ack_sync()
                dropped += 1
    await jetstream.delete_consumer(stream, "drop")
    return dropped


async def _ask(client: Client, subject: str, asked: dict[str, Any]) -> dict[str, Any]:
    answer = await client.request(subject, json.dumps(asked).encode(), WAITED_S)
    said: dict[str, Any] = json.loads(answer.data)
    _refuse(said)
    return said


def _refuse(said: dict[str, Any]) -> None:
    if error := said.get("error"):
        raise BackupError(f"NATS refuses: {error.get('description', error)}")
