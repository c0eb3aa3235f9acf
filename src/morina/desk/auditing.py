"""Beginning a read-rate audit, for the page and the API."""

from uuid import UUID

from morina.desk.services import Upkeep
from morina.records import Period
from morina.records.audit import PURPOSE, Audit, Person, drawn_of


async def drawn_audit(
    upkeep: Upkeep, camera_id: str, period: Period, how: tuple[int, UUID, Person]
) -> Audit:
    """Draw and keep; ``how`` is how many, under which id, and who asks."""
    n, audit_id, by = how
    audit = Audit(
        audit_id=audit_id,
        camera_id=camera_id,
        purpose=PURPOSE,
        period=period,
        made_by=by.name,
        made_at=by.at,
        passages=drawn_of(await upkeep.counts.drawn(camera_id, period, n)),
    )
    await upkeep.audits.make(audit)
    return audit
