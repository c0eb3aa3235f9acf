"""Airdata CSV: a drone's whole flight, with gimbal angles.

Heights are ``height_above_takeoff``; the place of take-off is ``altitude_above_sealevel`` less it.
The header says sea level and not by which geoid: EGM96 is taken, and a note says so. Gimbal angles
are heading from north, pitch up from the horizon, roll. Seconds count from the first row with
``isVideo`` 1, which is where the first recording begins; of several it is not said which one a
video is of.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from morina.sense.aerial.sources.airdata_columns import Columns, rows
from morina.sense.aerial.telemetry import (
    Angles,
    Flight,
    Height,
    HeightDatum,
    Spread,
    Telemetry,
    TelemetryError,
)

SPREAD = Spread(
    horizontal_m=3.0, vertical_m=3.0, yaw_deg=3.0, pitch_deg=0.5, roll_deg=0.5, view_share=0.02
)
"""Of a drone with a plain GPS, a barometer and a compass; the file states no accuracy."""

TIME, CLOCK, VIDEO = "time", "datetime", "isvideo"
LATITUDE, LONGITUDE = "latitude", "longitude"
OVER_TAKEOFF, OVER_SEA = "height_above_takeoff", "altitude_above_sealevel"
GIMBAL = ("gimbal_heading", "gimbal_pitch", "gimbal_roll")


_MOST_NAMED = 20
"""Recordings a note names."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Sequence[str]
    at_s: float
    filming: bool


def flight(content: bytes, *, view: tuple[float, float] | None = None) -> Flight:
    """Of a whole file. TelemetryError names the column and the row."""
    read = rows(content)
    columns = Columns(next(read, (1, []))[1])
    columns.need(TIME, LATITUDE, LONGITUDE, OVER_TAKEOFF)
    columns.metre_factor(OVER_TAKEOFF)
    flown = [_row(columns, line, cells) for line, cells in read]
    located = [row for row in flown if _is_fix(columns, row)]
    if not located:
        raise TelemetryError("row 2", "no row has a position", "export the flight anew")
    _forward(located)
    filmed, began = _from_recording(located)
    clock = _clock(columns, located)
    moments = [_moment(columns, row, began, clock, view) for row in filmed]
    return Flight(
        source="airdata_csv",
        telemetry=tuple(moments),
        takeoff=_takeoff(columns, located[0]),
        lacks=_lacks(moments, _recordings(filmed)),
        notes=_notes(columns, flown, located, filmed),
    )


def _row(columns: Columns, line: int, cells: Sequence[str]) -> _Row:
    filming = VIDEO in columns and columns.text(cells, VIDEO) == "1"
    return _Row(line, cells, columns.number(cells, TIME, line) / 1000, filming)


def _is_fix(columns: Columns, row: _Row) -> bool:
    """Rows before the first fix have no position, or 0, 0."""
    texts = [columns.text(row.cells, name) for name in (LATITUDE, LONGITUDE)]
    if not all(texts):
        return False
    place = [columns.number(row.cells, name, row.line) for name in (LATITUDE, LONGITUDE)]
    return place != [0.0, 0.0]


def _forward(located: Sequence[_Row]) -> None:
    for before, after in itertools.pairwise(located):
        if after.at_s < before.at_s:
            raise TelemetryError(
                f"row {after.line}, column {TIME}", "time goes backwards", "export the flight anew"
            )


def _from_recording(located: Sequence[_Row]) -> tuple[Sequence[_Row], float]:
    """The rows from the first recording on, and when that began."""
    first = next((n for n, row in enumerate(located) if row.filming), 0)
    return located[first:], located[first].at_s


