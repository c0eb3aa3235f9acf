"""Places to go to, seen from a drone and named by a person, as Cursor on Target 2.0 events.

For TAK on the telephones of mountain rescue and patrols. It tells a place, its error and what is
there in a word: no flight, no track, no case, nobody's name.
"""

from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from morina.sense.aerial import AerialTask, Named, PlacedBy, TaskKind, TaskState
from morina.sense.aerial.ground import OF_90, OF_90_ALONE

THING, VEHICLE = "a-u-G", "a-u-G-E-V"
"""Atoms on the ground, affiliation unknown: a thing, a vehicle."""

HOW = "m-f"
"""Put together by a machine, of positions, angles and terrain."""

UNKNOWN_M = "9999999.0"
SHOWN_FOR = timedelta(days=1)
"""How long a task that nobody ends is shown."""

_WORDS = {
    Named.VEHICLE: "vehicle",
    Named.GROUP_ON_FOOT: "group on foot",
    Named.ANIMAL: "animal",
    Named.IN_TROUBLE: "somebody in trouble",
    Named.NOTHING: "nothing",
}
_NEAR = {
    PlacedBy.COMPUTED: "within {:.0f} m nine times in ten",
    PlacedBy.SAID: "place given by a person, about {:.0f} m",
    PlacedBy.AIRCRAFT: "where the aircraft was, not what it saw: that lies up to {:.0f} m around",
}
_ENDED = frozenset({TaskState.DONE, TaskState.CANCELLED})


def event(task: AerialTask, now: datetime) -> bytes:
    """One event, UTF-8 XML with its declaration; one of an ended task takes it off the map.

    ``ce`` and ``le`` are one standard deviation, as the base schema wants of an error (MITRE,
    Event.xsd) and MISB ST 0805 makes of CE90 and LE90; the 90 % radius stands in the remarks.
    An error of the height that is not known is said to be that.
    """
    stale = now if task.state in _ENDED else max(now, task.made_at) + SHOWN_FOR
    root = Element("event", {
        "version": "2.0", "uid": f"morina.aerial.{task.task_id}", "how": HOW,
        "type": VEHICLE if task.named is Named.VEHICLE else THING,
        "time": said(now), "start": said(task.seen_at or task.made_at), "stale": said(stale),
    })  # fmt: skip
    SubElement(root, "point", {
        "lat": f"{task.latitude:.6f}", "lon": f"{task.longitude:.6f}",
        "hae": UNKNOWN_M if task.height_m is None else f"{task.height_m:.1f}",
        "ce": f"{task.ce90_m / OF_90:.1f}",
        "le": UNKNOWN_M if task.le90_m is None else f"{task.le90_m / OF_90_ALONE:.1f}",
    })  # fmt: skip
    detail = SubElement(root, "detail")
    SubElement(detail, "contact", {"callsign": callsign(task)})
    SubElement(detail, "remarks").text = _remarks(task)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def callsign(task: AerialTask) -> str:
    """What stands beside it on the map: short, the same at every step."""
    kind = "RESCUE" if task.kind is TaskKind.RESCUE else "PATROL"
    return f"{kind} {str(task.task_id)[:4]}"


def is_stale(task: AerialTask, now: datetime) -> bool:
    """Whether nobody would show it any more."""
    return task.made_at + SHOWN_FOR <= now


def said(at: datetime) -> str:
    """UTC, to a millisecond."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _remarks(task: AerialTask) -> str:
    seen = f"seen {said(task.seen_at)}" if task.seen_at else "seen at a time not known"
    parts = (
        _WORDS[task.named], task.said, _NEAR[task.placed].format(task.ce90_m), seen,
        f"task {task.state.value.replace('_', ' ')}",
    )  # fmt: skip
    return "; ".join(_plain(part) for part in parts if part)


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
