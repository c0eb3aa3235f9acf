"""Captures in, reads out."""

import asyncio
import logging
from datetime import UTC, datetime
from uuid import UUID, uuid5

from morina.sense import Capture, Evidence, Read
from morina.sense.hand_over import HandOver
from morina.sense.pictures import Pictures
from morina.sense.recogniser.evidence import NotAPictureError, decoded, keep_patch, keep_sight
from morina.sense.recogniser.reading import Image, PlateReading, Recogniser

log = logging.getLogger(__name__)


async def read_captures(stream: HandOver, pictures: Pictures, recogniser: Recogniser) -> None:
    """Read every capture the stream holds, for ever; one is let go only when its reads are in it.

    A capture read twice gives reads of the same ids, which the node keeps once.
    """
    async for batch in stream.captures():
        for capture in batch.items:
            await stream.publish_reads(await read_plates(capture, pictures, recogniser))
        await batch.acknowledge()


async def read_plates(capture: Capture, pictures: Pictures, recogniser: Recogniser) -> list[Read]:
    """The reads of one capture: one for each plate, or one unread when none can be read."""
    try:
        image = decoded(await pictures.get(capture.image))
    except (LookupError, NotAPictureError) as error:
        log.warning("capture %s of %s: %s", capture.capture_id, capture.camera_id, error)
        return [_unread(capture)]
    (readings,) = await asyncio.to_thread(recogniser.read, [image])
    if not readings:
        height, width = image.shape[:2]
        box = (0.0, 0.0, float(width), float(height))
        return [_unread(capture, await keep_sight(pictures, capture.image, image, box))]
    return [await _kept(capture, image, reading, pictures) for reading in readings]


async def _kept(capture: Capture, image: Image, reading: PlateReading, pictures: Pictures) -> Read:
    evidence = await keep_patch(pictures, capture.image, image, reading.box, reading.corners)
    return Read(
        read_id=_identity(capture, reading.plate.text),
        camera_id=capture.camera_id,
        captured_at=capture.captured_at,
        received_at=datetime.now(UTC),
        plate=reading.plate,
        confidence=reading.confidence,
        character_confidences=reading.character_confidences,
        country_probability=reading.country_probability,
        evidence=evidence,
        retransmitted=capture.retransmitted,
    )


def _unread(capture: Capture, evidence: Evidence | None = None) -> Read:
    return Read(
        read_id=_identity(capture, ""),
        camera_id=capture.camera_id,
        captured_at=capture.captured_at,
        received_at=datetime.now(UTC),
        plate=None,
        confidence=0.0,
        evidence=evidence,
        retransmitted=capture.retransmitted,
    )


def _identity(capture: Capture, text: str) -> UUID:
    return uuid5(capture.capture_id, text)
