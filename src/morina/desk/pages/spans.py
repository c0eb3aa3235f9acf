"""Spans of time as people say them."""

from morina.desk.words import Words

_MINUTE_S, _HOUR_MIN, _DAY_S = 60, 60, 86_400


def span(seconds: float, t: Words) -> str:
    """``seconds`` in the largest units that tell enough, a minus before a negative span.

    Tenths of a second below ten seconds; seconds below two minutes; days from two days on.
    """
    length = abs(seconds)
    said = _length(length, t)
    return f"-{said}" if seconds < 0 and round(length, 1) else said


def _length(length: float, t: Words) -> str:
    if length < 10:
        return t("{seconds} s", seconds=f"{length:.1f}")
    if length < 2 * _MINUTE_S:
        return t("{seconds} s", seconds=round(length))
    minutes = round(length / _MINUTE_S)
    if minutes < _HOUR_MIN:
        return t("{minutes} min", minutes=minutes)
    if length < 2 * _DAY_S:
        hours, rest = divmod(minutes, _HOUR_MIN)
        return t("{hours} h {minutes} min", hours=hours, minutes=rest)
    return t("{days} d", days=round(length / _DAY_S))
