"""What is told to other systems of the authority: Cursor on Target, webhooks."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.sealing import Sealing
from morina.accountability.trail import Trail
from morina.alerts import AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.engines import EngineError, Home
from morina.exchange.adapters.cot_client import CotClient
from morina.exchange.adapters.cot_tasks import (
    CotPatrolTelling,
    CotRescueTelling,
    CotTaskTelling,
)
from morina.exchange.adapters.cot_telling import CotTelling, To
from morina.exchange.adapters.judged_webhooks import JudgedWebhooks
from morina.exchange.adapters.webhook_sender import WebhookSender
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.settings import Settings
from morina.settings.exchange import Exchange
from morina.wiring.aerial.tasks import tasks_of
from morina.wiring.exchange.ground import Ground
from morina.wiring.signing_in import sealing_of

LOOK_S = 2.0
KEPT_DAYS = 30
_TASKS: dict[str, type[CotTaskTelling]] = {
    "cot_rescues_url": CotRescueTelling, "cot_patrols_url": CotPatrolTelling,
}  # fmt: skip


class Outward:
    """What is done every so often, as far as settings and subscriptions ask for it."""

    def __init__(self, ground: Ground, home: Home) -> None:
        sealing: Sealing = sealing_of(home)
        may_be_local = ground.settings.exchange.webhooks_may_be_local
        self.subscriptions = JudgedWebhooks(ground.pool, sealing, ground.trail, may_be_local)
        self._sender = WebhookSender(self.subscriptions, may_be_local)
        self._cot: tuple[CotTelling | CotTaskTelling, ...] = cot_of(
            ground.settings, ground.pool, ground.trail
        )
        self._began = False

    async def webhooks(self) -> None:
        """Take up what happened, and send what is due."""
        now = datetime.now(UTC)
        while await self.subscriptions.take_up(now):
            pass
        await self._sender.send(now)

    async def cot(self) -> None:
        """Tell of what was confirmed, and where somebody is to go, since."""
        for telling in self._cot:
            if not self._began:
                await telling.begin()
            await telling.tell(datetime.now(UTC))
        self._began = True

    async def forget(self) -> None:
        """Messages to webhooks that were dealt with."""
        await self.subscriptions.forget(datetime.now(UTC) - timedelta(days=KEPT_DAYS))


def cot_of(
    settings: Settings, pool: AsyncConnectionPool, trail: Trail[AsyncConnection]
) -> tuple[CotTelling | CotTaskTelling, ...]:
    """None where no setting names a receiver; EngineError for a setting that names none, and where
    rescues would be told to whom something else is."""
    chosen = settings.exchange
    if (there := chosen.cot_rescues_url) and there in (chosen.cot_url, chosen.cot_patrols_url):
        raise EngineError("exchange.cot_rescues_url: give rescues an address of their own")
    telling: list[CotTelling | CotTaskTelling] = []
    if chosen.cot_url:
        client, whom = _client(chosen, "cot_url")
        alerts = PostgresAlerts(pool, AlertRules(), trail)
        stale = timedelta(seconds=chosen.cot_stale_s)
        to = To(client, trail, whom, stale, chosen.cot_partner_entries)
        telling.append(CotTelling(pool, alerts, PostgresCameras(pool, trail), to))
    tasks = tasks_of(settings, pool)
    for setting, one in _TASKS.items():
        if getattr(chosen, setting):
            client, whom = _client(chosen, setting)
            telling.append(one(pool, tasks, (client, trail, whom)))
    return tuple(telling)


def _client(chosen: Exchange, setting: str) -> tuple[CotClient, str]:
    """To the receiver that a setting names, and how the trail calls it; EngineError."""
    url: str = getattr(chosen, setting)
    try:
        made = CotClient(url, chosen.cot_certificate, chosen.cot_root, f"exchange.{setting}")
    except ValueError as error:
        raise EngineError(str(error)) from None
    return made, f"cursor on target at {urlsplit(url).netloc}"
