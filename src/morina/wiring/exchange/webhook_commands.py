"""What `morina exchange webhook` does, on a node that is running."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from rich.console import Console
from rich.table import Table

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.engines import Home
from morina.exchange.adapters.judged_webhooks import JudgedWebhooks
from morina.exchange.webhooks import NoSuchWebhookError, RefusedWebhookError, Standing, Webhook
from morina.settings import Settings
from morina.wiring.operating import node_database
from morina.wiring.refused import RefusedError
from morina.wiring.signing_in import sealing_of

CONSOLE = "administrator at the console"
STEPS: Mapping[str, str] = {
    "end": "told nothing more",
    "pause": "told nothing until morina exchange webhook resume",
    "go_on": "told again from now on",
    "test": "a test is on its way; morina exchange webhook list says how it went",
}
"""Method of the role Webhooks to what is printed when it is done."""


@asynccontextmanager
async def _webhooks(settings: Settings) -> AsyncIterator[JudgedWebhooks]:
    async with node_database(settings) as pool:
        sealing, may_be_local = (
            sealing_of(Home(settings.home)), settings.exchange.webhooks_may_be_local
        )  # fmt: skip
        yield JudgedWebhooks(pool, sealing, PostgresTrail(), may_be_local)


async def add(settings: Settings, address: str, events: Sequence[str], plates: bool) -> None:
    """Add a webhook and print its secret, once."""
    async with _webhooks(settings) as webhooks:
        try:
            made, secret = await webhooks.add(address, events, plates, CONSOLE)
        except RefusedWebhookError as error:
            raise RefusedError(str(error)) from None
    print(f"{made}: told from now on; secret, shown only now: {secret}")


async def show(settings: Settings) -> None:
    """Print every webhook, and what became of its newest message."""
    async with _webhooks(settings) as webhooks:
        table = Table("Webhook", "Address", "Events", "Plates", "State", "Newest message")
        newest = await webhooks.newest(1)
        for one in await webhooks.all():
            said = [
                f"{m.kind}: {m.became} {m.said}".strip() for m in newest.get(one.webhook_id, ())
            ]
            table.add_row(
                str(one.webhook_id), one.address, ", ".join(one.events),
                "yes" if one.plates else "no", _state(one), *said,
            )  # fmt: skip
    Console().print(table)


async def take(settings: Settings, webhook_id: str, step: str) -> None:
    """One of ``STEPS``."""
    async with _webhooks(settings) as webhooks:
        try:
            taken = getattr(webhooks, step)
            await taken(UUID(webhook_id), CONSOLE, datetime.now(UTC))
        except (ValueError, NoSuchWebhookError) as error:
            raise RefusedError(f"{error}; morina exchange webhook list shows them") from None
    print(f"{webhook_id}: {STEPS[step]}")


def _state(one: Webhook) -> str:
    since = one.ended_at if one.standing is Standing.ENDED else one.paused_at
    return f"{one.standing} {since:%Y-%m-%d}" if since else one.standing
