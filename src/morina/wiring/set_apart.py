"""What lives long, kept from the search for garbage."""

import gc

from morina.watch import Changes

MANY = 1_000


def set_apart(page: Changes) -> None:
    """Entries of long lists from what is searched for garbage: that holds up reads for longer the
    more there is, half a second at a million entries. They are freed as before."""
    if len(page.added) >= MANY:
        gc.freeze()
