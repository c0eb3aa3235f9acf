"""What files hold, whoever wrote them."""

from pathlib import Path


def files_with(home: Path, wanted: bytes) -> list[str]:
    """Every file below, whatever of, that holds these bytes in a row."""
    found = []
    for file in home.rglob("*"):
        try:
            if file.is_file() and wanted in file.read_bytes():
                found.append(str(file.relative_to(home)))
        except FileNotFoundError:
            continue
    return found
