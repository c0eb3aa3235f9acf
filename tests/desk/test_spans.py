"""Spans of time as they are shown."""

import pytest

from morina.desk.spans import span
from morina.desk.words import Words


@pytest.mark.parametrize(
    ("seconds", "english", "albanian"),
    [
        (21830397.4, "253 d", "253 ditë"),
        (-21830397.4, "-253 d", "-253 ditë"),
        (2 * 86_400, "2 d", "2 ditë"),
        (2 * 86_400 - 31, "47 h 59 min", "47 orë 59 min"),
        (4_320, "1 h 12 min", "1 orë 12 min"),
        (-3_600, "-1 h 0 min", "-1 orë 0 min"),
        (3_599, "1 h 0 min", "1 orë 0 min"),
        (120, "2 min", "2 min"),
        (95.2, "95 s", "95 s"),
        (-2.34, "-2.3 s", "-2.3 s"),
        (-0.04, "0.0 s", "0.0 s"),
    ],
)
def test_a_span_is_said_in_units_that_tell_enough(
    seconds: float, english: str, albanian: str
) -> None:
    assert span(seconds, Words("en")) == english
    assert span(seconds, Words("sq")) == albanian
