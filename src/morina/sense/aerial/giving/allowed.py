"""Tracks given to another program: with a purpose, entered in the trail before they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from morina.accountability.consultations import Consultations
from morina.accountability.purpose import Asked, Outcome, Purpose
from morina.sense.aerial.reviewing import Named
from morina.sense.aerial.roles import Reviews, Sorties
from morina.sense.aerial.track import Track

Words = Mapping[UUID, Named]
"""What a person said of a track; those nobody reviewed are not in it."""


class GivesTracks(Protocol):
    """Gives the tracks of one sortie, never of two together."""

    async def tracks(
        self, sortie_id: UUID, purpose: Purpose, form: str
    ) -> tuple[Sequence[Track], Words]:
        """``form`` says what they become ("KML"). UnknownSortieError."""


@dataclass(frozen=True, slots=True)
class GivenTracks:
    """Of what is kept. ``reviews`` None: nobody reviews here."""

    sorties: Sorties
    log: Consultations
    reviews: Reviews | None = None

    async def tracks(
        self, sortie_id: UUID, purpose: Purpose, form: str
    ) -> tuple[Sequence[Track], Words]:
        """See GivesTracks. A consultation: ConnectionError where it cannot be entered."""
        sortie = await self.sorties.sortie(sortie_id)
        question = f"tracks of sortie {sortie.name} ({sortie_id}) as {form}"
        number = await self.log.begin(
            Asked(at=datetime.now(UTC), purpose=purpose, question=question)
        )
        try:
            tracks, words = await self.sorties.tracks(sortie_id), await self._words(sortie_id)
        except (ConnectionError, LookupError) as fault:
            await self.log.end(number, Outcome(at=datetime.now(UTC), failed=str(fault)[:200]))
            raise
        covered = f"sortie {sortie_id}"
        await self.log.end(
            number, Outcome(at=datetime.now(UTC), shown=len(tracks), covered=covered)
        )
        return tracks, words

    async def _words(self, sortie_id: UUID) -> Words:
        """The newest review of a track counts."""
        if self.reviews is None:
            return {}
        found = await self.reviews.of_sortie(sortie_id)
        return {one.track_id: one.named for one in reversed(found)}
