"""Where pictures are kept, as a role."""

from typing import Protocol

from morina.sense.pictures import Pictures


class NoSuchImageError(LookupError):
    """No picture is kept under that SHA-256."""


class ImageStore(Pictures, Protocol):
    """What sensors put their pictures into, as everybody else sees it.

    Storing a picture twice is one picture; ``get`` checks the bytes against the name and raises
    NoSuchImageError.
    """

    async def has(self, sha256: str) -> bool:
        """Whether the picture is kept."""
