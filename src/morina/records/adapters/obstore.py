"""Pictures in an object store: a folder, or any S3, through ``obstore``."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from morina.records.images import NoSuchImageError


@dataclass(frozen=True, slots=True)
class ObstoreImages:
    """Pictures under ``ab/cd/abcd...``, named by the SHA-256 of their bytes."""

    store: ObjectStore

    @classmethod
    def at(cls, url: str, folder: Path) -> Self:
        """The store at ``url``, or in ``folder`` when that is empty."""
        return cls(from_url(url) if url else LocalStore(folder, mkdir=True))

    async def put(self, image: bytes) -> str:
        """See ImageStore."""
        sha256 = hashlib.sha256(image).hexdigest()
        if not await self.has(sha256):
            await obstore.put_async(self.store, _key(sha256), image)
        return sha256

    async def get(self, sha256: str) -> bytes:
        """See ImageStore; a picture changed on disk counts as not kept."""
        _check(sha256)
        try:
            found = await obstore.get_async(self.store, _key(sha256))
        except (NotFoundError, FileNotFoundError):
            raise NoSuchImageError(f"no picture {sha256} is kept") from None
        image = bytes(await found.bytes_async())
        if hashlib.sha256(image).hexdigest() != sha256:
            raise NoSuchImageError(f"the picture kept as {sha256} is no longer the same")
        return image

    async def has(self, sha256: str) -> bool:
        """See ImageStore."""
        _check(sha256)
        try:
            await obstore.head_async(self.store, _key(sha256))
        except (NotFoundError, FileNotFoundError):
            return False
        return True


def _check(sha256: str) -> None:
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise NoSuchImageError(f"{sha256!r} is not the name of a picture")


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
