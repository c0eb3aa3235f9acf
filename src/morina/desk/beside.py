"""What is told beside an answer: suspected clones among its plates, and reads pinned to a case."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from morina.desk.services import Services
from morina.desk.words import mark
from morina.plates import NotAPlateError, Plate, plate_text
from morina.records.both_places import InAll
from morina.records.clones import ImpossibleJourney
from morina.records.convoy_companion import Companion
from morina.records.finding import Found, FoundText
from morina.records.journeys import Trip
from morina.records.kinds import Question
from morina.records.pins import Pinned
from morina.records.texts import Partial
from morina.watch import SuspectedClone

LOOKED_UP_WITHIN_S = 10.0
UNTOLD = mark("Whether plates are suspected clones, or reads pinned, could not be told in time.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedReads:
    """Reads of one plate that are kept for a case beyond their time, at least until ``review_at``.

    No search finds them once their time is over. Of another's case it is told that there is one,
    not which: ``case_number`` is empty.
    """

    plate: str
    reads: int
    review_at: date
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Labels that stand for plates of an answer, pinned reads of the plate asked for.

    Without ``told`` neither could be looked up.
    """

    clones: tuple[SuspectedClone, ...] = ()
    pinned: tuple[PinnedReads, ...] = ()
    told: bool = True


async def beside(
    services: Services, question: Question, found: Iterable[object], case_number: str
) -> Beside:
    """What concerns the plates asked for and found; asked under the case of that number."""
    asked = asked_plates(question)
    plates = {Plate(text, None) for text in asked}.union(*map(plates_of, found))
    try:
        async with asyncio.timeout(LOOKED_UP_WITHIN_S):
            clones = await services.clones.concerning(sorted(plates, key=lambda one: one.text))
            pinned = [one for text in asked for one in await _pinned(services, text, case_number)]
    except (ConnectionError, TimeoutError):
        return Beside(told=False)
    return Beside(tuple(clones), tuple(pinned))


def asked_plates(question: Question) -> list[str]:
    """Whole plates that are asked for; patterns and parts are none."""
    if isinstance(getattr(question, "text", None), Partial):
        return []
    whole = []
    for text in question.plates:
        try:
            whole.append(plate_text(text))
        except NotAPlateError:
            continue
    return whole


def plates_of(one: object) -> set[Plate]:
    """The plates a finding tells; none of what tells none."""
    match one:
        case Found():
            return {one.read.plate} if one.read.plate else set()
        case FoundText():
            return {Plate(one.text, one.country)} if one.text else set()
        case Companion():
            return {Plate(one.plate, None)}
        case ImpossibleJourney() | Trip():
            return {one.plate}
        case InAll():
            return {Plate(text, None) for text in one.texts}
        case _:
            return set()


async def _pinned(services: Services, text: str, case_number: str) -> list[PinnedReads]:
    """By case: this one is named, the others are not."""
    if services.forgotten is None:
        return []
    cases: dict[str, list[Pinned]] = {}
    for one in await services.forgotten.pins.of_plate(text):
        cases.setdefault(one.pin.case_number, []).append(one)
    return [
        PinnedReads(
            plate=text,
            reads=len(pins),
            review_at=max(one.pin.review_at for one in pins),
            case_number=case if case == case_number else "",
        )
        for case, pins in cases.items()
    ]
