"""What is wrong with a hotlist file."""

from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing to mend. ``line`` counts from 1 and is where the row begins, 0 for no file.

    ``field`` and ``value`` are empty when the row or file as a whole is at fault; ``mend`` says
    what is wrong and what to write.
    """

    line: int
    field: str
    value: str
    mend: str

    def __str__(self) -> str:
        value = self.value if len(self.value) <= _SHOWN else self.value[:_SHOWN] + "…"
        what = f"{self.field} {value!r}: " if self.field else ""
        return f"line {self.line}: {what}{self.mend}"


class RefusedFileError(Exception):
    """Nothing of the file was taken; mend every row in ``errors`` and import it again."""

    def __init__(self, errors: Iterable[RowError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))
