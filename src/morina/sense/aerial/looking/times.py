"""What the aircraft said at the moment of a picture: between the two sayings around it."""

from bisect import bisect_right
from dataclasses import replace
from operator import attrgetter

from morina.sense.aerial.telemetry import Angles, Flight, Height, Telemetry


class Timeline:
    """A flight's telemetry by time. Nothing is said where two sayings are further than
    ``most_gap_s`` apart, nor further than that before the first and after the last."""

    def __init__(self, flight: Flight, most_gap_s: float) -> None:
        self._said = sorted(flight.telemetry, key=attrgetter("at_s"))
        self._times = [one.at_s for one in self._said]
        self._most_gap_s = most_gap_s

    @property
    def ends_s(self) -> float:
        """The time of the last saying; 0 where there is none."""
        return self._times[-1] if self._times else 0.0

    def at(self, at_s: float) -> Telemetry | None:
        """In proportion between its neighbours; the nearer one's words for what has none."""
        right = bisect_right(self._times, at_s)
        before = self._said[right - 1] if right else None
        after = self._said[right] if right < len(self._said) else None
        if before is None or after is None:
            alone = before or after
            near = alone is not None and abs(alone.at_s - at_s) <= self._most_gap_s
            return replace(alone, at_s=at_s) if alone is not None and near else None
        if after.at_s - before.at_s > self._most_gap_s:
            return None
        return _between(before, after, at_s)


def _between(one: Telemetry, other: Telemetry, at_s: float) -> Telemetry:
    share = (at_s - one.at_s) / (other.at_s - one.at_s)
    near = one if share < 0.5 else other
    turned = one.longitude + share * _turn(one.longitude, other.longitude)
    return replace(
        near,
        at_s=at_s,
        at=None if one.at is None or other.at is None else one.at + share * (other.at - one.at),
        latitude=_part(one.latitude, other.latitude, share),
        longitude=(turned + 180) % 360 - 180,
        height=_height(one.height, other.height, share) or near.height,
        camera=_angles(one.camera, other.camera, share),
        view=_view(one.view, other.view, share),
        told_centre=None,
        told_slant_m=None,
    )


def _part(one: float, other: float, share: float) -> float:
    return one + share * (other - one)


def _turn(one: float, other: float) -> float:
    """The shorter way round."""
    return (other - one + 180) % 360 - 180


def _height(one: Height, other: Height, share: float) -> Height | None:
    if one.datum is not other.datum:
        return None
    return Height(_part(one.metres, other.metres, share), one.datum)


def _angles(one: Angles | None, other: Angles | None, share: float) -> Angles | None:
    """None where either does not say it: a way the camera points is never guessed."""
    if one is None or other is None:
        return None
    return Angles(
        (one.yaw + share * _turn(one.yaw, other.yaw)) % 360,
        one.pitch + share * _turn(one.pitch, other.pitch),
        one.roll + share * _turn(one.roll, other.roll),
    )


def _view(
    one: tuple[float, float] | None, other: tuple[float, float] | None, share: float
) -> tuple[float, float] | None:
    if one is None or other is None:
        return None
    return _part(one[0], other[0], share), _part(one[1], other[1], share)
