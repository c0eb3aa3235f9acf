"""Recording breaches and requests: what page and API do alike."""

from collections.abc import Mapping
from datetime import UTC, datetime

from morina.accountability.duties import Concern, Matter, RefusedMatterError, breaches, requests
from morina.desk.oversight import Oversight
from morina.plates import NotAPlateError, plate_text


async def open_breach(
    oversight: Oversight, said: Mapping[str, str], noticed_at: datetime, by: str
) -> Matter:
    """Record a breach; RefusedMatterError."""
    now = datetime.now(UTC)
    return await oversight.matters.open(breaches.opened(said, noticed_at, by, now), now)


async def open_request(
    oversight: Oversight, said: Mapping[str, str], received_at: datetime, by: str
) -> Matter:
    """Record a request, its plate as plates are kept; RefusedMatterError."""
    now = datetime.now(UTC)
    try:
        plate = {"plate": plate_text(said["plate"])} if said.get("plate", "").strip() else {}
    except NotAPlateError as error:
        raise RefusedMatterError("plate", str(error), "write the plate") from None
    opened = requests.opened({**said, **plate}, received_at, by, now)
    return await oversight.matters.open(opened, now)


async def step_of(
    oversight: Oversight, matter: Matter, step: tuple[str, Mapping[str, str], int], by: str
) -> Matter:
    """Take a step (its kind, what is said, how many steps there were); RefusedMatterError."""
    kind, said, after = step
    now = datetime.now(UTC)
    if matter.concern is Concern.BREACH:
        hours = oversight.authority.breach_hours
        taken = breaches.step(matter, kind, said, (by, now, hours))
    else:
        taken = requests.step(matter, kind, said, by, now)
    return await oversight.matters.take(matter.matter_id, after, taken)
