"""Messages carried on a stick: sealed files to partners, and receipts carried back.

``messages/AL_GB_0000000007.jwe`` is number 7 from AL to GB, ``receipts/`` holds GB's receipt of it
under the same name. Reading and writing again changes nothing; sticks may be read in any order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from morina.exchange.faults import EnvelopeError
from morina.exchange.receipts import Receipt, ReceiptError
from morina.exchange.sealing import message_in, sealed_to
from morina.exchange.transport import GAP, Received, RefusedAtDoorError
from morina.wiring.exchange.delivery import Delivery
from morina.wiring.exchange.ground import Ground

AT_ONCE = 10_000
_FILE = re.compile(r"([A-Z0-9-]{2,19})_([A-Z0-9-]{2,19})_(\d{10})\.(?:jwe|json)")
_RECEIPTS = """
SELECT seq, receipt FROM exchange_message
WHERE sender = %s AND receiver = %s AND receipt IS NOT NULL AND at > now() - interval '90 days'
ORDER BY seq DESC LIMIT %s"""
_OURS = "SELECT signed FROM exchange_message WHERE sender = %s AND receiver = %s AND seq = %s"


class Name(NamedTuple):
    """Which message a file is of."""

    sender: str
    to: str
    seq: int

    @classmethod
    def of(cls, file: Path) -> "Name | None":
        """None where the file is none of ours."""
        found = _FILE.fullmatch(file.name)
        return cls(found[1], found[2], int(found[3])) if found else None

    @property
    def text(self) -> str:
        """Without its ending."""
        return f"{self.sender}_{self.to}_{self.seq:010}"


@dataclass(slots=True)
class Found:
    """What came of reading a stick."""

    taken: int = 0
    waiting: int = 0
    """Kept until those come that stand before them."""
    receipts: int = 0
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stick:
    """One folder, read and written by the node of ``ground``."""

    folder: Path
    ground: Ground
    delivery: Delivery

    async def write(self, to: str) -> int:
        """Every message that waits for a partner, sealed to the key it has now, and receipts of
        what came from it; how many messages. UnknownNodeError, EnvelopeError, OSError."""
        party = await self.ground.partners.party(to)
        here = self.ground.node_id
        rows = await self.delivery.waiting.first(to, AT_ONCE)
        for row in rows:
            if row.signed is not None:
                name = Name(here, to, row.seq)
                self._put("messages", f"{name.text}.jwe", sealed_to(row.signed, party))
        await self._write_receipts(to)
        return len(rows)

    async def read(self) -> Found:
        """Take in what is for this node, write receipts beside it, keep receipts that came."""
        found = Found()
        for file, name in self._files("messages"):
            if name.to == self.ground.node_id:
                await self._take(file, found)
        senders = {name.sender for _, name in self._files("messages")}
        for sender in sorted(senders - {self.ground.node_id}):
            while await self.delivery.early.one(sender) == 0:
                found.taken, found.waiting = found.taken + 1, max(0, found.waiting - 1)
            await self._write_receipts(sender)
        for file, name in self._files("receipts"):
            if name.sender == self.ground.node_id:
                await self._keep(file, name, found)
        return found

    async def _take(self, file: Path, found: Found) -> None:
        now, most = datetime.now(UTC), self.ground.settings.exchange.message_bytes
        if file.stat().st_size > most:
            found.refused.append(f"{file.name}: it is larger than {most:,} bytes")
            return
        sealed = file.read_bytes()
        try:
            await self.delivery.inbox.accept(sealed, "", now)
            found.taken += 1
        except RefusedAtDoorError as refused:
            if refused.code != GAP:
                found.refused.append(f"{file.name}: {refused}")
                return
            await self.delivery.early.keep(sealed, now)
            found.waiting += 1

    async def _keep(self, file: Path, name: Name, found: Found) -> None:
        """Keep a receipt where it is a good one of a message of ours."""
        pair = (name.sender, name.to, name.seq)
        async with self.ground.pool.connection() as connection:
            row = await (await connection.execute(_OURS, pair)).fetchone()
        if row is None or row[0] is None:
            return
        known = {one.node_id: one for one in await self.ground.partners.parties()}
        try:
            message, party = message_in(bytes(row[0]), known), known[name.to]
            written = file.read_bytes()
            Receipt.read(written).check(message, (party.signing, *party.old_keys))
        except (EnvelopeError, ReceiptError, KeyError) as error:
            found.refused.append(f"{file.name}: {error}")
            return
        await self.delivery.waiting.received(
            [Received(message.message_id, message.digest, written)], datetime.now(UTC)
        )
        found.receipts += 1

    async def _write_receipts(self, sender: str) -> None:
        pair = (sender, self.ground.node_id)
        async with self.ground.pool.connection() as connection:
            rows = await (await connection.execute(_RECEIPTS, (*pair, AT_ONCE))).fetchall()
        for seq, receipt in rows:
            self._put("receipts", f"{Name(*pair, seq).text}.json", bytes(receipt))

    def _files(self, kind: str) -> Iterator[tuple[Path, Name]]:
        """In the order of their names, which is that of their numbers."""
        folder = self.folder / kind
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if (name := Name.of(file)) and file.is_file() and not file.is_symlink():
                yield file, name

    def _put(self, kind: str, name: str, content: bytes) -> None:
        """Whole or not at all, for sticks are pulled out."""
        folder = self.folder / kind
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{name}.part"
        fresh.write_bytes(content)
        fresh.replace(folder / name)
