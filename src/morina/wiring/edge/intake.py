"""Reads made by other programs of this machine: handed over on ``site.intake`` of its own NATS."""

import asyncio
import logging

import msgspec
from nats.aio.msg import Msg

from morina.sense import Read
from morina.sense.site.adapters.nats import SiteStream

log = logging.getLogger(__name__)

SUBJECT = "site.intake"
KEPT = b"kept"


async def take_in(stream: SiteStream) -> None:
    """For ever: log the reads of each message, in order, and answer ``kept`` when they are on disk.

    Who hears no answer sends the same again. What is no list of reads is answered ``refused: ...``.
    """
    decoder = msgspec.json.Decoder(list[Read])

    async def handed_over(message: Msg) -> None:
        try:
            reads = decoder.decode(message.data)
        except (msgspec.DecodeError, ValueError) as error:
            log.error("what came on %s is no list of reads: %s", SUBJECT, error)
            await message.respond(f"refused: {error}".encode())
            return
        await stream.publish_reads(reads)
        await message.respond(KEPT)

    await stream.client.subscribe(SUBJECT, cb=handed_over)
    await asyncio.Event().wait()
