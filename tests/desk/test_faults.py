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
