"""A cleared flight takes off, at the desk and by API: what cleared it is looked at again."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from morina.desk.aerial import AerialServices
from morina.sense.aerial import Sortie, SortieState, SortieStep

UNRECORDED = "no live source is set for this airframe; hand in the recording after landing"


async def take_off(
    aerial: AerialServices, sortie_id: UUID, by: tuple[str, datetime], reason: str = ""
) -> Sortie:
    """It flies. RefusedSortieError where its state or the fleet does not allow it,
    ReasonNeededError where the fleet now asks for a reason."""
    who, now = by
    before = await aerial.sorties.sortie(sortie_id)
    if before.fleet_checked and aerial.fleet is not None:
        return await aerial.fleet.fly(sortie_id, reason, who, now)
    return await aerial.sorties.step(sortie_id, SortieStep.FLY, who, now)


def unrecorded(aerial: AerialServices, sortie: Sortie) -> bool:
    """Whether it is about to fly or flies, and nothing of it will come in live."""
    awaited = sortie.state in (SortieState.CLEARED, SortieState.FLYING)
    return awaited and sortie.airframe not in aerial.live_airframes


def as_told(aerial: AerialServices, sortie: Sortie) -> Sortie:
    """With a note of that."""
    if not unrecorded(aerial, sortie):
        return sortie
    return replace(sortie, notes=(*sortie.notes, UNRECORDED))
