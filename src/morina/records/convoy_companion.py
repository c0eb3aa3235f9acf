"""One vehicle that met the target, and the score in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from morina.records.convoy_chance import Chance, Scene
from morina.records.convoy_meetings import Meeting
from morina.records.mistaken import alike

ITSELF_WITHIN_S = 2
"""Two reads of one passage come no farther apart. Own choice."""


@dataclass(frozen=True, slots=True)
class Counts:
    """At how many of the target's places it was met, and by journey at how many of them."""

    places: int
    of_places: int
    by_journey: Mapping[int, int]
    meetings: int

    @property
    def rank(self) -> tuple[int, int, int]:
        """More is stronger."""
        return len(self.by_journey), self.places, self.meetings


@dataclass(frozen=True, slots=True)
class MetAt:
    """One meeting: the target's passage, and how much later (less: earlier) the other came."""

    camera_id: str
    at: datetime
    later_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A vehicle met at enough places. ``convoy`` says that chance does not explain it.

    ``perhaps_itself`` is a text so like the target's, read so close to it each time, that it may
    be the target misread; it is never a convoy. A person looks at the pictures and judges.
    """

    plate: str
    convoy: bool
    perhaps_itself: bool
    places: int
    journeys: int
    met: tuple[MetAt, ...]
    chance: Chance
    words: str


def companion(
    scene: Scene, plate: str, counts: Counts, scored: Chance | None, target: str
) -> Companion:
    """What is told of a vehicle; ``scored`` None where it was met on too few journeys."""
    met = scene.met.by_plate[plate]
    itself = perhaps_itself(scene, plate, met, target)
    result = scored or Chance(expected=0.0, p=1.0, corrected=float(scene.compared))
    return Companion(
        plate=plate,
        convoy=not itself and scored is not None and result.corrected < scene.rule.level,
        perhaps_itself=itself,
        places=counts.places,
        journeys=len(counts.by_journey),
        met=tuple(_met_at(scene, one) for one in met),
        chance=result,
        words=_words(scene, counts, scored, itself),
    )


def perhaps_itself(scene: Scene, plate: str, met: Sequence[Meeting], target: str) -> bool:
    """Alike in text, and read with the target in most of the meetings, at the same camera."""
    if not alike(plate, target):
        return False
    same = 0
    for one in met:
        mine = scene.track.passages[one.of]
        close = abs(one.second - mine.second) <= ITSELF_WITHIN_S
        same += close and one.camera_id == mine.camera_id
    return 2 * same >= len(met)


def _met_at(scene: Scene, one: Meeting) -> MetAt:
    mine = scene.track.passages[one.of]
    at = datetime.fromtimestamp(mine.second, UTC)
    return MetAt(one.camera_id, at, one.second - mine.second)


def _words(scene: Scene, counts: Counts, scored: Chance | None, itself: bool) -> str:
    """The score explained."""
    journeys = len(counts.by_journey)
    met = (
        f"met at {counts.places} of {counts.of_places} places on {journeys} of "
        f"{scene.track.journeys} journeys"
    )
    if itself:
        met += "; its text is like the target's and was read with it: perhaps the target misread"
    if journeys < 2:
        return met + "; one journey shared is what traffic does, so it says nothing"
    if scored is None:
        return met + "; not scored: see the notes of the answer"
    return (
        f"{met}; by chance {_number(scored.expected)} journeys expected, from its own passages "
        f"there and the flow of each site; of {scene.compared:,} vehicles compared, such a "
        f"coincidence is expected {_number(scored.corrected)} times"
        f"{'' if itself else _verdict(scored.corrected, scene.rule.level)}"
    )


def _verdict(corrected: float, level: float) -> str:
    """On which side of the rule's level the score falls."""
    if corrected < level:
        return f"; that is less than {level:g}, so chance does not explain it"
    return f"; that is {level:g} or more, so chance explains it"


def _number(value: float) -> str:
    """Two digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"
