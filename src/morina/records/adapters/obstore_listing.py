"""All pictures of a store, by name."""

from collections.abc import AsyncIterator

import obstore

from morina.records.adapters.obstore import ObstoreImages, _answering, _key


async def listed(images: ObstoreImages) -> AsyncIterator[list[tuple[str, int]]]:
    """Names and bytes of the pictures, in sorted batches; what has another name is left out.

    PicturesAwayError.
    """
    for first in range(256):
        found: list[tuple[str, int]] = []
        with _answering():
            async for batch in obstore.list(images.store, prefix=f"{first:02x}"):
                found += [(one["path"].rpartition("/")[2], one["size"]) for one in batch
                          if _is_picture(one["path"])]  # fmt: skip
        if found:
            yield sorted(found)


def _is_picture(path: str) -> bool:
    name = path.rpartition("/")[2]
    return len(name) == 64 and _key(name) == path
