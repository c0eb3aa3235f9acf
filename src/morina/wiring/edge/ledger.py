"""The site's ledger as a file: written whole, often, without waiting for the disk.

A power cut may bring an older one back; what follows from that is sent twice and kept once.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

import msgspec

from morina.sense.site import Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """The ledger in ``file``."""

    file: Path

    def load(self) -> Ledger:
        """As it was last written; a fresh one when there is none or it cannot be read."""
        try:
            return msgspec.json.decode(self.file.read_bytes(), type=Ledger)
        except FileNotFoundError:
            return Ledger()
        except msgspec.DecodeError as error:
            log.error("%s cannot be read (%s); counts start anew", self.file, error)
            return Ledger()

    def save(self, ledger: Ledger) -> None:
        """Replace what is in the file."""
        fresh = self.file.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(ledger))
        fresh.replace(self.file)
