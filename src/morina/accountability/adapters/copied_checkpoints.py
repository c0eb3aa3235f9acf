"""Checkpoints of the trail once more in a folder outside the home, such as a mounted share."""

import errno
from dataclasses import dataclass
from pathlib import Path

from morina.accountability.adapters.folder_checkpoints import FolderCheckpoints
from morina.accountability.signing import SignatureError


@dataclass(slots=True)
class CopiedCheckpoints:
    """Brings checkpoints of ``own`` to ``folder``, which somebody else made: a share that is not
    mounted is not there, and nothing is written in its place.

    ``fault`` says why they are not all there, "" where they are, None before the first try.
    """

    own: FolderCheckpoints
    folder: Path
    fault: str | None = None
    _up_to: int | None = None

    def bring(self) -> None:
        """Write what is not there yet; raises nothing, for ``fault`` says it."""
        try:
            if not self.folder.is_dir():
                raise FileNotFoundError(errno.ENOENT, "there is no such folder")
            self._bring(FolderCheckpoints(self.folder, is_made=False))
            self.fault = ""
        except OSError as error:
            why = error.strerror or type(error).__name__
            self._failed(f"cannot be written to {self.folder}: {why}; mount it or mend it there")
        except SignatureError as error:
            self._failed(str(error))

    def _bring(self, there: FolderCheckpoints) -> None:
        up_to = self._compared(there) if self._up_to is None else self._up_to
        for one in self.own.after(up_to):
            if not there.keep(one):
                raise self._another(one.number)
            self._up_to = one.number

    def _compared(self, there: FolderCheckpoints) -> int:
        """The number to go on after. Each checkpoint names the one before, so that the newest
        there stands for all before it."""
        try:
            newest = there.newest()
        except SignatureError as error:
            raise SignatureError(f"{self.folder}/{error}") from None
        if newest is None:
            return 0
        if next(iter(self.own.after(newest.number - 1)), None) != newest:
            raise self._another(newest.number)
        return newest.number

    def _another(self, number: int) -> SignatureError:
        return SignatureError(
            f"{self.folder} holds a checkpoint {number} that is not the one here: the trail was "
            "written anew or put back from a backup, or another node writes there; keep that "
            "folder, run morina audit verify --checkpoints with it, then name a new one"
        )

    def _failed(self, why: str) -> None:
        self.fault, self._up_to = why, None
