"""A flight that was worked through, with a track, put into a database as the node keeps them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg

from morina.accountability.purpose import Purpose, PurposeCode
from morina.sense.aerial import ObjectKind, Track, TrackPoint
from morina.sense.aerial.adapters.sortie_rows import KEEP_TRACK, track_row

BEGAN = datetime(2026, 3, 1, 8, tzinfo=UTC)
PURPOSE = Purpose(
    officer="ana", code=PurposeCode.SERIOUS_CRIME, case_number="C-7", legal_basis="Police Act 12",
    justification="lorry with stolen timber seen near the mill",
)  # fmt: skip
DISTRESS = Purpose(
    officer="ana",
    code=PurposeCode.RISK_TO_LIFE,
    case_number="C-7",
    legal_basis="protection of life",
    justification="someone in trouble: waves",
)

_SORTIE = """
INSERT INTO sortie (sortie_id, name, case_number, task, officer, state, made_at, began_at, ended_at,
    clocked, width, height, frames, seconds, frames_per_s, done, forget_at)
VALUES (%s, 'North slope', 'C-7', 'walkers overdue', 'pilot', 'ready', %s, %s, %s, %s, 640, 512,
    100, 10, 10, 1, now() + interval '30 days')"""


def fly(dsn: str, *tracks: Track, sortie_id: UUID | None = None, clocked: bool = True) -> UUID:
    """Keep a flight with these tracks; its id."""
    flown = sortie_id or uuid4()
    with psycopg.connect(dsn) as connection:
        connection.execute(_SORTIE, (flown, BEGAN, BEGAN, BEGAN, clocked))
        for one in tracks:
            connection.execute(KEEP_TRACK, track_row(one))
    return flown


def moving(sortie_id: UUID, kind: ObjectKind = ObjectKind.PERSON, course_deg: float = 0.0) -> Track:
    """Something moving for two seconds, at the end at 42.10002 N, 20.42 E."""
    points = tuple(
        TrackPoint(
            at_s=second, latitude=42.1 + second * 1e-5, longitude=20.42,
            covariance=(4.0, 0.5, 5.0), speed_ms=12.0, course_deg=course_deg,
        )
        for second in (0.0, 1.0, 2.0)
    )  # fmt: skip
    return Track(
        track_id=uuid4(), sortie_id=sortie_id, kind=kind, points=points, agreeing=5, share=0.71
    )
