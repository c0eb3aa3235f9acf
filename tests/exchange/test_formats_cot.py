"""Cursor on Target: by form, sent by pytak, passed on by a TAK server, in the trail."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from defusedxml.ElementTree import fromstring
from psycopg_pool import AsyncConnectionPool

from invented import EVIDENCE, hit, listed_at, read
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.trail import Act, Sought
from morina.alerts import AlertRules, Step
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.exchange.adapters.cot_client import CotClient, NotToldError
from morina.exchange.adapters.cot_telling import CotTelling, To
from morina.exchange.formats import NotConfirmedError, confirmed, cot
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.watch import Listed
from running import START_WITHIN_S, free_port
from tak import Receiver, map_user, plain, tak_server
from told_passages import SEEN, a_passage

STALE = timedelta(minutes=10)
CAMERA = Camera(camera_id="north-1", name="North 1", site="North", latitude=42.1, longitude=20.4)


def test_an_event_says_what_where_and_until_when() -> None:
    made = fromstring(cot.event(a_passage(), STALE))
    assert made.attrib == {
        "version": "2.0", "uid": f"morina.{UUID(int=1)}", "type": "a-u-G-E-V-C", "how": "m-g",
        "time": "2026-11-22T09:02:01.000Z", "start": "2026-11-22T09:00:01.000Z",
        "stale": "2026-11-22T09:10:01.000Z",
    }  # fmt: skip
    point = made.find("point").attrib
    assert (point["lat"], point["lon"], point["ce"]) == ("42.150000", "20.420000", "50.0")
    assert set(point) == {"lat", "lon", "hae", "ce", "le"}
    remarks = made.findtext("detail/remarks")
    assert "North 1, North & <East>" in remarks and "inform owner" in remarks


def test_what_would_be_shown_no_more_is_stale() -> None:
    assert not cot.is_stale(a_passage(), STALE, SEEN + timedelta(minutes=9))
    assert cot.is_stale(a_passage(), STALE, SEEN + STALE)


async def test_it_goes_over_udp() -> None:
    loop, got = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    class Taken(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, _addr: object) -> None:
            if not got.done():
                got.set_result(data)

    transport, _ = await loop.create_datagram_endpoint(Taken, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    client = CotClient(f"udp://127.0.0.1:{port}", None, None)
    sent = cot.event(a_passage(), STALE)
    async with asyncio.timeout(START_WITHIN_S):
        while not got.done():  # a datagram may be lost
            await client.send(sent)
            await asyncio.wait([got], timeout=1)
    assert await got == sent
    await client.close()
    transport.close()


async def test_where_nobody_answers_it_is_said() -> None:
    client = CotClient(f"tcp://127.0.0.1:{free_port()}", None, None)
    with pytest.raises(NotToldError, match="cot_url does not take events"):
        await client.send(b"<event/>")


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="tcp, tls, udp"):
        CotClient("file:///tmp/x", None, None)


@pytest.fixture
def taky(tmp_path: Path) -> Iterator[int]:
    """A TAK server: its port."""
    with tak_server(tmp_path) as port:
        yield port


async def test_a_tak_server_passes_events_on_to_whoever_looks(taky: int) -> None:
    now = datetime.now(UTC)
    passages = [a_passage(n, seen_at=now, confirmed_at=now) for n in (1, 2)]
    client = CotClient(f"tcp://127.0.0.1:{taky}", None, None)
    async with map_user(taky) as reader:
        heard = b""
        async with asyncio.timeout(START_WITHIN_S):
            while f"morina.{UUID(int=1)}".encode() not in heard:
                await client.send(cot.event(passages[0], STALE))
                try:
                    async with asyncio.timeout(1):
                        heard += await reader.read(65536)
                except TimeoutError:
                    continue
            await client.send(cot.event(passages[1], STALE))
            while f"morina.{UUID(int=2)}".encode() not in heard or not heard.endswith(b"</event>"):
                heard += await reader.read(65536)
        await client.close()
    events = [
        e for e in fromstring(b"<all>" + plain(heard) + b"</all>") if "morina" in e.get("uid")
    ]
    assert {e.get("uid") for e in events} == {f"morina.{UUID(int=n)}" for n in (1, 2)}
    assert {e.get("type") for e in events} == {cot.TYPE}
    assert {e.find("point").get("lat")[:5] for e in events} == {"42.15"}
    assert "North 1" in events[-1].findtext("detail/remarks")


@pytest.mark.parametrize("partners", [False, True])
async def test_a_partners_entry_is_told_only_where_set_and_without_what_its_owner_says(
    pool: AsyncConnectionPool, partners: bool
) -> None:
    trail, now = PostgresTrail(), datetime.now(UTC)
    alerts, cameras = PostgresAlerts(pool, AlertRules(), trail), PostgresCameras(pool, trail)
    await cameras.put(CAMERA)
    receiver = Receiver()
    telling = CotTelling(pool, alerts, cameras, To(receiver, trail, "the map", STALE, partners))
    await telling.begin()
    listed = listed_at(now)
    listing = replace(listed.listing, make="Ford", colour="silver")
    theirs = Listed(replace(listed.hotlist, owner_node="GB"), listing)
    one = read(camera_id="north-1", captured_at=now, received_at=now, evidence=EVIDENCE)
    [alert] = await alerts.raise_for([hit(one, theirs)], now)
    await alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "ana", now)
    await alerts.transcribe(alert.alert_id, "ana", "AB12CDE", now)
    await alerts.take(alert.alert_id, Step.CONFIRM, "ana", now)
    assert await telling.tell(now) == int(partners)
    for sent in receiver.got:
        remarks = fromstring(sent).findtext("detail/remarks")
        assert "an entry of GB" in remarks and "North 1" in remarks
        told = (listing.reason_code, listing.action.replace("_", " "), "Ford", "silver")
        assert not [word for word in told if word in remarks]


async def test_only_a_confirmation_is_told_once_and_entered(pool: AsyncConnectionPool) -> None:
    trail, now = PostgresTrail(), datetime.now(UTC)
    alerts = PostgresAlerts(pool, AlertRules(), trail)
    cameras = PostgresCameras(pool, trail)
    await cameras.put(CAMERA)
    receiver = Receiver()
    telling = CotTelling(pool, alerts, cameras, To(receiver, trail, "the map", STALE))
    await telling.begin()
    one = read(camera_id="north-1", captured_at=now, received_at=now, evidence=EVIDENCE)
    [alert] = await alerts.raise_for([hit(one, listed_at(now))], now)
    with pytest.raises(NotConfirmedError, match="confirm it first"):
        confirmed(alert, CAMERA)
    await alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "ana", now)
    await alerts.transcribe(alert.alert_id, "ana", "AB12CDE", now)
    assert await telling.tell(now) == 0
    await alerts.take(alert.alert_id, Step.CONFIRM, "ana", now)
    receiver.failing = True
    assert await telling.tell(now) == 0
    receiver.failing = False
    assert await telling.tell(now) == 1
    assert await telling.tell(now) == 0
    [sent] = receiver.got
    assert f"morina.{alert.alert_id}".encode() in sent
    told = await PostgresTrailReader(pool).read(Sought(act=Act.DISCLOSURE))
    assert [(e.deed.what.ids, e.deed.with_whom) for e in told] == [
        ((str(alert.alert_id),), "the map")
    ]


async def test_what_is_stale_or_taken_back_is_not_told(pool: AsyncConnectionPool) -> None:
    trail, now = PostgresTrail(), datetime.now(UTC)
    alerts = PostgresAlerts(pool, AlertRules(), trail)
    cameras = PostgresCameras(pool, trail)
    await cameras.put(CAMERA)
    receiver = Receiver()
    telling = CotTelling(pool, alerts, cameras, To(receiver, trail, "the map", STALE))
    await telling.begin()
    for minutes, reject in ((20, False), (0, True)):
        at = now - timedelta(minutes=minutes)
        one = read(camera_id="north-1", captured_at=at, received_at=at, evidence=EVIDENCE)
        [alert] = await alerts.raise_for([hit(one, listed_at(at))], at)
        await alerts.take(alert.alert_id, Step.ACKNOWLEDGE, "ana", at)
        await alerts.transcribe(alert.alert_id, "ana", "AB12CDE", at)
        await alerts.take(alert.alert_id, Step.CONFIRM, "ana", at)
        if reject:
            await alerts.take(alert.alert_id, Step.REJECT, "ana", at, "another vehicle")
        else:
            await alerts.take(alert.alert_id, Step.CLOSE, "ana", at)
    assert await telling.tell(now) == 0
    assert receiver.got == []
