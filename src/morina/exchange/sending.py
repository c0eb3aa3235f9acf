"""Sending what waits for a partner: in order, until its receipt came, ever more slowly where it
does not answer."""

import logging
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from morina.exchange.faults import EnvelopeError, Fault
from morina.exchange.parties import Partners, Party, UnknownNodeError
from morina.exchange.receipts import Receipt, ReceiptError
from morina.exchange.sealing import digest_of, sealed_to
from morina.exchange.transport import (
    GAP,
    Received,
    RefusedAtDoorError,
    Resigning,
    Transport,
    Unreceived,
    Waiting,
)

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_FOR_A_CLOCK_S = 15.0
"""Between tries of what was signed by a clock that ran ahead: its moment comes by itself."""
AT_A_TIME, AT_A_TIME_BYTES = 32, 1_000_000
"""Of one request, before they are sealed; one message may be larger."""
NOTHING, AT_ONCE = None, 0.0


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends to partners, one request at a time to each; partners do not wait for one another."""

    waiting: Waiting
    transport: Transport
    partners: Partners
    resigning: Resigning
    longest_pause_s: float = 10

    async def one(self, partner: str) -> float | None:
        """Send the first that wait. Seconds until the next try: 0 at once, None: nothing waits.

        ConnectionError where the database does not answer."""
        rows = await self.waiting.first(partner, AT_A_TIME, AT_A_TIME_BYTES)
        if not rows:
            return NOTHING
        left = seconds_until(rows[0].next_try_at, self.longest_pause_s)
        if left > 0:
            return left
        try:
            receipts = await self._delivered(rows, partner)
        except RefusedAtDoorError as refused:
            return await self._refused(rows[0], partner, refused)
        except (EnvelopeError, ReceiptError, UnknownNodeError, OSError) as error:
            return await self._failed(rows[0], str(error), self.longest_pause_s)
        if receipts:
            await self.waiting.received(receipts, datetime.now(UTC))
        return AT_ONCE if receipts else NOTHING

    async def _delivered(self, rows: Sequence[Unreceived], partner: str) -> Sequence[Received]:
        """The receipts of those that got there; none for a partner that is reached by sticks only.
        What hinders the first is raised; what hinders another, once that is the first."""
        party = await self.partners.party(partner)
        if not party.address:
            return ()
        sealed = [sealed_to(_content(rows[0]), party)]
        with suppress(ReceiptError, EnvelopeError):
            sealed += (sealed_to(_content(row), party) for row in rows[1:])
        written = await self.transport.deliver(party, sealed)
        return _checked(rows, written, party)

    async def _refused(self, row: Unreceived, partner: str, refused: RefusedAtDoorError) -> float:
        """A gap is filled at once, from the number awaited; what an old key signed is signed anew;
        all else waits for somebody."""
        if refused.code == GAP and 0 < refused.awaited < row.seq:
            log.info("%s awaits number %d: sent anew from there", partner, refused.awaited)
            await self.waiting.from_number(partner, refused.awaited)
            return AT_ONCE
        if refused.code == Fault.OLD_KEY and (
            count := await self.resigning.anew(partner, row.seq, datetime.now(UTC))
        ):
            log.warning("%d messages to %s are signed anew: the key was replaced", count, partner)
            return AT_ONCE
        for_a_clock = min(self.longest_pause_s, LONGEST_FOR_A_CLOCK_S)
        longest_s = for_a_clock if refused.code == Fault.CLOCK else self.longest_pause_s
        return await self._failed(row, f"refused ({refused.code}): {refused}", longest_s)

    async def _failed(self, row: Unreceived, why: str, longest_s: float) -> float:
        pause = pause_after(row.tries, longest_s)
        again_at = datetime.now(UTC) + timedelta(seconds=pause)
        await self.waiting.failed(row.message_id, why, again_at)
        return pause


def _content(row: Unreceived) -> bytes:
    """The signed bytes of one; ReceiptError where they are not there."""
    if row.signed is None:
        raise ReceiptError(
            f"number {row.seq} is awaited and its content was forgotten; settle it with"
            f" {row.to} by hand"
        )
    if digest_of(row.signed) != row.digest:
        raise ReceiptError(
            f"number {row.seq} was changed in the database since it was signed; look who may"
            " write there"
        )
    return row.signed


def _checked(
    rows: Sequence[Unreceived], written: Sequence[bytes], party: Party
) -> Sequence[Received]:
    """What was received, by its receipts; ReceiptError where the first is none."""
    keys = (party.signing, *party.old_keys)
    good: list[Received] = []
    for row, receipt in zip(rows, written, strict=False):
        try:
            Receipt.read(receipt).check(row, keys)
        except ReceiptError:
            if not good:
                raise
            break
        good.append(Received(row.message_id, row.digest, receipt))
    return good


def pause_after(tries: int, longest_s: float) -> float:
    """Seconds to wait after so many tries: doubled each time, and scattered."""
    pause = min(longest_s, FIRST_PAUSE_S * 2.0 ** min(tries, 30))
    return pause * random.uniform(0.5, 1)  # noqa: S311 - it scatters, it hides nothing


def seconds_until(at: datetime | None, longest_s: float) -> float:
    """How long until then; 0 where it is past, no time at all, or further ahead than the longest
    pause: then the clock was set back since."""
    left = (at - datetime.now(UTC)).total_seconds() if at else 0.0
    return left if 0 < left <= longest_s else 0.0
