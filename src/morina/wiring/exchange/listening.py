"""The inbox's own listener: HTTPS that asks each caller for its certificate."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

import uvicorn

from morina.engines import EngineError
from morina.exchange.adapters.https_inbox import InboxApp, InboxTls, Report, WithPeer
from morina.exchange.adapters.mutual_tls import OwnCertificate
from morina.exchange.adapters.postgres_attacks import Refused
from morina.exchange.parties import Partners
from morina.settings import Settings
from morina.wiring.ending import ended
from morina.wiring.exchange.delivery import Delivery
from morina.wiring.listening import listening_at
from morina.wiring.repeating import every

LOOK_EVERY_S = 2.0
MOST_CALLERS = 200


class _Server(uvicorn.Server):
    """Leaves the process's signals to the desk's server, which ends this one too."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None of them."""
        yield


@asynccontextmanager
async def listening(
    settings: Settings, own: OwnCertificate, partners: Partners, delivery: Delivery
) -> AsyncIterator[int]:
    """The inbox answers while the body runs; its port. EngineError where it cannot."""
    tls = InboxTls(own, partners)
    try:
        await tls.prepare()
        waits = listening_at(settings.exchange.host, settings.exchange.port)
    except OSError as error:  # ssl.SSLError is one
        raise EngineError(
            f"the inbox for partners cannot be opened ({error}); look at exchange.host,"
            " exchange.port, exchange.certificate and exchange.key"
        ) from None
    app = InboxApp(delivery.inbox, partners, settings.exchange.message_bytes, _report(delivery))
    server = _server(app, tls)
    tasks = [
        asyncio.create_task(server.serve(sockets=[waits])),
        asyncio.create_task(every(LOOK_EVERY_S, tls.look, "the inbox's certificates")),
    ]
    try:
        yield int(waits.getsockname()[1])
    finally:
        server.should_exit = True
        await asyncio.wait(tasks[:1], timeout=3)
        await ended(tasks)
        waits.close()


def _server(app: InboxApp, tls: InboxTls) -> uvicorn.Server:
    config = uvicorn.Config(
        app, http=WithPeer, ws="none", lifespan="off", interface="asgi3", log_level="warning",
        proxy_headers=False, server_header=False, log_config=None, access_log=False,
        timeout_keep_alive=60, timeout_graceful_shutdown=2, limit_concurrency=MOST_CALLERS,
    )  # fmt: skip
    config.load()
    config.ssl = tls.context
    return _Server(config)


def _report(delivery: Delivery) -> Report:
    async def report(sender: str, code: str, said: str) -> None:
        refused = Refused(sender, "", code, said, b"")
        await delivery.attacks.record(refused, datetime.now(UTC))

    return report
