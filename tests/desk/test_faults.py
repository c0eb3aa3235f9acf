"""The desk's words for a camera's faults are those of the API, in every language."""

import pytest

from morina.desk import faults
from morina.desk.words import Words
from morina.sense.cameras import mending
from morina.sense.cameras.condition import Fault, Finding

VALUES = {
    name: "7"
    for name in (
        "minutes", "error", "n", "hours", "usual", "of", "since", "now", "change", "night", "day",
        "light", "spread", "seconds", "camera", "link",
    )
}  # fmt: skip


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_is_said_alike_in_english_and_otherwise_in_albanian(fault: Fault) -> None:
    found = Finding(fault=fault, values=VALUES)
    assert faults.said(found, Words("en")) == mending.says(found)
    assert faults.mend(found, Words("en")) == mending.mend(found)
    assert faults.said(found, Words("sq")) != mending.says(found)
    assert faults.mend(found, Words("sq")) != mending.mend(found)


@pytest.mark.parametrize(
    ("seconds", "english", "albanian"),
    [
        ("+21830397", "the clock is 253 d behind", "ora është 253 ditë prapa"),
        ("-4320", "the clock is 1 h 12 min ahead", "ora është 1 orë 12 min para"),
        ("+95", "the clock is 95 s behind", "ora është 95 s prapa"),
    ],
)
def test_how_wrong_a_clock_is_reads_as_a_span_of_time(
    seconds: str, english: str, albanian: str
) -> None:
    found = Finding(fault=Fault.CLOCK, values={"seconds": seconds})
    assert mending.says(found) == faults.said(found, Words("en")) == english
    assert faults.said(found, Words("sq")) == albanian
