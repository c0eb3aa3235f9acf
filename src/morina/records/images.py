"""Where pictures are kept, as a role."""

from typing import Protocol


class NoSuchImageError(LookupError):
    """No picture is kept under that SHA-256."""


class ImageStore(Protocol):
    """Encoded pictures, named by the SHA-256 (hex) of their bytes."""

    async def put(self, image: bytes) -> str:
        """Store a picture durably and return its name; storing it twice is one picture."""

    async def get(self, sha256: str) -> bytes:
        """The picture's bytes, checked against the name; NoSuchImageError."""

    async def has(self, sha256: str) -> bool:
        """Whether the picture is kept."""
