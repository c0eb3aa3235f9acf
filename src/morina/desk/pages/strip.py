"""The strip of latest reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nicegui.element import Element

from morina.desk.pages.markup import tag
from morina.desk.pages.passing import clock_words, passed_at
from morina.desk.pages.plates import patch, plate
from morina.desk.pages.visit import Visit
from morina.plates import Plate
from morina.sense import Read
from morina.sense.cameras import Camera


@dataclass(frozen=True, slots=True)
class _Row:
    read: Read
    element: Element
    text: Element


class Strip:
    """The last reads, newest first. ``add`` only remembers; ``draw`` puts them on screen."""

    LENGTH = 14

    def __init__(self, visit: Visit, cameras: Mapping[str, Camera]) -> None:
        self._visit = visit
        self._cameras = cameras
        self._waiting: list[Read] = []
        self._rows: list[_Row] = []
        self._withheld: frozenset[Plate] = frozenset()
        with tag("section", "", "part flush", aria_labelledby="latest"):
            tag("h2", visit.t("Latest reads"), id="latest")
            self._list = tag("ul")
            self._empty = tag("p", visit.t("No vehicle has passed a camera yet."), "empty")

    def fill(self, newest_first: Sequence[Read]) -> None:
        """Show what was read before the page was opened."""
        self.add(reversed(newest_first))
        self.draw()

    def add(self, oldest_first: Iterable[Read]) -> None:
        """Remember reads for the next drawing; only as many as fit are kept."""
        self._waiting = [*self._waiting, *oldest_first][-self.LENGTH :]

    def draw(self) -> None:
        """Put the reads that wait on top."""
        waiting, self._waiting = self._waiting, []
        for read in waiting:
            with self._list:
                row = self._row(read)
            row.element.move(self._list, 0)
            self._rows.append(row)
        while len(self._rows) > self.LENGTH:
            self._rows.pop(0).element.delete()
        if self._rows:
            self._empty.set_visibility(False)

    def withhold(self, plates: frozenset[Plate]) -> None:
        """Do not tell these plates' texts: somebody is still to type them from the patch."""
        changed = plates ^ self._withheld
        self._withheld = plates
        for row in self._rows:
            if row.read.plate in changed:
                self._write(row)

    def _write(self, row: _Row) -> None:
        row.text.clear()
        with row.text:
            if row.read.plate in self._withheld:
                tag("strong", self._visit.t("see the alert"))
            else:
                plate(row.read, self._visit.t)

    def _row(self, read: Read) -> _Row:
        t = self._visit.t
        camera = self._cameras.get(read.camera_id)
        with tag("li", "", "read") as element:
            patch(read, t, "patch small")
            with tag("div"):
                text = tag("div")
                tag("div", camera.name if camera else read.camera_id, "at")
                if wrong := clock_words(read, self._visit):
                    tag("div", wrong, "at clock-wrong")
            at = passed_at(read, self._visit)
            words = self._visit.time_only(at)
            tag("time", words, "when", datetime=at.isoformat(), title=self._visit.local(at))
        row = _Row(read, element, text)
        self._write(row)
        return row
