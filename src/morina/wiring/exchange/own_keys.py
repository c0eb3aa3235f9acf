"""Secrets of this node's keys in the exchange, as its home holds them: each renewal adds one."""

from dataclasses import dataclass
from itertools import count, takewhile
from secrets import token_urlsafe

from morina.engines import Home
from morina.exchange.sealing import SEALING_SECRET


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of key. ``first`` is the secret it began with, ``later`` with a number those after;
    none is overwritten, for a key is used until the directory names another."""

    first: str
    later: str

    def names(self, home: Home) -> list[str]:
        """Secrets there are, oldest first."""
        later = (f"{self.later}-{number}" for number in count(2))
        folder = home.path / "secrets"
        return [self.first, *takewhile(lambda name: (folder / name).exists(), later)]

    def held(self, home: Home) -> list[str]:
        """What they hold, oldest first; the first is made where there is none."""
        return [home.secret(name) for name in self.names(home)]

    def add(self, home: Home) -> None:
        """Make another beside them."""
        name = f"{self.later}-{len(self.names(home)) + 1}"
        home.write_private(home.folder("secrets") / name, token_urlsafe(32))


SIGNING = Sort("signing", "exchange-signing")
"""The first is the key that signs the trail as well; a renewed one serves the exchange alone."""

SEALING = Sort(SEALING_SECRET, SEALING_SECRET)
