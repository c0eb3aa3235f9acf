import logging
from pathlib import Path

import pytest

from morina.sense.cameras.adapters.file_cursors import FileCursors


def test_a_cursor_is_kept_over_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "cursors.json"
    assert FileCursors(file).load() == {}
    FileCursors(file).keep("gate", "1")
    FileCursors(file).keep("bridge", "7")
    FileCursors(file).keep("gate", "2")
    assert FileCursors(file).load() == {"gate": "2", "bridge": "7"}
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_known_is_not_written_again(tmp_path: Path) -> None:
    cursors = FileCursors(tmp_path / "cursors.json")
    cursors.keep("gate", "1")
    before = cursors.file.stat().st_ino
    cursors.keep("gate", "1")
    assert cursors.file.stat().st_ino == before
    cursors.keep("gate", "2")
    assert cursors.load() == {"gate": "2"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"gate": 1}'])
def test_a_broken_file_is_said_and_begun_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    cursors = FileCursors(tmp_path / "cursors.json")
    cursors.file.write_bytes(content)
    with caplog.at_level(logging.ERROR):
        assert cursors.load() == {}
    assert str(cursors.file) in caplog.text
    cursors.keep("gate", "1")
    assert cursors.load() == {"gate": "1"}
