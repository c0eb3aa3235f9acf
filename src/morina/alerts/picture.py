"""The picture of a read that came after its text raised an alert."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from morina.alerts.alert import Act, Alert, State
from morina.alerts.lifecycle import MORINA
from morina.sense import Read
from morina.watch import Hit

UNDECIDED = (State.RAISED, State.ACKNOWLEDGED)
"""Later an alert keeps what the person saw who decided it."""

PICTURE = "picture"
"""The kind of the act that records when the picture came."""


def pictured(alert: Alert, fuller: Read, at: datetime) -> Alert:
    """The alert with the picture of its read, as it was where it has one or is decided.

    ``fuller`` is the alert's own read, sent again with its evidence. Where it has another text by
    now, the alert keeps the text it was raised for, which is what its likeness and differences
    speak of, and takes the evidence and both readings: a person sees which is right.
    """
    read = alert.read
    known = fuller.read_id == read.read_id and fuller.evidence is not None
    if not known or read.evidence is not None or alert.state not in UNDECIDED:
        return alert
    if _text(fuller) != _text(read):
        fuller = replace(read, evidence=fuller.evidence, said=fuller.said, own=fuller.own)
    return replace(alert, read=fuller, acts=(*alert.acts, Act(at, MORINA, PICTURE)))


def fullest(hits: Iterable[tuple[Read, Hit]]) -> dict[tuple[UUID, UUID], tuple[Read, Hit]]:
    """Hits by (read, listing); of one that came twice, that with a picture, else the last."""
    pairs: dict[tuple[UUID, UUID], tuple[Read, Hit]] = {}
    for read, hit in hits:
        pair = read.read_id, hit.listed.listing.listing_id
        if pair not in pairs or read.evidence or not pairs[pair][0].evidence:
            pairs[pair] = read, hit
    return pairs


def _text(read: Read) -> str:
    return read.plate.text if read.plate else ""
