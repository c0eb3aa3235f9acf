"""What `morina exchange webhook` does, on a node that is running."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from rich.console import Console
from rich.table import Table

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.engines import Home
from morina.exchange.adapters.postgres_webhooks import NoSuchWebhookError, PostgresWebhooks
from morina.exchange.adapters.webhook_sender import OutOfReachError, place_of
from morina.settings import Settings
from morina.wiring.operating import node_database
from morina.wiring.refused import RefusedError
from morina.wiring.signing_in import sealing_of

CONSOLE = "administrator at the console"


async def add(settings: Settings, address: str, events: Sequence[str], plates: bool) -> None:
    """Add a webhook and print its secret, once."""
    try:
        place = await place_of(address, settings.exchange.webhooks_may_be_local)
    except (OutOfReachError, OSError) as error:
        raise RefusedError(str(error)) from None
    if plates and not place.near:
        raise RefusedError("--plates: only to this machine or a private network")
    async with node_database(settings) as pool:
        webhooks = PostgresWebhooks(pool, sealing_of(Home(settings.home)), PostgresTrail())
        try:
            made, secret = await webhooks.add(address, events, plates, CONSOLE)
        except ValueError as error:
            raise RefusedError(str(error)) from None
    print(f"{made}: told from now on; secret, shown only now: {secret}")


async def show(settings: Settings) -> None:
    """Print every webhook."""
    async with node_database(settings) as pool:
        webhooks = PostgresWebhooks(pool, sealing_of(Home(settings.home)), PostgresTrail())
        table = Table("Webhook", "Address", "Events", "Plates", "State")
        for one in await webhooks.all():
            ended = f"ended {one.ended_at:%Y-%m-%d}" if one.ended_at else "told"
            events = ", ".join(one.events)
            table.add_row(
                str(one.webhook_id), one.address, events, "yes" if one.plates else "no", ended
            )
    Console().print(table)


async def end(settings: Settings, webhook_id: str) -> None:
    """Tell a webhook nothing more."""
    async with node_database(settings) as pool:
        webhooks = PostgresWebhooks(pool, sealing_of(Home(settings.home)), PostgresTrail())
        try:
            await webhooks.end(UUID(webhook_id), CONSOLE, datetime.now(UTC))
        except (ValueError, NoSuchWebhookError) as error:
            raise RefusedError(f"{error}; morina exchange webhook list shows them") from None
    print(f"{webhook_id}: told nothing more")
