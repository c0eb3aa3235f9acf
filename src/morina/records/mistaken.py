"""Whether a reading is likely that of another plate, by where that other plate was seen. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from morina.plates import skeleton
from morina.records.clones import (
    Cameras,
    CloneRules,
    Mistaken,
    Passage,
    TooFast,
    possible,
    span_words,
)
from morina.records.patterns import one_apart

AROUND = timedelta(minutes=30)
"""Another plate read so shortly before or after was about. Own choice."""

OFTEN_DAYS = 3
LOOKED_BACK = timedelta(days=30)
"""A plate that passed a camera on so many days of the last so many is often there. Own choice."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """A passage of a text, the plate's own or one like it."""

    text: str
    camera_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Often:
    """On how many days a text passed a camera."""

    text: str
    camera_id: str
    days: int


@dataclass(frozen=True, slots=True)
class Around:
    """What was seen of a plate's text and of those like it."""

    near: tuple[Nearby, ...] = ()
    often: tuple[Often, ...] = ()


def alike(one: str, other: str) -> bool:
    """Whether a reader may take one text for the other: look-alikes, or one character apart."""
    if one == other:
        return False
    return skeleton(one) == skeleton(other) or one_apart(one, other) is not None


def arounds(texts: Collection[str], seen: Around) -> dict[str, Around]:
    """What was seen, by the text it is like; alike texts share a skeleton or, each with at most
    one character left out, a form."""
    near: dict[str, list[Nearby]] = defaultdict(list)
    often: dict[str, list[Often]] = defaultdict(list)
    for one in seen.near:
        near[one.text].append(one)
    for other in seen.often:
        often[other.text].append(other)
    by_form: dict[str, set[str]] = defaultdict(set)
    for text in near.keys() | often.keys():
        for form in _forms(text):
            by_form[form].add(text)
    found = {}
    for text in texts:
        sharing = {text}.union(*(by_form.get(form, ()) for form in _forms(text)))
        like = [one for one in sharing if one == text or alike(one, text)]
        found[text] = Around(
            tuple(one for other in like for one in near.get(other, ())),
            tuple(one for other in like for one in often.get(other, ())),
        )
    return found


def _forms(text: str) -> set[str]:
    cut = {text[:at] + text[at + 1 :] for at in range(len(text))}
    return {text, f"~{skeleton(text)}"} | cut


@dataclass(frozen=True, slots=True)
class MisreadTest:
    """Asks of both passages of a journey whose plate was likely read there.

    Another text is likely where it was read more often around than the plate itself, all of it
    possible for one vehicle and none of it at this very camera, or where it often passes that
    camera and the plate was not read around. A passage a person looked at is no misread.
    """

    cameras: Cameras
    rules: CloneRules

    def __call__(self, found: TooFast, around: Around) -> Mistaken | None:
        """The less sure passage is tried first; None where neither is likely a misread."""
        for passage in sorted((found.first, found.second), key=lambda one: one.confidence):
            if not passage.verified and (
                mistaken := self._mistaken(found.plate.text, passage, around)
            ):
                return mistaken
        return None

    def _mistaken(self, text: str, passage: Passage, around: Around) -> Mistaken | None:
        seen = {one.text for one in around.near} | {one.text for one in around.often}
        others = sorted(one for one in seen if alike(one, text))
        own = [
            one for one in self._about(text, passage, around.near)[0] if not _is_this(one, passage)
        ]
        about = {}
        for one in others:
            fitting, all_fit = self._about(one, passage, around.near)
            if all_fit:
                about[one] = fitting
        best = max(about, key=lambda one: (len(about[one]), one), default="")
        if best and len(about[best]) > len(own):
            return Mistaken(passage, best, _near_words(best, passage, about[best]))
        return None if own else self._often(about, passage, around.often)

    def _about(
        self, text: str, passage: Passage, near: Iterable[Nearby]
    ) -> tuple[list[Nearby], bool]:
        """Passages of a text around this one that one vehicle can have made with it, and
        whether they speak for it: another plate that was elsewhere just then is ruled out, as is
        one that passed this camera by itself."""
        here = (self.cameras[passage.camera_id], passage.at)
        found = [
            one
            for one in near
            if one.text == text
            and one.camera_id in self.cameras
            and abs(one.at - passage.at) <= AROUND
        ]
        fitting = [
            one
            for one in found
            if possible(here, (self.cameras[one.camera_id], one.at), self.rules)
        ]
        return fitting, len(fitting) == len(found) and not self._read_here(found, passage)

    def _read_here(self, found: Iterable[Nearby], passage: Passage) -> bool:
        """Whether it was read at this camera as itself, a while before or after: then it needs no
        misread to have passed. At the same moment it is one vehicle read twice."""
        moment = timedelta(seconds=self.rules.clock_error_s)
        return any(
            one.camera_id == passage.camera_id and abs(one.at - passage.at) > moment
            for one in found
        )

    def _often(
        self, texts: Collection[str], passage: Passage, often: Iterable[Often]
    ) -> Mistaken | None:
        here = [
            one
            for one in often
            if one.text in texts and one.camera_id == passage.camera_id and one.days >= OFTEN_DAYS
        ]
        if not here:
            return None
        best = max(here, key=lambda one: (one.days, one.text))
        return Mistaken(
            passage,
            best.text,
            f"{_likely(best.text, passage)}: that plate passed this camera on {best.days} of the "
            f"last {LOOKED_BACK.days} days.",
        )


def _is_this(near: Nearby, passage: Passage) -> bool:
    """Passages near are known to the full second."""
    seconds = int(near.at.timestamp()) == int(passage.at.timestamp())
    return near.camera_id == passage.camera_id and seconds


def _likely(text: str, passage: Passage) -> str:
    return f"Likely a misread of {text} at camera {passage.camera_id}"


def _near_words(text: str, passage: Passage, about: Sequence[Nearby]) -> str:
    nearest = min(about, key=lambda one: abs(one.at - passage.at))
    gap_s = (nearest.at - passage.at).total_seconds()
    when = "later" if gap_s > 0 else "before"
    return (
        f"{_likely(text, passage)}: that plate was read at camera {nearest.camera_id} "
        f"{span_words(abs(gap_s))} {when}, {len(about)} times in all within "
        f"{AROUND.seconds // 60} min."
    )
