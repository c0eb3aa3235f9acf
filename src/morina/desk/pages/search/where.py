"""Where a question looks, as the form says it: a site, cameras, or what was drawn on the map."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from morina.desk.pages.markup import Fields
from morina.records.kinds import RefusedQuestionError
from morina.records.place import Place, Spot, Strip
from morina.records.places import along, at_sites, in_area
from morina.sense.cameras import Camera

AREA, STRIP, SEVERAL = "area", "strip", "several"
"""What is chosen in place of one site, group or camera."""

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Places:
    """What can be chosen: cameras, and the ids of those of each group."""

    cameras: tuple[Camera, ...]
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Where:
    """Where is looked: cameras by id, None for all or those of ``place``; and in words."""

    cameras: frozenset[str] | None = None
    place: Place | None = None
    called: str = ""

    @property
    def everywhere(self) -> bool:
        """Whether nothing was chosen."""
        return self.cameras is None and self.place is None


def where_of(fields: Fields, name: str, known: Places) -> Where:
    """What the fields that begin with ``name`` say; RefusedQuestionError names one of them.

    A site or a drawn area is told as such, so that it is written down as such.
    """
    chosen = fields.get(name, "")
    if chosen in (AREA, STRIP):
        return Where(place=drawn_of(fields, name), called=chosen)
    if chosen == SEVERAL:
        return _several(_ticked(fields, name), name, known)
    return _several([chosen], name, known) if chosen else Where()


def drawn_of(fields: Fields, name: str) -> Place:
    """The area or strip drawn; RefusedQuestionError names the field to mend."""
    spots = spots_of(fields.get(f"{name}_spots", ""), f"{name}_spots")
    if fields.get(name) == AREA and not spots:
        raise RefusedQuestionError(
            f"{name}_spots", "nothing is drawn", "press the map, corner by corner"
        )
    try:
        if fields.get(name) == AREA:
            return Place(area=spots)
        return Place(corridor=Strip(spots, _metres(fields.get(f"{name}_within", ""))))
    except RefusedQuestionError as refused:
        at = "within" if refused.place == "within_m" else "spots"
        raise RefusedQuestionError(f"{name}_{at}", refused.fault, refused.mend) from None


def spots_of(text: str, name: str) -> tuple[Spot, ...]:
    """Places as ``42.05 20.40; 42.10 20.45``; RefusedQuestionError."""
    spots = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        numbers = re.fullmatch(r"(-?\d{1,3}(?:\.\d+)?)[\s,]+(-?\d{1,3}(?:\.\d+)?)", part)
        if numbers is None:
            mend = "write latitude and longitude, such as 42.05 20.40; 42.10 20.45"
            raise RefusedQuestionError(name, f"{part[:40]!r} is no place", mend)
        latitude, longitude = map(float, numbers.groups())
        try:
            spots.append(Spot(latitude, longitude))
        except RefusedQuestionError as refused:
            raise RefusedQuestionError(name, refused.fault, refused.mend) from None
    return tuple(spots)


def standing_in(place: Place, cameras: Iterable[Camera]) -> frozenset[str]:
    """Cameras in what was drawn."""
    if place.corridor is not None:
        return along(cameras, place.corridor.line, place.corridor.within_m)
    return in_area(cameras, place.area)


def _metres(typed: str) -> float:
    try:
        return float(typed)
    except ValueError:
        raise RefusedQuestionError(
            "within_m", "is no number", "write metres, such as 300"
        ) from None


def _ticked(fields: Fields, name: str) -> list[str]:
    """What is ticked of a list, such as ``site:Bridge``."""
    begin = f"{name}_at:"
    ticked = [one.removeprefix(begin) for one in fields if one.startswith(begin)]
    if not ticked:
        raise RefusedQuestionError(f"{name}_several", "is not chosen", "tick one or more")
    return ticked


def _several(chosen: Iterable[str], name: str, known: Places) -> Where:
    """Sites alone and groups alone stay what they are; a mixture becomes cameras."""
    by_kind: dict[str, list[str]] = {}
    for one in chosen:
        kind, _, what = one.partition(":")
        by_kind.setdefault(kind, []).append(what)
    sites, groups = by_kind.get("site", []), by_kind.get("group", [])
    called = _called([*groups, *sites, *_names(by_kind.get("camera", []), known.cameras)])
    if list(by_kind) == ["group"]:
        return Where(place=Place(groups=frozenset(groups)), called=called)
    ids = frozenset(by_kind.get("camera", [])) | at_sites(known.cameras, sites)
    if list(by_kind) == ["site"]:
        return Where(ids, Place(sites=frozenset(sites)), called)
    for group in groups:
        ids |= known.groups.get(group, frozenset())
    if not ids:
        raise RefusedQuestionError(
            name, "holds no camera", "choose another place, or cameras by id"
        )
    return Where(ids, called=called)


def _names(ids: Iterable[str], cameras: Iterable[Camera]) -> list[str]:
    named = {one.camera_id: one.name for one in cameras}
    return [named.get(one, one) for one in ids]


def _called(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" +{more}" if more > 0 else "")
