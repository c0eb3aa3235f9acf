"""Confirmed passages for tests of formats."""

from datetime import UTC, datetime
from uuid import UUID

from morina.exchange.formats import Passage

SEEN = datetime(2026, 11, 22, 9, 0, 1, tzinfo=UTC)


def a_passage(number: int = 1, **changed: object) -> Passage:
    plain: dict[str, object] = {
        "alert_id": UUID(int=number), "plate": "AB12CDE", "country": "GB", "make": "Ford",
        "model": "Focus", "colour": "silver", "reason": "stolen", "action": "inform_owner",
        "priority": 80, "camera": "North 1", "place": "North & <East>", "latitude": 42.15,
        "longitude": 20.42, "seen_at": SEEN, "confirmed_at": SEEN.replace(minute=2),
    }  # fmt: skip
    return Passage(**{**plain, **changed})  # type: ignore[arg-type]
