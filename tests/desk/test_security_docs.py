"""docs/security.md lists every attempt that is made, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_attempt_is_in_the_table() -> None:
    made = (ROOT / "tests" / "desk" / "api" / "test_attempts.py").read_text()
    page = (ROOT / "docs" / "security.md").read_text()
    listed = re.findall(r"^\|.*\| `(test_\w+)` \|$", page, re.M)
    assert sorted(listed) == sorted(re.findall(r"^(?:async )?def (test_\w+)", made, re.M))
    assert len(listed) > 30
