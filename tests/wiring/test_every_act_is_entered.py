"""No part that changes something is built without the trail."""

import ast
from pathlib import Path

import morina

CHANGING = {
    "PostgresHotlists", "PostgresClonedPlates", "PostgresAlerts", "PostgresForgetting",
    "PostgresCameras", "PostgresPushing",
}  # fmt: skip
READING_ONLY = {"camera_test.py", "asking.py", "health.py"}
"""Here cameras are looked up and nothing is changed."""


def test_wiring_gives_every_part_that_changes_something_the_trail() -> None:
    built = 0
    for file in (Path(morina.__file__).parent / "wiring").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in CHANGING:
                continue
            if file.name in READING_ONLY:
                continue
            built += 1
            assert "rail" in ast.unparse(call), f"{file.name}:{call.lineno}"
    assert built >= len(CHANGING)
