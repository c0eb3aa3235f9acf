"""What the two kinds of tiles file have in common."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MAX_ZOOM = 24
"""Deeper tiles than this are of no use: one is 2 m wide."""

_IMAGE_STARTS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


class TilesError(ValueError):
    """A tiles file cannot be shown; says which file, why, and what to do."""

    def __init__(self, path: Path, fault: str, mend: str) -> None:
        super().__init__(f"{path}: {fault}; {mend}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Where a file has tiles; ``bounds`` are west, south, east, north in degrees."""

    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float] | None
    attribution: str


class TileSource(Protocol):
    """A file of picture tiles in the usual web scheme: x from the west, y from the north."""

    @property
    def coverage(self) -> Coverage:
        """Where the file has tiles."""

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The encoded picture, None where there is none. TilesError when the file is damaged."""


def media_type(tile: bytes) -> str | None:
    """Of a PNG, JPEG or WebP picture by its first bytes; None for anything else."""
    if tile[:4] == b"RIFF" and tile[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _IMAGE_STARTS if tile.startswith(start)), None)


def refuse_vector(path: Path) -> TilesError:
    """The error for a file of vector tiles."""
    return TilesError(
        path,
        "holds vector tiles, which Morina does not draw yet",
        "give it a file of picture tiles (PNG, JPEG or WebP)",
    )


def refuse_damaged(path: Path, why: object) -> TilesError:
    """The error for a file that cannot be read to its end."""
    return TilesError(path, f"is damaged ({why})", "copy it again from where it was made")
