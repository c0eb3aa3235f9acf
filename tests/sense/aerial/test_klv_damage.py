"""Damaged telemetry: a flight, or an error that says what to do; nothing else ever.

A hundred thousand of these are done by ``benchmarks/aerial_klv.py``.
"""

import random

import pytest

from klv_made import flown, mutated, said, transport
from morina.sense.aerial import TelemetryError
from morina.sense.aerial.sources.klv import flight
from morina.sense.aerial.sources.klv_live import Following
from morina.sense.aerial.sources.klv_out import packets

SEED = 20261122


def taken(data: bytes) -> int:
    """Moments read, none where it is refused."""
    try:
        return len(flight([data]).telemetry)
    except TelemetryError:
        return 0


@pytest.mark.parametrize("kind", ["packets", "full packets", "transport"])
def test_four_hundred_damages(kind: str) -> None:
    whole = {
        "packets": b"".join(said(number) for number in range(6)),
        "full packets": b"".join(one for _, one in packets(flown(6))),
        "transport": transport([said(number) for number in range(6)]),
    }[kind]
    assert taken(whole) == 6
    dice = random.Random(SEED)
    counts = [taken(mutated(whole, dice)) for _ in range(400)]
    assert 0 in counts and any(0 < count < 6 for count in counts)


def followed(data: bytes) -> int:
    """Moments given of a live stream that comes in datagrams; after damage it begins again."""
    live, found = Following(), 0
    for at in range(0, len(data), 1316):
        try:
            found += sum(1 for _ in live.feed(data[at : at + 1316]))
        except TelemetryError:
            live.again()
    return found


def test_four_hundred_damages_on_the_way() -> None:
    whole = transport([said(number) for number in range(12)])
    most = followed(whole)
    assert most >= 10
    dice = random.Random(SEED)
    counts = [followed(mutated(whole, dice)) for _ in range(400)]
    assert 0 in counts and any(0 < count < most for count in counts)
