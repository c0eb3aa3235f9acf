"""Where what a sensor saw is put, as a role."""

from typing import Protocol


class Pictures(Protocol):
    """Encoded pictures, named by the SHA-256 (hex) of their bytes."""

    async def put(self, image: bytes) -> str:
        """Store a picture durably and return its name."""

    async def get(self, sha256: str) -> bytes:
        """The picture of that name; LookupError when it is not kept."""
