"""A folder that cameras put pictures and videos into; a file is taken once it is complete."""

import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_ISREG
from time import monotonic, sleep, time

import cv2

from morina.sense.cameras.adapters.opencv_stream import Grabbing, opened
from morina.sense.cameras.frames import WAITING, Filmed, Frame, Image, Picture, SourceError, Waiting
from morina.sense.cameras.left_files import (
    DROP_EVERY_S,
    PICTURES,
    REFUSED,
    TAKEN,
    Keep,
    drop_old,
    files_below,
    place_for,
)
from morina.sense.cameras.live import LOOK_EVERY_S, Pace
from morina.sense.cameras.sources import Source
from morina.sense.cameras.stills import MOST_BYTES, whole
from morina.sense.containers import holds_pictures

log = logging.getLogger(__name__)

VIDEOS = frozenset({".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ts", ".webm"})
GIVE_UP_AFTER_S = 60.0
"""A file that has not changed for so long and is still not whole never will be."""
FILM_SETTLED_S = 10.0
"""A video cut short can still be played: it must be left alone for longer."""
_USUAL_FPS = 25.0

Look = tuple[int, int]
"""A file's size and time of change."""

Gives = Generator[Filmed, None, bool]
"""What is in a file, and whether it was whole."""


@dataclass(slots=True)
class Folder:
    """``file:///srv/gate/``: every picture and video in it and below, the oldest first.

    A file that did not change between two looks and is whole is given, and when it is dealt with,
    moved into the folder's own ``taken`` (``?then=remove``: removed). One cut short by a stop of
    the node is taken again as a whole and gives the same reads. What never becomes whole is moved
    into ``refused``. In both it lies as long as ``keep`` says.
    """

    source: Source
    pace: Pace
    keep: Keep = field(default_factory=Keep)
    settled_s: float = 2.0
    give_up_after_s: float = GIVE_UP_AFTER_S
    _looks: dict[Path, Look] = field(default_factory=dict)
    _drops_at: float = 0.0

    def frames(self) -> Iterator[Filmed]:
        """See FrameSource."""
        while True:
            for path in self._settled():
                yield from self._given(path)
            self._drop_old()
            yield from self._pause()

    @property
    def _root(self) -> Path:
        return Path(self.source.address)

    def _pause(self) -> Iterator[Waiting]:
        until = time() + self.settled_s
        while (left := until - time()) > 0:
            yield WAITING
            sleep(min(left, LOOK_EVERY_S))

    def _settled(self) -> list[Path]:
        """The files that are as they were at the last look, the oldest first."""
        looks = dict(self._there())
        settled = [path for path, look in looks.items() if self._looks.get(path) == look]
        self._looks = looks
        return sorted(settled, key=lambda path: (looks[path][1], path))

    def _there(self) -> Iterator[tuple[Path, Look]]:
        if not self._root.is_dir():
            raise SourceError(f"{self.source.shown}: no such folder; make it, or mend the source")
        for path, state in files_below(self._root):
            known = path.suffix.lower() in PICTURES | VIDEOS
            if known and S_ISREG(state.st_mode) and state.st_size:
                yield path, (state.st_size, state.st_mtime_ns)

    def _given(self, path: Path) -> Iterator[Filmed]:
        """What is in a file, then its move: the move comes when the reader asks for more."""
        changed_at = datetime.fromtimestamp(self._looks[path][1] / 1e9, UTC)
        try:
            if path.suffix.lower() in PICTURES:
                given = self._picture(path, changed_at)
            else:
                given = self._video(path, changed_at)
            done = yield from given
        except OSError as error:
            raise SourceError(f"{path}: {error.strerror}; let the node's user read it") from None
        if done:
            self._put_away(path, TAKEN)
        elif time() - changed_at.timestamp() > self.give_up_after_s:
            log.warning("%s is not a whole picture or video; moved into %s", path, REFUSED)
            self._put_away(path, REFUSED)

    def _picture(self, path: Path, changed_at: datetime) -> Gives:
        if path.stat().st_size > MOST_BYTES:
            return False
        content = path.read_bytes()
        if not whole(content):
            return False
        yield Picture(content, changed_at, str(path.relative_to(self._root)))
        return True

    def _video(self, path: Path, changed_at: datetime) -> Gives:
        """Its frames at the pace, not at its speed; it ended when the file was last changed."""
        if time() - changed_at.timestamp() < FILM_SETTLED_S:
            return False
        video = (
            opened(lambda: cv2.VideoCapture(str(path), cv2.CAP_FFMPEG))
            if holds_pictures(path)
            else None
        )
        if video is None:
            return False
        film = Grabbing(video, path.name, self.pace.stall_s)
        try:
            fps = film.frames_per_s() or _USUAL_FPS
            count = max(video.get(cv2.CAP_PROP_FRAME_COUNT), 0.0)
            given = 0
            began_at = changed_at - timedelta(seconds=count / fps)
            for index, image in _paced(film, fps / self.pace.frames_per_s):
                yield Frame(image, began_at + timedelta(seconds=index / fps))
                given += 1
        finally:
            film.close()
        yield None
        return given > 0

    def _drop_old(self) -> None:
        if monotonic() >= self._drops_at:
            drop_old(self._root, self.keep, time())
            self._drops_at = monotonic() + DROP_EVERY_S

    def _put_away(self, path: Path, where: str) -> None:
        try:
            if where == TAKEN and self.source.option("then") == "remove":
                path.unlink(missing_ok=True)
                return
            place = self._root / where / path.relative_to(self._root)
            path.rename(place_for(place, self._looks[path][1]))
        except OSError as error:
            raise SourceError(
                f"{self.source.shown}: {path.name} cannot be moved into {where} "
                f"({error.strerror}); let the node's user write there"
            ) from None


def _paced(film: Grabbing, every: float) -> Iterator[tuple[int, Image]]:
    """Each ``every``-th frame and its number, until the film ends."""
    index, due = 0, 0.0
    while film.there():
        if index >= due:
            due += max(every, 1.0)
            image = film.image()
            if image is not None:
                yield index, image
        index += 1
