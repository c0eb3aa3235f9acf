"""What `morina aerial state` does: a person states what a flight's telemetry lacks."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.aerial.sortie import RefusedSortieError
from morina.sense.aerial.stated import Stated, StatedError, Value
from morina.settings import Settings
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.store import sorties_of
from morina.wiring.operating import node_database, officer_at_console
from morina.wiring.refused import RefusedError


def typed(**options: float | bool | StrEnum | None) -> dict[str, Value]:
    """What was given of the options of a command, by the names of ``Stated``."""
    given = {n: v for n, v in options.items() if v is not None and v is not False}
    return {n: v.value if isinstance(v, StrEnum) else v for n, v in given.items()}


def stated_or_refused(said: Mapping[str, Value]) -> Stated:
    """RefusedError where it cannot be."""
    try:
        return Stated.of(said)
    except StatedError as error:
        raise RefusedError(str(error)) from None


async def state_sortie(
    settings: Settings, sortie_id: UUID, said: Mapping[str, Value], reason: str = ""
) -> None:
    """Keep it, in the place of what was stated before, and print how the flight is now; ``reason``
    is needed where people spoke of its tracks. RefusedError."""
    stated, officer = stated_or_refused(said), officer_at_console()
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(node_database(settings))
        pictures = VideoPictures()
        stack.push_async_callback(pictures.close)
        sorties = sorties_of(settings, pool, ground_of(settings), pictures)
        try:
            told = sorties.because(reason)
            one = await told.state(sortie_id, stated, officer, datetime.now(UTC))
        except (RefusedSortieError, UnknownSortieError) as error:
            raise RefusedError(str(error)) from None
    print(f"{one.sortie_id}: {', '.join(stated.said()) or 'nothing'} stated; it is {one.state}")
