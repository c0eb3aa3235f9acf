"""What `morina aerial add` does: hands the files of a flight in at the node's own machine."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.table import Table

from morina.sense.aerial.adapters.video_pictures import VideoPictures
from morina.sense.aerial.roles import NewSortie, Sorties, UnknownSortieError
from morina.sense.aerial.sortie import RefusedSortieError, SortieStep
from morina.sense.aerial.sources.klv_transport import is_transport
from morina.sense.aerial.stated import Value
from morina.sense.aerial.telemetry import TelemetryError
from morina.settings import Settings
from morina.wiring.aerial.ground import ground_of
from morina.wiring.aerial.stating import stated_or_refused
from morina.wiring.aerial.store import sorties_of
from morina.wiring.operating import node_database, officer_at_console
from morina.wiring.refused import RefusedError

AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Handing:
    """Files of a flight to be planned as ``wanted``, or of one that is there, and what a person
    states of it; ``reason`` is why files that people spoke of are replaced. RefusedError where that
    cannot be."""

    files: Sequence[Path]
    wanted: NewSortie
    sortie_id: UUID | None = None
    said: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""


async def add_sortie(settings: Settings, handing: Handing) -> None:
    """Plan and clear a flight that took place, or take one that is there, and queue its files:
    video and telemetry, or one file that is both. RefusedError."""
    stated, wanted = stated_or_refused(handing.said), handing.wanted
    video, telemetry = await asyncio.to_thread(_told_apart, handing.files)
    officer = officer_at_console()
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(node_database(settings))
        pictures = VideoPictures()
        stack.push_async_callback(pictures.close)
        kept = sorties_of(settings, pool, ground_of(settings), pictures)
        sorties = kept.because(handing.reason)
        try:
            one = handing.sortie_id or await _planned(sorties, replace(wanted, officer=officer))
            names = (video.name if video else "", telemetry.name)
            if handing.said:
                await sorties.state(one, stated, officer, datetime.now(UTC), again=False)
            apart = _content(video) if video and video != telemetry else None
            taken = await sorties.take_in(one, apart, _content(telemetry), names, officer)
        except (RefusedSortieError, UnknownSortieError, TelemetryError, OSError) as error:
            raise RefusedError(str(error)) from None
    lacks = f"; it lacks {', '.join(taken.lacks)}" if taken.lacks else ""
    print(f"{taken.sortie_id}: {taken.source}, {taken.seconds:.0f} s, waits to be worked through"
          f"{lacks}")  # fmt: skip


async def show_sorties(settings: Settings) -> None:
    """Print the flights kept, newest first."""
    async with node_database(settings) as pool:
        pictures = VideoPictures()
        sorties = await sorties_of(settings, pool, ground_of(settings), pictures).sorties()
    table = Table("Id", "Name", "Case", "State", "Done", "Forgotten")
    for one in sorties:
        day = f"{one.forget_at:%Y-%m-%d}" if one.forget_at else ""
        table.add_row(
            str(one.sortie_id), one.name, one.case_number, one.state.value, f"{one.done:.0%}", day
        )
    Console().print(table)


async def _planned(sorties: Sorties, wanted: NewSortie) -> UUID:
    """It flew already: whoever hands it in answers for that it was clear to."""
    now = datetime.now(UTC)
    one = await sorties.plan(wanted, now)
    await sorties.step(one.sortie_id, SortieStep.CLEAR, wanted.officer, now)
    return one.sortie_id


def _told_apart(files: Sequence[Path]) -> tuple[Path | None, Path]:
    """Video and telemetry; the same where one file is both, no video where it is telemetry."""
    for file in files:
        if not file.is_file():
            raise RefusedError(f"{file}: there is no such file")
    match files:
        case [video, telemetry]:
            return video, telemetry
        case [one]:
            with one.open("rb") as stream:
                return one if is_transport(stream.read(AT_ONCE)) else None, one
    raise RefusedError("name the video and the telemetry, or the one file that is both")


async def _content(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as stream:
        while piece := await asyncio.to_thread(stream.read, AT_ONCE):
            yield piece
