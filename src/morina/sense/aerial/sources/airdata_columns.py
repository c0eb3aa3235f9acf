"""The columns of an Airdata CSV: their units stand in their names. Pure."""

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence

from morina.sense.aerial.telemetry import TelemetryError

TO_METRES = {"feet": 0.3048, "ft": 0.3048, "meters": 1.0, "metres": 1.0, "m": 1.0}
_NAME = re.compile(r"([^()]+)(?:\(([^()]*)\))?")


class Columns:
    """Where each column stands, and what one of its units is in ours."""

    def __init__(self, header: Sequence[str]) -> None:
        self._at: dict[str, tuple[int, str]] = {}
        for index, cell in enumerate(header):
            if found := _NAME.fullmatch(cell.strip()):
                name, unit = found.groups()
                self._at.setdefault(name.strip().casefold(), (index, (unit or "").casefold()))

    def __contains__(self, name: str) -> bool:
        return name in self._at

    def need(self, *names: str) -> None:
        """TelemetryError names the first that is missing."""
        for name in names:
            if name not in self._at:
                raise TelemetryError(
                    "row 1", f"no column {name}",
                    "export the flight from Airdata as CSV, original sample rate",
                )  # fmt: skip

    def text(self, row: Sequence[str], name: str) -> str:
        """What stands there; "" where the row is too short."""
        index, _ = self._at[name]
        return row[index].strip() if index < len(row) else ""

    def number(self, row: Sequence[str], name: str, line: int) -> float:
        """TelemetryError names column and row where it is no number."""
        text = self.text(row, name)
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            return value
        raise TelemetryError(
            f"row {line}, column {name}", f"{text[:30]!r} is no number", "export the flight anew"
        )

    def metres(self, row: Sequence[str], name: str, line: int) -> float:
        """A length in the unit its header names."""
        return self.number(row, name, line) * self.metre_factor(name)

    def metre_factor(self, name: str) -> float:
        """TelemetryError where the header names no unit of length known here."""
        unit = self._at[name][1]
        if unit in TO_METRES:
            return TO_METRES[unit]
        raise TelemetryError(
            f"row 1, column {name}", f"{unit!r} is no unit of length known here",
            "export with feet or metres",
        )  # fmt: skip


def rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with their number in the file from 1."""
    text = content.decode("utf-8-sig", errors="replace")
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise TelemetryError(
            f"row {reader.line_num}", str(error), "export the flight anew"
        ) from error
