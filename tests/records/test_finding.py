"""Passages found in a real engine, against plain Python on random reads (finding_world)."""

import subprocess
import sys
from pathlib import Path

import pytest

WORLD = Path(__file__).with_name("finding_world.py")


@pytest.mark.parametrize("seed", [1, 2])
def test_answers_are_those_of_plain_python(seed: int, tmp_path: Path) -> None:
    command = [sys.executable, str(WORLD), str(tmp_path), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-6000:]