def _clock(columns: Columns, located: Sequence[_Row]) -> datetime | None:
    """When ``at_s`` was nought. The column has whole seconds: the latest that fits them all."""
    if CLOCK not in columns:
        return None
    starts = []
    for row in located:
        try:
            at = datetime.fromisoformat(columns.text(row.cells, CLOCK))
            starts.append(at.replace(tzinfo=UTC) - timedelta(seconds=row.at_s))
        except (ValueError, OverflowError) as error:
            raise TelemetryError(
                f"row {row.line}, column {CLOCK}", "it is no time", "export the flight anew"
            ) from error
    return max(starts)


def _moment(
    columns: Columns,
    row: _Row,
    began: float,
    clock: datetime | None,
    view: tuple[float, float] | None,
) -> Telemetry:
    cells, line = row.cells, row.line
    latitude = columns.number(cells, LATITUDE, line)
    longitude = columns.number(cells, LONGITUDE, line)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise TelemetryError(
            f"row {line}", f"{latitude}, {longitude} is no place", "export the flight anew"
        )
    return Telemetry(
        at_s=row.at_s - began,
        at=_zoned(clock, row),
        latitude=latitude,
        longitude=longitude,
        height=Height(columns.metres(cells, OVER_TAKEOFF, line), HeightDatum.TAKEOFF),
        spread=SPREAD,
        camera=_camera(columns, row),
        view=view,
    )


def _zoned(clock: datetime | None, row: _Row) -> datetime | None:
    try:
        return clock + timedelta(seconds=row.at_s) if clock else None
    except OverflowError as error:
        raise TelemetryError(
            f"row {row.line}, column {TIME}", "the time is out of reach", "export the flight anew"
        ) from error


def _camera(columns: Columns, row: _Row) -> Angles | None:
    """None where a row says less than all three."""
    if not all(name in columns and columns.text(row.cells, name) for name in GIMBAL):
        return None
    yaw, pitch, roll = (columns.number(row.cells, name, row.line) for name in GIMBAL)
    if max(abs(yaw), abs(pitch), abs(roll)) > 360:
        raise TelemetryError(
            f"row {row.line}, column {GIMBAL[0]}", "no such angles", "export the flight anew"
        )
    return Angles(yaw % 360, pitch, roll)


def _takeoff(columns: Columns, row: _Row) -> Height | None:
    if OVER_SEA not in columns or not columns.text(row.cells, OVER_SEA):
        return None
    sea = columns.metres(row.cells, OVER_SEA, row.line)
    over = columns.metres(row.cells, OVER_TAKEOFF, row.line)
    return Height(sea - over, HeightDatum.EGM96)


def _recordings(filmed: Sequence[_Row]) -> Sequence[float]:
    """When each began, in seconds of the first; none where the log does not say."""
    runs = itertools.groupby(filmed, key=lambda row: row.filming)
    return [next(rows).at_s - filmed[0].at_s for filming, rows in runs if filming]


def _lacks(moments: Sequence[Telemetry], recordings: Sequence[float]) -> tuple[str, ...]:
    told = [
        ("gimbal angles", all(m.camera is None for m in moments)),
        ("field of view", all(m.view is None for m in moments)),
        ("clock with a zone", all(m.at is None for m in moments)),
        ("when the video began", len(recordings) != 1),
    ]
    return tuple(word for word, lacking in told if lacking)


def _notes(
    columns: Columns, flown: Sequence[_Row], located: Sequence[_Row], filmed: Sequence[_Row]
) -> tuple[str, ...]:
    notes = []
    if passed := len(flown) - len(located):
        notes.append(f"{passed} rows without a position passed over")
    if before := len(located) - len(filmed):
        notes.append(f"{before} rows before the first recording passed over")
    recordings = _recordings(filmed)
    if len(recordings) > 1:
        began = ", ".join(f"{at_s:.1f}" for at_s in recordings[:_MOST_NAMED])
        notes.append(
            f"{len(recordings)} recordings in one log: seconds count from the first; they began at "
            f"{began} s"
        )
    if not recordings:
        notes.append("the log does not say when the video began: seconds count from its start")
    if OVER_SEA in columns:
        notes.append("sea level taken as EGM96: the header does not say which")
    return tuple(notes)
