"""What reviews and tasks are called on screen, and how a place is said to who goes there."""

from collections.abc import Mapping

from morina.desk.words import Words, mark
from morina.sense.aerial.reviewing import (
    AerialTask,
    Named,
    PlacedBy,
    TaskKind,
    TaskState,
    TaskStep,
)
from morina.sense.aerial.terrain.geoid import undulation

NAMED: Mapping[Named, str] = {
    Named.VEHICLE: mark("vehicle"),
    Named.GROUP_ON_FOOT: mark("group on foot"),
    Named.ANIMAL: mark("animal"),
    Named.NOTHING: mark("nothing"),
    Named.IN_TROUBLE: mark("someone in trouble"),
}
TASK_STATES: Mapping[TaskState, str] = {
    TaskState.OPEN: mark("nobody is on the way"),
    TaskState.TAKEN: mark("{who} is on the way"),
    TaskState.THERE: mark("{who} is there"),
    TaskState.DONE: mark("finished"),
    TaskState.GIVEN_BACK: mark("given back: nobody is on the way"),
    TaskState.CANCELLED: mark("called off"),
}
TASK_STEPS_SAID: Mapping[TaskStep, str] = {
    TaskStep.TAKE: mark("We go"),
    TaskStep.ARRIVE: mark("We are there"),
    TaskStep.FINISH: mark("Finished"),
    TaskStep.GIVE_BACK: mark("Give it back"),
    TaskStep.CANCEL: mark("Call it off"),
}
OUTCOMES: Mapping[TaskKind, tuple[str, ...]] = {
    TaskKind.RESCUE: (
        mark("found and helped"), mark("found, handed to others"), mark("nobody found"),
    ),
    TaskKind.PATROL: (mark("met there"), mark("nobody found")),
}  # fmt: skip
"""How a task most often ends: one press in the field instead of typing."""


def state_of(task: AerialTask, t: Words) -> str:
    """Its state, with who took it."""
    return t(TASK_STATES[task.state], who=task.taken_by or "")


def decimal(latitude: float, longitude: float) -> str:
    """Decimal degrees, WGS 84, to a metre."""
    return f"{latitude:.5f}, {longitude:.5f}"


def degrees_minutes(latitude: float, longitude: float) -> str:
    """Degrees and decimal minutes, to two metres, as hand-held receivers show them."""
    return f"{_minutes(latitude, 'NS', 2)} {_minutes(longitude, 'EW', 3)}"


def height_said(task: AerialTask, t: Words) -> str:
    """Above sea level (EGM96), as maps have it."""
    if task.height_m is None and task.placed is PlacedBy.AIRCRAFT:
        return t("not known")
    if task.height_m is None:
        return t("not known: no terrain is imported there")
    level = task.height_m - float(undulation(task.latitude, task.longitude))
    if task.le90_m is None:
        return t("{n} m above sea level", n=f"{level:.0f}")
    return t("{n} m above sea level, give or take {error} m", n=f"{level:.0f}",
             error=f"{task.le90_m:.0f}")  # fmt: skip


def accuracy_said(task: AerialTask, t: Words) -> str:
    """How far off it may be, and by whose word."""
    match task.placed:
        case PlacedBy.COMPUTED:
            return t("90 % within {n} m", n=f"{task.ce90_m:.0f}")
        case PlacedBy.SAID:
            return t("about {n} m, by a person's word", n=f"{task.ce90_m:.0f}")
        case PlacedBy.AIRCRAFT:
            return t("up to {km} km from the aircraft", km=f"{task.ce90_m / 1000:.0f}")


def placed_said(task: AerialTask, t: Words) -> str:
    """What is to be known of a place that is not computed; else empty."""
    if task.placed is PlacedBy.AIRCRAFT:
        return t(
            "This is where the aircraft was, not what it saw: that lies up to {km} km around.",
            km=f"{task.ce90_m / 1000:.0f}",
        )  # fmt: skip
    return (
        t("A person gave this place; it is not computed.") if task.placed is PlacedBy.SAID else ""
    )


def called_said(task: AerialTask, t: Words) -> str:
    """What is said to who called rescue."""
    said = t("Rescue is called. It stands under Rescues until somebody is on the way.")
    where = f"{decimal(task.latitude, task.longitude)}."
    return " ".join(one for one in (said, where, placed_said(task, t)) if one)


def _minutes(degrees: float, signs: str, digits: int) -> str:
    thousandths = round(abs(degrees) * 60_000)
    whole, rest = divmod(thousandths, 60_000)
    return f"{signs[degrees < 0]} {whole:0{digits}d}° {rest / 1000:06.3f}'"
