"""Live video handed to a process that looks: nobody waits for it, what it misses is left out."""

import io
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from live_sent import until
from morina.sense.aerial.sources.klv_live import Before
from morina.sense.aerial.stated import FilmKind
from morina.wiring.aerial import feeding
from morina.wiring.aerial.feeding import BROKEN, LEFT_OUT, Begun, Feed, pieces

BEGUN = Begun(uuid4(), Before(10.0, 4.5, 0.25), FilmKind.THERMAL)
KEEPS = """
import sys
into = open(sys.argv[1], "ab", 0)
while part := sys.stdin.buffer.read1(1 << 16):
    into.write(part)
"""
WAITS = """
import pathlib, sys, time
sys.stdin.buffer.readline()
while not pathlib.Path(sys.argv[2]).exists():
    time.sleep(0.02)
""" + KEEPS.replace("\nimport sys", "")
DIES = """
import sys
with open(sys.argv[1], "ab", 0) as into:
    into.write(sys.stdin.buffer.readline() + sys.stdin.buffer.read(50))
"""


def command(does: str, *arguments: Path) -> list[str]:
    return [sys.executable, "-c", does, *map(str, arguments)]


def told(content: bytes) -> list[bytes | int]:
    return list(pieces(io.BytesIO(content)))


def test_it_is_told_of_the_sortie_and_then_given_all_in_order(tmp_path: Path) -> None:
    feed = Feed(command(KEEPS, tmp_path / "got"), lambda: BEGUN)
    for chunk in (b"one", b"two"):
        feed.put(chunk)
    feed.again()
    feed.put(b"three")
    until(lambda: (tmp_path / "got").exists() and b"three" in (tmp_path / "got").read_bytes())
    feed.close()
    line, _, rest = (tmp_path / "got").read_bytes().partition(b"\n")
    assert Begun.of(line) == BEGUN
    assert told(rest) == [b"one", b"two", BROKEN, b"three"]


def test_who_is_too_slow_is_given_the_newest_and_memory_stays_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "STUCK_S", 600.0)
    feed = Feed(command(WAITS, tmp_path / "got", tmp_path / "go"), lambda: BEGUN, 1_000_000)
    for number in range(40):
        feed.put(number.to_bytes(4, "big") * 25_000)
        assert feed.waiting <= 1_000_000
    assert not (tmp_path / "got").exists(), "all was put before any of it was taken"
    (tmp_path / "go").touch()
    last = (39).to_bytes(4, "big") * 25_000
    until(lambda: (tmp_path / "got").exists() and (tmp_path / "got").read_bytes().endswith(last))
    feed.close()
    got = told((tmp_path / "got").read_bytes())
    at = len(got) - 1 - got[::-1].index(LEFT_OUT)
    assert got[-1] == last and 1 <= len(got) - 1 - at <= 10


def test_one_that_dies_is_begun_anew_with_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "AGAIN_S", 0.05)
    feed = Feed(command(DIES, tmp_path / "got"), lambda: BEGUN)
    got = tmp_path / "got"

    def begun_again() -> bool:
        feed.put(b"x" * 1000)
        return got.exists() and got.read_bytes().count(b"sortie_id") > 2

    until(begun_again)
    feed.close()


def test_one_that_takes_nothing_any_more_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "AGAIN_S", 0.05)
    monkeypatch.setattr(feeding, "STUCK_S", 0.2)
    monkeypatch.setattr(feeding, "ENDS_WITHIN_S", 0.1)
    begun: list[Begun] = []

    def begins() -> Begun:
        begun.append(BEGUN)
        return BEGUN

    feed = Feed(command("import time; time.sleep(600)"), begins)

    def begun_again() -> bool:
        feed.put(b"x" * 300_000)
        return len(begun) > 1

    until(begun_again)
    feed.close()
