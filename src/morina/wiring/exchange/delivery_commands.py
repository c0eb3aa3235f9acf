"""What ``morina exchange queue``, ``retry``, ``compare`` and ``stick`` do."""

from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path

from rich.console import Console
from rich.table import Table

from morina.exchange.adapters.postgres_settling import By, PostgresSettling, UnsettledError
from morina.exchange.faults import EnvelopeError
from morina.settings import Settings
from morina.wiring.exchange.at_console import delivery_at_console
from morina.wiring.exchange.stick import Stick
from morina.wiring.refused import RefusedError


async def show_queues(settings: Settings) -> None:
    """Print where each partner stands; RefusedError where something is to be seen to."""
    async with delivery_at_console(settings) as (_, delivery):
        queues = await delivery.deliveries.queues()
        troubles = await delivery.deliveries.troubles(datetime.now(UTC))
    table = Table("Partner", "Waiting", "Since", "Tries", "Sent", "Taken in", "Set aside", "Why")
    for one in queues:
        since = f"{one.oldest_at:%Y-%m-%d %H:%M}" if one.oldest_at else ""
        numbers = (one.tries, one.sent, one.taken, one.set_aside)
        table.add_row(one.partner, str(one.waiting), since, *map(str, numbers), one.why)
    Console().print(table)
    if troubles:
        raise RefusedError("; ".join(troubles))


async def retry(settings: Settings, partner: str) -> None:
    """Have what waits for a partner tried at once."""
    async with delivery_at_console(settings) as (_, delivery):
        await delivery.deliveries.retry_now(partner)
    print(f"{partner}: what waits is tried now")


async def compare(settings: Settings, partner: str) -> None:
    """Send a partner a checkpoint over everything."""
    async with delivery_at_console(settings) as (ground, delivery):
        await ground.partners.party(partner)
        await delivery.deliveries.compare_now(partner, datetime.now(UTC))
        async with ground.pool.connection() as connection:
            holds = await delivery.comparing.holds(connection, partner)
    print(f"{partner}: told what we sent and had; its report is at its desk, ours when it tells us")
    print(f"we hold its messages up to number {holds.seq}, {holds.digest[:16]}")


async def settle(settings: Settings, partner: str, after: int, reason: str) -> None:
    """Go on with a partner after this node was put back to an older state."""
    by = By(officer=f"console:{getuser()}", reason=reason, after=after)
    async with delivery_at_console(settings) as (ground, delivery):
        settling = PostgresSettling(
            pool=ground.pool, keys=ground.keys, partners=ground.partners, outbox=ground.outbox,
            comparing=delivery.comparing, trail=ground.trail,
        )  # fmt: skip
        try:
            done = await settling.settle(partner, by, datetime.now(UTC))
        except (UnsettledError, EnvelopeError) as error:
            raise RefusedError(str(error)) from None
    print(f"{partner}: after number {done.before} comes {done.after + 1}; {done.moved} that waited")
    print("what was sent in between is lost here, and comparisons name it")


async def write_stick(settings: Settings, folder: Path, to: str) -> None:
    """Write what waits for a partner, and receipts for it, to a folder."""
    async with delivery_at_console(settings) as (ground, delivery):
        try:
            count = await Stick(folder, ground, delivery).write(to)
        except (EnvelopeError, OSError) as error:
            raise RefusedError(f"{folder}: {error}") from None
    print(f"{count} messages to {to}; carry it there, and back again for the receipts")


async def read_stick(settings: Settings, folder: Path) -> None:
    """Take in what a stick brings; RefusedError where some of it is refused."""
    if not folder.is_dir():
        raise RefusedError(f"{folder} is no folder; name the one the partner wrote")
    async with delivery_at_console(settings) as (ground, delivery):
        try:
            found = await Stick(folder, ground, delivery).read()
        except (EnvelopeError, OSError) as error:
            raise RefusedError(f"{folder}: {error}") from None
    print(f"{found.taken} messages taken in, {found.waiting} wait for those before them,"
          f" {found.receipts} receipts of ours")  # fmt: skip
    if found.refused:
        raise RefusedError("refused: " + "; ".join(found.refused[:20]))
