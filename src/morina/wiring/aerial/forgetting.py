"""What `morina aerial forget` does: a flight goes before its time, for a reason."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from uuid import UUID

from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.aerial.sortie import RefusedSortieError, SortieStep
from morina.settings import Settings
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.store import sorties_of
from morina.wiring.operating import node_database, officer_at_console
from morina.wiring.refused import RefusedError


async def forget_sortie(settings: Settings, sortie_id: UUID, reason: str) -> None:
    """Remove all there is of it but open tasks; entered in the trail. RefusedError."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(node_database(settings))
        pictures = VideoPictures()
        stack.push_async_callback(pictures.close)
        kept = sorties_of(settings, pool, ground_of(settings), pictures).because(reason)
        officer, now = officer_at_console(), datetime.now(UTC)
        try:
            await kept.step(sortie_id, SortieStep.FORGET, officer, now)
        except (RefusedSortieError, UnknownSortieError) as error:
            raise RefusedError(str(error)) from None
    print(f"{sortie_id} is forgotten")
