"""The camera's word and Morina's on the same passage: which stands, and how sure it is.

Where both read the same text the greater confidence stands: both looked at the same light, so
their errors are not independent and nothing is added. Where they differ at most one is right, and
the surer one stands with the probability that it is right and the other wrong, given that they are
not both right: ``a (1 - b) / (1 - a b)``. Where only one read a text, it stands as it is.
"""

from datetime import UTC, datetime
from uuid import UUID

from morina.plates import NotAPlateError, Plate
from morina.sense import Capture, Evidence, Read, Said
from morina.sense.ids import timed_id
from morina.sense.recogniser.country import Said as CountrySaid
from morina.sense.recogniser.country import Witnesses

UNSAID = 0.5
"""Taken for the confidence of a camera that says none. Morina's own choice."""


def sureness(word: Said) -> float:
    """The reader's confidence in its text, 0 where it read none."""
    if word.text is None:
        return 0.0
    return UNSAID if word.confidence is None else word.confidence


def settled(own: Said, camera: Said) -> tuple[Said, float]:
    """The word that stands, Morina's where both are as sure, and its confidence."""
    ours, theirs = sureness(own), sureness(camera)
    first = camera if own.text is None or theirs > ours else own
    if not own.differs(camera):
        return (camera if own.text is None else own), max(ours, theirs)
    sure, other = max(ours, theirs), min(ours, theirs)
    return first, UNSAID if other == 1.0 else sure * (1 - other) / (1 - sure * other)


def country_word(said: Said | None) -> CountrySaid | None:
    """The camera's word as a witness to the country."""
    return CountrySaid(said.country) if said and said.country else None


def plate_of(word: Said) -> tuple[Plate | None, float]:
    """The plate of a camera's word and the probability of its country.

    Where text and word together do not decide, the word alone does: the camera saw the plate.
    """
    try:
        text = Plate(word.text or "").text
    except NotAPlateError:
        return None, 0.0
    witness = country_word(word)
    country, probability = Witnesses({}, said=witness).country(text)
    if country is None and witness is not None:
        country, probability = witness.country, witness.trust
    return Plate(text, country), probability


def passage_id(capture: Capture) -> UUID:
    """The id of the one passage a capture with a camera's word stands for, whatever its text."""
    return timed_id(capture.captured_at, capture.capture_id, "")


def word_alone(capture: Capture, own: Said | None = None) -> Read:
    """The read of a capture by the camera's word, ``own`` where Morina looked and read nothing."""
    said = capture.said or Said(by="camera", text=None)
    plate, probability = plate_of(said)
    return Read(
        read_id=passage_id(capture),
        camera_id=capture.camera_id,
        captured_at=capture.captured_at,
        received_at=datetime.now(UTC),
        plate=plate,
        confidence=sureness(said) if plate else 0.0,
        country_probability=probability,
        evidence=sent_evidence(capture),
        retransmitted=capture.retransmitted,
        said=capture.said,
        own=own,
        vehicle=capture.vehicle,
    )


def sent_evidence(capture: Capture) -> Evidence | None:
    """The camera's own pictures as evidence; None where it sent none."""
    overview = capture.image or capture.patch
    if not overview:
        return None
    box = capture.box if capture.box and capture.image else (0.0, 0.0, 0.0, 0.0)
    return Evidence(overview=overview, patch=capture.patch or overview, box=box, corners=())
