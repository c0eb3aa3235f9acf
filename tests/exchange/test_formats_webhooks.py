"""Webhooks: checked by the verifier of Standard Webhooks, against a real HTTP server."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID, uuid4

import httpx
import pytest
import standardwebhooks
from psycopg_pool import AsyncConnectionPool

from invented import EVIDENCE, hit, listed_at, read
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.sealing import Sealing
from morina.accountability.trail import Act, Sought
from morina.alerts import Alert, AlertRules, Step
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.exchange.adapters.postgres_webhooks import TRIES, NoSuchWebhookError, PostgresWebhooks
from morina.exchange.adapters.webhook_sender import (
    OutOfReachError,
    Place,
    WebhookSender,
    call,
    place_of,
)
from morina.exchange.formats.webhooks import TYPES, Event, SecretError, new_secret, signed

NOW = datetime.now(UTC)


@dataclass
class Program:
    """A program that is told: what came, and what it answers."""

    port: int = 0
    answer: int = 204
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/told"


@pytest.fixture
def program() -> Iterator[Program]:
    made = Program()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(made.answer)
            if made.answer == 302:
                self.send_header("location", made.url)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
async def webhooks(pool: AsyncConnectionPool) -> PostgresWebhooks:
    return PostgresWebhooks(pool, Sealing(b"k" * 32), PostgresTrail())


async def confirmed_alert(pool: AsyncConnectionPool) -> Alert:
    alerts = PostgresAlerts(pool, AlertRules(), PostgresTrail())
    one = read(captured_at=NOW, received_at=NOW, evidence=EVIDENCE)
    [alert] = await alerts.raise_for([hit(one, listed_at(NOW))], NOW)
    await alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "ana", NOW)
    await alerts.transcribe(alert.alert_id, "ana", "AB12CDE", NOW)
    return await alerts.take(alert.alert_id, Step.CONFIRM, "ana", NOW)


def test_the_makers_verifier_takes_it_and_no_other_body() -> None:
    secret, message_id = new_secret(), uuid4()
    now = datetime.now(UTC)
    body = Event("alert.confirmed", now, ("7",)).body()
    headers = signed(secret, message_id, now, body)
    other = standardwebhooks.Webhook(secret)
    assert other.verify(body, headers)["type"] == "alert.confirmed"
    for changed, under in ((body + " ", headers), (body, headers | {"webhook-id": "x"})):
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            other.verify(changed, under)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(new_secret()).verify(body, headers)
    with pytest.raises(SecretError):
        signed("whsec_!", message_id, NOW, body)


async def test_a_program_is_told_ids_and_states_signed_and_that_is_entered(
    webhooks: PostgresWebhooks, program: Program, pool: AsyncConnectionPool
) -> None:
    hook, secret = await webhooks.add(
        program.url, ["alert.raised", "alert.confirmed"], False, "ana"
    )
    alert = await confirmed_alert(pool)
    assert await webhooks.take_up(NOW) == 2
    assert await webhooks.take_up(NOW) == 0
    assert await WebhookSender(webhooks, may_be_local=True).send(NOW) == 2
    said = [
        standardwebhooks.Webhook(secret).verify(body, headers) for headers, body in program.came
    ]
    assert {one["type"] for one in said} == {"alert.raised", "alert.confirmed"}
    assert all(one["data"]["ids"] == [str(alert.alert_id)] for one in said)
    assert "AB12CDE" not in str(program.came)
    entered = await PostgresTrailReader(pool).read(Sought(act=Act.DISCLOSURE))
    assert [one.deed.with_whom for one in entered] == [f"webhook {hook}"] * 2
    async with pool.connection() as connection:
        kept = await (await connection.execute("SELECT secret FROM webhook")).fetchone()
    assert kept and secret.encode() not in kept[0]


async def test_plates_go_to_a_near_program_that_asked_and_to_no_other(
    webhooks: PostgresWebhooks, program: Program, pool: AsyncConnectionPool
) -> None:
    await webhooks.add(program.url, ["alert.raised", "alert.confirmed"], True, "ana")
    alert = await confirmed_alert(pool)
    await webhooks.take_up(NOW)
    await WebhookSender(webhooks, may_be_local=True).send(NOW)
    said = {one["type"]: one["data"] for one in (json.loads(body) for _, body in program.came)}
    assert said["alert.confirmed"]["plates"] == {str(alert.alert_id): "AB12CDE"}
    assert "plates" not in said["alert.raised"]
    sender = WebhookSender(webhooks, may_be_local=True)
    far = await sender._called("https://8.8.8.8:1/", True, {}, "{}")
    assert "private network only" in far


async def test_what_is_not_taken_goes_again_under_the_same_id(
    webhooks: PostgresWebhooks, program: Program, pool: AsyncConnectionPool
) -> None:
    await webhooks.add(program.url, ["alert.confirmed"], False, "ana")
    await confirmed_alert(pool)
    await webhooks.take_up(NOW)
    sender, program.answer = WebhookSender(webhooks, may_be_local=True), 500
    assert await sender.send(NOW) == 0
    assert await sender.send(NOW + timedelta(seconds=4)) == 0
    assert len(program.came) == 1
    program.answer = 302
    assert await sender.send(NOW + timedelta(seconds=6)) == 0
    program.answer = 200
    assert await sender.send(NOW + timedelta(hours=5)) == 1
    assert len({headers["webhook-id"] for headers, _ in program.came}) == 1
    assert len(program.came) == 3


async def test_it_is_given_up_in_the_end(
    webhooks: PostgresWebhooks, program: Program, pool: AsyncConnectionPool
) -> None:
    await webhooks.add(program.url, ["alert.confirmed"], False, "ana")
    await confirmed_alert(pool)
    await webhooks.take_up(NOW)
    sender, program.answer = WebhookSender(webhooks, may_be_local=True), 503
    for number in range(TRIES + 3):
        await sender.send(NOW + timedelta(days=number))
    assert len(program.came) == TRIES
    async with pool.connection() as connection:
        rows = await connection.execute("SELECT said FROM webhook_due WHERE done_at IS NOT NULL")
        assert await rows.fetchall() == [("answered 503",)]


async def test_nothing_chosen_a_program_is_told_of_confirmed_alerts_alone(
    pool: AsyncConnectionPool, webhooks: PostgresWebhooks, program: Program
) -> None:
    await webhooks.add(program.url, (), False, "ana")
    [hook] = await webhooks.all()
    assert list(hook.events) == ["alert.confirmed"]
    await confirmed_alert(pool)
    assert await webhooks.take_up(NOW) == 1


async def test_an_ended_webhook_is_told_nothing_more(
    webhooks: PostgresWebhooks, program: Program, pool: AsyncConnectionPool
) -> None:
    hook, _ = await webhooks.add(program.url, TYPES, False, "ana")
    await confirmed_alert(pool)
    await webhooks.take_up(NOW)
    await webhooks.end(hook, "ana", NOW)
    assert await WebhookSender(webhooks, may_be_local=True).send(NOW) == 0
    assert program.came == []
    with pytest.raises(NoSuchWebhookError):
        await webhooks.end(hook, "ana", NOW)
    with pytest.raises(ValueError, match="is unknown"):
        await webhooks.add(program.url, ["read.kept"], False, "ana")


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/", "https://localhost/", "https://[::1]/", "https://10.0.0.7/",
     "https://169.254.169.254/latest", "https://192.168.1.1/", "https://0x7f000001/",
     "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/"],
)  # fmt: skip
async def test_it_leads_to_no_place_near_unless_a_setting_says_so(address: str) -> None:
    with pytest.raises(OutOfReachError, match="webhooks_may_be_local"):
        await place_of(address, may_be_local=False)
    assert (await place_of(address, may_be_local=True)).near


@pytest.mark.parametrize("address", ["file:///etc/passwd", "https://a:b@host/", "x", "https://"])
async def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(OutOfReachError, match="write https"):
        await place_of(address, may_be_local=True)


async def test_elsewhere_only_over_tls() -> None:
    with pytest.raises(OutOfReachError, match="write https"):
        await place_of("http://8.8.8.8/", may_be_local=True)


async def test_the_very_address_judged_is_called(program: Program) -> None:
    url = httpx.URL(f"http://nobody.invalid:{program.port}/told")
    assert await call(Place(url, "127.0.0.1", True), {"webhook-id": str(UUID(int=1))}, "{}") == ""
    assert program.came[0][0]["host"] == f"nobody.invalid:{program.port}"


async def test_two_senders_at_once_send_a_message_once(
    webhooks: PostgresWebhooks, program: Program, pool: AsyncConnectionPool
) -> None:
    await webhooks.add(program.url, ["alert.confirmed"], False, "ana")
    await confirmed_alert(pool)
    await webhooks.take_up(NOW)
    senders = [WebhookSender(webhooks, may_be_local=True) for _ in range(2)]
    assert sum(await asyncio.gather(*(one.send(NOW) for one in senders))) == 1
    assert len(program.came) == 1
