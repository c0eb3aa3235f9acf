"""Spans of time in the largest units that tell enough."""

from collections.abc import Mapping

_MINUTE_S, _HOUR_MIN, _DAY_S = 60, 60, 86_400
SECONDS, MINUTES, HOURS, DAYS = (
    "{seconds} s",
    "{minutes} min",
    "{hours} h {minutes} min",
    "{days} d",
)


def shape(length_s: float) -> tuple[str, Mapping[str, object]]:
    """The words for a span of at least 0 seconds, in English, and the numbers that fill them.

    Tenths of a second below ten seconds; seconds below two minutes; days from two days on.
    """
    if length_s < 10:
        return SECONDS, {"seconds": f"{length_s:.1f}"}
    if length_s < 2 * _MINUTE_S:
        return SECONDS, {"seconds": round(length_s)}
    minutes = round(length_s / _MINUTE_S)
    if minutes < _HOUR_MIN:
        return MINUTES, {"minutes": minutes}
    if length_s < 2 * _DAY_S:
        hours, rest = divmod(minutes, _HOUR_MIN)
        return HOURS, {"hours": hours, "minutes": rest}
    return DAYS, {"days": round(length_s / _DAY_S)}
