"""Captures in, reads out."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from morina.sense import Capture, Evidence, Read, Said
from morina.sense.hand_over import HandOver
from morina.sense.ids import timed_id
from morina.sense.pictures import Pictures
from morina.sense.recogniser.evidence import USUAL_SIZES, decoded, keep_patch, keep_sight
from morina.sense.recogniser.fitting import NotAPictureError, PictureSizes
from morina.sense.recogniser.reading import Image, PlateReading, Recogniser
from morina.sense.recogniser.words import (
    country_word,
    passage_id,
    plate_of,
    settled,
    word_alone,
)
from morina.sense.said import MORINA

log = logging.getLogger(__name__)

UNREAD = Said(by=MORINA, text=None)


async def read_captures(
    stream: HandOver,
    pictures: Pictures,
    recogniser: Recogniser,
    sizes: Callable[[], PictureSizes] = lambda: USUAL_SIZES,
) -> None:
    """Read every capture the stream holds, for ever; one is let go only when its reads are in it.

    A capture read twice gives reads of the same ids, which the node keeps once. ``sizes`` is asked
    at each.
    """
    async for batch in stream.captures():
        for capture in batch.items:
            await stream.publish_reads(await read_plates(capture, pictures, recogniser, sizes()))
        await batch.acknowledge()


async def read_plates(
    capture: Capture,
    pictures: Pictures,
    recogniser: Recogniser,
    sizes: PictureSizes = USUAL_SIZES,
) -> list[Read]:
    """The reads of one capture: one for each plate, or one unread when none can be read.

    With a camera's word the first is the passage the camera means, by both readings, and any
    others are further plates in its picture.
    """
    looked: tuple[str, Image] | None = None
    for name in filter(None, (capture.image, capture.patch)):
        image = await _picture(capture, name, pictures)
        if image is None:
            continue
        looked = looked or (name, image)
        readings = await _readings(recogniser, image, capture.said)
        if readings:
            seen = replace(capture, image=name, box=capture.box if name == capture.image else None)
            return await _reads(seen, image, readings, pictures, sizes)
    if capture.said is not None:
        return [word_alone(capture, UNREAD if looked else None)]
    if looked is None:
        return [_unread(capture)]
    name, image = looked
    height, width = image.shape[:2]
    box = (0.0, 0.0, float(width), float(height))
    return [_unread(capture, await keep_sight(pictures, name, image, box, sizes))]


async def _picture(capture: Capture, name: str, pictures: Pictures) -> Image | None:
    try:
        return decoded(await pictures.get(name))
    except (LookupError, NotAPictureError) as error:
        log.warning("capture %s of %s: %s", capture.capture_id, capture.camera_id, error)
        return None


async def _readings(recogniser: Recogniser, image: Image, said: Said | None) -> list[PlateReading]:
    word = country_word(said)
    (readings,) = await asyncio.to_thread(recogniser.read, [image], *([[word]] if word else []))
    return readings


async def _reads(
    capture: Capture,
    image: Image,
    readings: Sequence[PlateReading],
    pictures: Pictures,
    sizes: PictureSizes,
) -> list[Read]:
    kept = [await _kept(capture, image, reading, pictures, sizes) for reading in readings]
    said = capture.said
    if said is None:
        return kept
    meant = _meant(readings, said, capture.box)
    others = [read for place, read in enumerate(kept) if place != meant]
    passage = word_alone(capture, UNREAD) if meant is None else _both(capture, said, kept[meant])
    return [passage, *others]


def _meant(
    readings: Sequence[PlateReading], said: Said, box: tuple[float, float, float, float] | None
) -> int | None:
    """Which reading is of the plate the camera means: its text, its place, else the surest."""
    for place, reading in enumerate(readings):
        if reading.plate.text == said.text:
            return place
    if box is None:
        return 0
    near = (place for place, reading in enumerate(readings) if _overlap(reading.box, box))
    return next(near, None)


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return (
        min(one[2], other[2]) > max(one[0], other[0])
        and min(one[3], other[3]) > max(one[1], other[1])
    )  # fmt: skip


def _both(capture: Capture, said: Said, read: Read) -> Read:
    """The read by both words; the characters' confidences are Morina's where its text stands."""
    assert read.plate is not None  # noqa: S101 - it is of a reading
    own = Said(
        by=MORINA,
        text=read.plate.text,
        country=read.plate.country,
        confidence=read.confidence,
    )
    stands, confidence = settled(own, said)
    both = replace(
        read,
        read_id=passage_id(capture),
        said=said,
        own=own,
        confidence=confidence,
        vehicle=capture.vehicle,
    )
    if stands is own:
        return both
    plate, probability = plate_of(said)
    if plate is None:
        return both
    return replace(both, plate=plate, country_probability=probability, character_confidences=())


async def _kept(
    capture: Capture,
    image: Image,
    reading: PlateReading,
    pictures: Pictures,
    sizes: PictureSizes,
) -> Read:
    evidence = await keep_patch(pictures, capture.image, image, reading, sizes)
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
    return timed_id(capture.captured_at, capture.capture_id, text)
