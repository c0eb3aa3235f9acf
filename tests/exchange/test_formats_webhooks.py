"""Webhooks: checked by the verifier of Standard Webhooks, against a real HTTP server."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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
from morina.exchange.adapters.judged_webhooks import JudgedWebhooks
from morina.exchange.adapters.postgres_webhooks import TRIES, PostgresWebhooks
from morina.exchange.adapters.webhook_sender import (
    OutOfReachError,
    Place,
    WebhookSender,
    call,
    place_of,
)
from morina.exchange.formats.webhooks import TYPES, Event, SecretError, new_secret, signed
from morina.exchange.webhooks import Became, NoSuchWebhookError, RefusedWebhookError, Standing
from told_program import Program, told_program

NOW = datetime.now(UTC)


@pytest.fixture
def program() -> Iterator[Program]:
    with told_program() as made:
        yield made


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


async def test_a_paused_webhook_never_hears_what_happens_meanwhile(
    webhooks: PostgresWebhooks, program: Program, pool: AsyncConnectionPool
) -> None:
    hook, _ = await webhooks.add(program.url, ["alert.raised", "alert.confirmed"], False, "ana")
    sender = WebhookSender(webhooks, may_be_local=True)
    first = await confirmed_alert(pool)
    await webhooks.take_up(NOW)
    await webhooks.pause(hook, "ana", NOW)
    assert [one.standing for one in await webhooks.all()] == [Standing.PAUSED]
    await confirmed_alert(pool)
    assert await webhooks.take_up(NOW) == 0
    assert await sender.send(NOW) == 0
    for step in (webhooks.pause, webhooks.test):
        with pytest.raises(NoSuchWebhookError, match="is told anything"):
            await step(hook, "ana", NOW)
    await webhooks.go_on(hook, "ana", NOW)
    with pytest.raises(NoSuchWebhookError, match="is paused"):
        await webhooks.go_on(hook, "ana", NOW)
    assert await webhooks.take_up(NOW) == 0
    assert await sender.send(NOW) == 2
    assert {tuple(json.loads(body)["data"]["ids"]) for _, body in program.came} == {
        (str(first.alert_id),)
    }
    entered = await PostgresTrailReader(pool).read(Sought(act=Act.CONFIGURATION))
    assert [(one.deed.what.step, one.deed.who) for one in reversed(entered)] == [
        ("added", "ana"), ("paused", "ana"), ("told again", "ana"),
    ]  # fmt: skip


async def test_a_test_tells_of_nothing_and_what_became_of_it_is_seen(
    webhooks: PostgresWebhooks, program: Program
) -> None:
    hook, secret = await webhooks.add(program.url, ["alert.confirmed"], True, "ana")
    await webhooks.test(hook, "ana", NOW)
    sender, program.answer = WebhookSender(webhooks, may_be_local=True), 500
    assert await sender.send(NOW) == 0
    [[waits]] = (await webhooks.newest(10)).values()
    assert (waits.became, waits.said, waits.tries) == (Became.WAITING, "answered 500", 1)
    program.answer = 204
    assert await sender.send(NOW + timedelta(minutes=1)) == 1
    headers, body = program.came[-1]
    said = standardwebhooks.Webhook(secret).verify(body, headers)
    assert (said["type"], said["data"]) == ("webhook.test", {"ids": [], "state": "test"})
    await webhooks.test(hook, "ana", NOW + timedelta(minutes=2))
    await webhooks.end(hook, "ana", NOW + timedelta(minutes=2))
    newest = await webhooks.newest(10)
    assert [(one.kind, one.became) for one in newest[hook]] == [
        ("webhook.test", Became.GIVEN_UP), ("webhook.test", Became.TAKEN),
    ]  # fmt: skip
    assert len((await webhooks.newest(1))[hook]) == 1


async def test_whoever_adds_one_is_told_where_it_may_not_lead(
    pool: AsyncConnectionPool, program: Program
) -> None:
    sealing, trail = Sealing(b"k" * 32), PostgresTrail()
    far = JudgedWebhooks(pool, sealing, trail, may_be_local=False)
    for address, said in (
        (program.url, "webhooks_may_be_local"), ("ftp://x/", "write https"),
        ("https://nobody.invalid/", "nobody knows the address"),
    ):  # fmt: skip
        with pytest.raises(RefusedWebhookError, match=said):
            await far.add(address, (), False, "ana")
    with pytest.raises(RefusedWebhookError, match="private network"):
        await far.add("https://8.8.8.8/", (), True, "ana")
    assert await far.all() == []
    near = JudgedWebhooks(pool, sealing, trail, may_be_local=True)
    await near.add(program.url, (), True, "ana")
    assert [one.plates for one in await near.all()] == [True]
