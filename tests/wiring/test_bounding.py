"""A picture of a few kilobytes cannot take the machine's memory."""

import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

SIDE = 20_000
"""400 million pixels, 1.2 GB once decoded: fewer than OpenCV itself refuses."""

DECODES = """
import sys
from pathlib import Path
from morina.settings import load_settings
from morina.wiring import bounding

bounding.MOST_PIXELS = int(sys.argv[2])
bounding.bound_worker(load_settings(Path("none.toml"), Path("home")))
from morina.sense.recogniser.evidence import decoded
from morina.sense.recogniser.fitting import NotAPictureError

try:
    decoded(Path(sys.argv[1]).read_bytes())
except NotAPictureError as error:
    print(error)
[peak] = [line for line in Path("/proc/self/status").open() if line.startswith("VmHWM")]
print(peak.split()[1])
"""
"""Prints the most memory this program itself held: ``ru_maxrss`` would start at that of the process
which began it (getrusage(2) keeps it through execve), and a long test run holds much."""


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(
        ">I", zlib.crc32(kind + content)
    )  # fmt: skip


@pytest.fixture(scope="module")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PNG of black rows, each compressed to almost nothing."""
    packing, rows = zlib.compressobj(1), b""
    for _ in range(SIDE // 100):
        rows += packing.compress(bytes((SIDE + 1) * 100))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", rows + packing.flush()), chunk(b"IEND", b"")]
    file = tmp_path_factory.mktemp("bomb") / "bomb.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    assert file.stat().st_size < 4_000_000
    return file


@pytest.mark.parametrize(
    ("most_pixels", "memory"), [("50000000", "6000000000"), ("1000000000", "1200000000")]
)
def test_a_pixel_bomb_is_refused_by_its_pixels_and_by_the_memory(
    bomb: Path, most_pixels: str, memory: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DECODES, str(bomb), most_pixels], capture_output=True, text=True,
        env=os.environ | {"MORINA_READING__MEMORY_BYTES": memory}, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said, peak_kb = done.stdout.splitlines()
    assert said.startswith("the picture cannot be decoded")
    assert int(peak_kb) < 1_000_000


def test_without_bounds_it_would_take_that_memory(bomb: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DECODES, str(bomb), "1000000000"], capture_output=True, text=True,
        env=os.environ | {"MORINA_READING__MEMORY_BYTES": "0"}, check=True, timeout=300,
    )  # fmt: skip
    assert int(done.stdout.split()[-1]) > 1_000_000


@pytest.mark.parametrize("kind", ["reader", "cameras"])
def test_the_processes_that_read_are_bound(kind: str, tmp_path: Path, nats_url: str) -> None:
    environment = {
        "MORINA_HOME": str(tmp_path), "MORINA_READING__MEMORY_BYTES": "5000000000",
        "MORINA_ENGINES__NATS_URL": nats_url,
        "MORINA_ENGINES__POSTGRES_DSN": "postgresql://nobody@127.0.0.1:1/none",
    }  # fmt: skip
    command = [sys.executable, "-m", "morina.cli", "worker", kind]
    with subprocess.Popen(command, env=os.environ | environment) as process:
        try:
            limits = Path(f"/proc/{process.pid}/limits")
            while "5000000000" not in (said := limits.read_text()):
                assert process.poll() is None, said
                time.sleep(0.05)
        finally:
            process.kill()
    [bound] = [line for line in said.splitlines() if line.startswith("Max address space")]
    assert bound.split()[3:5] == ["5000000000", "5000000000"]
