"""The collections that OGC API Features shows of drone flights.

``sorties`` holds the ways flown. What was seen, and tracks, are a collection for each sortie: no
question reaches the tracks of two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from morina.accountability import Purpose
from morina.desk.aerial import AerialServices
from morina.desk.api.aerial_asked import Wanted
from morina.desk.problems import ProblemError
from morina.sense.aerial.giving import geojson
from morina.sense.aerial.giving.geojson import Feature
from morina.sense.aerial.roles import UnknownSortieError
from morina.sense.aerial.sortie import Sortie, SortieState

SORTIES, FOOTPRINTS, TRACKS = "sorties", "footprints", "tracks"
FORM = "OGC API Features"

EVERY_S = 5.0
"""How far apart the places of a way flown are."""

MOST_SORTIES = 1000


@dataclass(frozen=True, slots=True)
class Collection:
    """``of``: its sortie, None for the ways of all."""

    kind: str
    of: Sortie | None = None

    @property
    def key(self) -> str:
        """As it stands in addresses."""
        return self.kind if self.of is None else f"{self.kind}.{self.of.sortie_id}"

    @property
    def title(self) -> str:
        """In words."""
        if self.of is None:
            return "Ways flown"
        word = "Ground seen" if self.kind == FOOTPRINTS else "Anonymous tracks"
        rendered = " (rendered, not flown)" if self.of.rendered else ""
        return f"{word}: {self.of.name}{rendered}"

    @property
    def description(self) -> str:
        """What is in it, and on what condition."""
        return {
            SORTIES: "One line a sortie still kept",
            FOOTPRINTS: "One polygon a picture worked through; cut where it looks over the horizon",
            TRACKS: "One line a track of this sortie alone. Given for a purpose, entered in the "
            "trail; forgotten with the sortie",
        }[self.kind]


async def collections(aerial: AerialServices, *, tracks: bool) -> list[Collection]:
    """All there are; those of tracks only where the asker may have them."""
    found = [Collection(SORTIES)]
    for sortie in await aerial.sorties.sorties(MOST_SORTIES):
        if sortie.state is SortieState.READY:
            found.append(Collection(FOOTPRINTS, sortie))
            if tracks and aerial.given is not None:
                found.append(Collection(TRACKS, sortie))
    return found


async def collection(aerial: AerialServices, key: str) -> Collection:
    """ProblemError (404) where there is none of that name; UnknownSortieError."""
    kind, _, of = key.partition(".")
    if key == SORTIES:
        return Collection(SORTIES)
    if kind in {FOOTPRINTS, TRACKS}:
        try:
            return Collection(kind, await aerial.sorties.sortie(UUID(of)))
        except ValueError:
            pass
    raise ProblemError(
        404, f"there is no collection {key[:80]!r}", place="collection_id",
        mend="use one that GET /api/v1/aerial/features/collections lists",
    )  # fmt: skip


async def page_of(
    aerial: AerialServices, one: Collection, wanted: Wanted, purpose: Purpose | None
) -> tuple[Sequence[Feature], int]:
    """The features wanted of a collection, and how many there are in all. ``purpose`` is needed for
    tracks."""
    if one.of is None:
        found, matched = await aerial.sorties.ways(wanted.ways())
        return [await _way(aerial, sortie) for sortie in found], matched
    held = [each for each in await _of_one(aerial, one, one.of, purpose) if wanted.holds(each)]
    return held[wanted.offset : wanted.offset + wanted.limit], len(held)


async def feature(
    aerial: AerialServices, one: Collection, feature_id: str, purpose: Purpose | None
) -> Feature | None:
    """None where it is not in the collection."""
    if one.of is not None:
        found = await _of_one(aerial, one, one.of, purpose)
        return next((each for each in found if each["id"] == feature_id), None)
    try:
        return await _way(aerial, await aerial.sorties.sortie(UUID(feature_id)))
    except (ValueError, UnknownSortieError):
        return None


async def _way(aerial: AerialServices, sortie: Sortie) -> Feature:
    return geojson.path(sortie, await aerial.sorties.moments(sortie.sortie_id, EVERY_S))


async def _of_one(
    aerial: AerialServices, one: Collection, sortie: Sortie, purpose: Purpose | None
) -> Sequence[Feature]:
    """All that a collection of one sortie holds."""
    if one.kind == FOOTPRINTS:
        return geojson.footprints(sortie, await aerial.sorties.moments(sortie.sortie_id))
    if aerial.given is None or purpose is None:
        raise ProblemError(404, "this node gives no tracks", place="node", mend="ask another")
    tracks, words = await aerial.given.tracks(sortie.sortie_id, purpose, FORM)
    return [geojson.track(sortie, track, words) for track in tracks]
