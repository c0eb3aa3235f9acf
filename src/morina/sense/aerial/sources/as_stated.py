"""A flight as its source tells it, with what a person states where the source does not."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from morina.sense.aerial.stated import Stated
from morina.sense.aerial.telemetry import Flight, Height, HeightDatum, Spread, Telemetry

WHEN = "when the video began"
"""What a source lacks whose seconds are not those of the video."""

VIEW, DATUM = "field of view", "height above a known datum"
BEGINS_SD_S = 0.5
"""One standard deviation of a stated beginning of the video. Assumed: it is read off by eye."""

TAKEOFF_SD_M = 5.0
"""The same of a stated height of the take-off. Assumed: it is read off a map."""

LEFT_M = 3.0
"""An aircraft so far from its first place, across or up, has left it. Chosen."""

DEGREE_M = 111_195.0
_AROUND_S = 1.0


def as_stated(flight: Flight, stated: Stated, shape: tuple[int, int] | None) -> Flight:
    """``shape``: of the video's picture, across and down; None where there is no video, whose
    beginning then is not lacking."""
    made = _heights(_viewed(flight, stated, shape), stated)
    if shape is None:
        return _without(made, WHEN)
    if stated.video_begins_s is None:
        return _hinted(made) if WHEN in made.lacks else made
    moments = sorted(made.telemetry, key=lambda one: one.at_s)
    return _without(replace(made, telemetry=_begun(moments, stated.video_begins_s)), WHEN)


def _without(flight: Flight, word: str) -> Flight:
    return replace(flight, lacks=tuple(one for one in flight.lacks if one != word))


def _hinted(flight: Flight) -> Flight:
    """With a note of a moment that can be found in the video too."""
    first = flight.telemetry[0]
    left = next((one for one in flight.telemetry if _apart_m(first, one) > LEFT_M
                 or _higher_m(first, one) > LEFT_M), None)  # fmt: skip
    if left is None:
        return flight
    note = (
        f"the aircraft leaves its first place {left.at_s:.1f} s into the telemetry: that less the "
        "second of the video that shows it is where the video begins"
    )
    return replace(flight, notes=(*flight.notes, note))


def _changed(flight: Flight, change: Callable[[Telemetry], Telemetry]) -> Flight:
    return replace(flight, telemetry=[change(one) for one in flight.telemetry])


def _viewed(flight: Flight, stated: Stated, shape: tuple[int, int] | None) -> Flight:
    view = _view(stated, shape)
    if view is None:
        return flight
    made = _changed(flight, lambda one: one if one.view else replace(one, view=view))
    return _without(made, VIEW)


def _view(stated: Stated, shape: tuple[int, int] | None) -> tuple[float, float] | None:
    """Down from across by the picture's shape, for pixels as wide as high."""
    across, down = stated.view_across_deg, stated.view_down_deg
    if across is None:
        return None
    if down is None and shape and all(shape):
        half = math.tan(math.radians(across / 2)) * shape[1] / shape[0]
        down = math.degrees(2 * math.atan(half))
    return (across, down) if down else None


def _heights(flight: Flight, stated: Stated) -> Flight:
    datum = stated.heights_from
    if datum and any(_unknown(one) for one in flight.telemetry):
        flight = _without(_changed(flight, lambda one: _counted(one, datum)), DATUM)
    if flight.takeoff is not None:
        return flight
    if stated.takeoff_m is not None:
        takeoff = Height(stated.takeoff_m, HeightDatum.EGM96)
        return replace(_changed(flight, _over_stated), takeoff=takeoff)
    return replace(flight, takeoff_here=stated.takeoff_here)


def _unknown(one: Telemetry) -> bool:
    return one.height.datum is HeightDatum.UNKNOWN and math.isfinite(one.height.metres)


def _counted(one: Telemetry, datum: HeightDatum) -> Telemetry:
    return replace(one, height=Height(one.height.metres, datum)) if _unknown(one) else one


def _over_stated(one: Telemetry) -> Telemetry:
    if one.height.datum is not HeightDatum.TAKEOFF:
        return one
    vertical_m = math.hypot(one.spread.vertical_m, TAKEOFF_SD_M)
    return replace(one, spread=replace(one.spread, vertical_m=vertical_m))


def _begun(moments: Sequence[Telemetry], begins_s: float) -> Sequence[Telemetry]:
    """By the video's seconds, with the movement of ``BEGINS_SD_S`` in each spread."""
    times = [one.at_s for one in moments]
    return [
        replace(one, at_s=one.at_s - begins_s, spread=_moving(moments, times, n).added(one.spread))
        for n, one in enumerate(moments)
    ]


@dataclass(frozen=True, slots=True)
class _Moved:
    """How far all of a pose goes in ``BEGINS_SD_S``."""

    horizontal_m: float = 0.0
    vertical_m: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0

    def added(self, spread: Spread) -> Spread:
        return replace(
            spread,
            horizontal_m=math.hypot(spread.horizontal_m, self.horizontal_m),
            vertical_m=math.hypot(spread.vertical_m, self.vertical_m),
            yaw_deg=math.hypot(spread.yaw_deg, self.yaw_deg),
            pitch_deg=math.hypot(spread.pitch_deg, self.pitch_deg),
            roll_deg=math.hypot(spread.roll_deg, self.roll_deg),
        )


def _moving(moments: Sequence[Telemetry], times: Sequence[float], n: int) -> _Moved:
    """Between the sayings a second before and after, or the next ones where those are further."""
    before = min(bisect_left(times, times[n] - _AROUND_S), max(n - 1, 0))
    after = max(bisect_right(times, times[n] + _AROUND_S) - 1, min(n + 1, len(times) - 1))
    one, other = moments[before], moments[after]
    apart_s = other.at_s - one.at_s
    if apart_s <= 0:
        return _Moved()
    share = BEGINS_SD_S / apart_s
    turned = (0.0, 0.0, 0.0)
    if one.camera and other.camera:
        turned = (
            abs(_turn(one.camera.yaw, other.camera.yaw)) * share,
            abs(other.camera.pitch - one.camera.pitch) * share,
            abs(_turn(one.camera.roll, other.camera.roll)) * share,
        )
    return _Moved(_apart_m(one, other) * share, _higher_m(one, other) * share, *turned)


def _turn(one: float, other: float) -> float:
    return (other - one + 180) % 360 - 180


def _apart_m(one: Telemetry, other: Telemetry) -> float:
    east = _turn(one.longitude, other.longitude) * math.cos(math.radians(one.latitude))
    return DEGREE_M * math.hypot(other.latitude - one.latitude, east)


def _higher_m(one: Telemetry, other: Telemetry) -> float:
    same = one.height.datum is other.height.datum
    higher = abs(other.height.metres - one.height.metres) if same else 0.0
    return higher if math.isfinite(higher) else 0.0
