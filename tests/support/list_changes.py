"""What changed on the hotlists, as one piece."""

from itertools import chain

from morina.watch import Changes, HotlistStore


async def changes_since(store: HotlistStore, revision: int) -> Changes:
    """All pages since ``revision`` (0: everything now listed) together."""
    pages = [page async for page in store.pages_since(revision)]
    last = pages[-1]
    return Changes(
        last.revision,
        chain.from_iterable(page.added for page in pages),
        chain.from_iterable(page.withdrawn for page in pages),
        last.as_of,
        chain.from_iterable(page.emptied for page in pages),
    )
