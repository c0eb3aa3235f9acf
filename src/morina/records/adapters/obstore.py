"""Pictures in an object store: a folder, or any S3, through ``obstore``."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import obstore
from obstore.exceptions import (
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import LocalStore, ObjectStore, from_url

from morina.records.images import NoSuchImageError

AT_ONCE = 1000
"""Pictures removed by one request."""


class PicturesAwayError(ConnectionError):
    """The object store does not answer or refuses; whoever has pictures tries again later."""


@dataclass(frozen=True, slots=True)
class ObstoreImages:
    """Pictures under ``ab/cd/abcd...``, named by the SHA-256 of their bytes.

    An S3 store takes endpoint, region and keys from the environment (docs/operations.md).
    PicturesAwayError while it cannot be used.
    """

    store: ObjectStore

    @classmethod
    def at(cls, url: str, folder: Path) -> Self:
        """The store at ``url``, or in ``folder`` when that is empty; ValueError for no such URL."""
        try:
            return cls(from_url(url) if url else LocalStore(folder, mkdir=True))
        except BaseError as error:
            raise ValueError(
                f"{_first_line(error)}; write an address such as s3://bucket"
            ) from None

    async def put(self, image: bytes) -> str:
        """See ImageStore."""
        sha256 = hashlib.sha256(image).hexdigest()
        if not await self.has(sha256):
            with _answering():
                await obstore.put_async(self.store, _key(sha256), image)
        return sha256

    async def get(self, sha256: str) -> bytes:
        """See ImageStore; a picture changed on disk counts as not kept."""
        _check(sha256)
        with _answering():
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
        with _answering():
            try:
                await obstore.head_async(self.store, _key(sha256))
            except (NotFoundError, FileNotFoundError):
                return False
        return True

    async def remove(self, names: Collection[str]) -> int:
        """See PictureRemoval."""
        there = [name for name in sorted(names) if await self.has(name)]
        for first in range(0, len(there), AT_ONCE):
            keys = [_key(name) for name in there[first : first + AT_ONCE]]
            await obstore.delete_async(self.store, keys)
        return len(there)

    async def older(self, than: datetime, of: int, part: int) -> list[str]:
        """See PictureRemoval. What was put by no name of a picture is left alone."""
        found: list[str] = []
        for first in range(part, 256, of):
            async for batch in obstore.list(self.store, prefix=f"{first:02x}"):
                found += [one["path"] for one in batch if one["last_modified"] < than]
        return [name for path in found if _key(name := path.rpartition("/")[2]) == path]


@contextmanager
def _answering() -> Iterator[None]:
    """What the store's library raises, as PicturesAwayError in words."""
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError):
        raise PicturesAwayError(
            "the object store refuses the keys; mend AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
            "in the node's environment, or what they may do in the bucket"
        ) from None
    except BaseError as error:
        raise PicturesAwayError(f"the object store cannot be used: {_first_line(error)}") from None


def _first_line(error: BaseError) -> str:
    return str(error).partition("\n")[0][:300].rstrip(" :")


def _check(sha256: str) -> None:
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise NoSuchImageError(f"{sha256!r} is not the name of a picture")


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
