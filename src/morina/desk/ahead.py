"""The cameras a confirmed alert's vehicle may pass next: written down before it is looked up."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from morina.accountability import Asked, Outcome, Purpose, PurposeCode
from morina.alerts import Alert
from morina.alerts.ahead import WayAhead, refuse_unconfirmed, way_ahead
from morina.desk.services import Search
from morina.desk.words import mark
from morina.records.asking import BROKEN, LOGGED_WITHIN_S, TOO_LONG
from morina.records.running import Running, StoppedError

SENTENCE = mark(
    "This says where cameras are and how often vehicles were read there next; it says nothing"
    " about a person."
)


@dataclass(frozen=True, slots=True)
class Told:
    """What was shown, and the number of the consultation it was written down under."""

    number: int
    way: WayAhead


async def told_ahead(search: Search, alert: Alert, officer: str) -> Told:
    """Where vehicles of the alert's camera are read next, as a consultation of the officer's.

    RefusedStepError unless the alert is confirmed; ConnectionError and TimeoutError where it
    cannot be written down or took too long to learn.
    """
    refuse_unconfirmed(alert)
    log, number = search.asking.consultations, await _begun(search, alert, officer)
    running = Running(limits=search.asking.rules.limits)
    failed = BROKEN
    try:
        way = way_ahead(alert, await search.roads(running), datetime.now(UTC))
        failed = ""
    except StoppedError as stopped:
        failed = TOO_LONG
        raise TimeoutError(failed) from stopped
    finally:
        shown = None if failed else len(way.cameras)
        outcome = Outcome(at=datetime.now(UTC), shown=shown, failed=failed)
        async with asyncio.timeout(LOGGED_WITHIN_S):
            await log.end(number, outcome)
    return Told(number, way)


async def _begun(search: Search, alert: Alert, officer: str) -> int:
    asked = Asked(
        at=datetime.now(UTC),
        purpose=purpose_of_alert(alert, officer),
        question=f"cameras that vehicles of camera {alert.read.camera_id} pass next;"
        f" alert {alert.alert_id}",
    )
    async with asyncio.timeout(LOGGED_WITHIN_S):
        return await search.asking.consultations.begin(asked)


def purpose_of_alert(alert: Alert, officer: str) -> Purpose:
    """Why an officer looks further in handling an alert; case and basis are the listing's."""
    listing = alert.listed.listing
    return Purpose(
        officer=officer,
        code=PurposeCode.ALERT_HANDLING,
        case_number=listing.source_reference or f"listing {listing.listing_id}",
        legal_basis=listing.legal_basis,
        justification=f"handling of the confirmed alert {alert.alert_id}",
    )
