"""Alerts on sensitive plates: every one is noticed, however many are raised in a minute."""

from datetime import UTC, datetime, timedelta

from psycopg_pool import AsyncConnectionPool

from guards import MARKS, overseer_of
from invented import NOW, hit, hotlist, listing, read
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.watched import Watch, Watched
from morina.alerts import AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.alerts.adapters.postgres_raised import PostgresRaised
from morina.watch import Listed
from morina.wiring.guarding import alerts_looked_at


async def test_no_alert_on_a_sensitive_plate_is_passed_over_for_there_are_many(
    pool: AsyncConnectionPool,
) -> None:
    overseer = overseer_of(pool)
    note = {"note": "car of our own staff", "by": "sup", "at": datetime.now(UTC)}
    await overseer.watched.put(Watched(watch=Watch.SENSITIVE, mark=MARKS.of("AB0CDE"), **note))
    store, on = PostgresAlerts(pool, AlertRules(), PostgresTrail()), hotlist()
    texts = [f"AB{number}CDE" for number in range(230)]
    pairs = [hit(read(text), Listed(on, listing(text))) for text in texts]
    first = await store.raise_for(pairs[:1], NOW)
    await store.raise_for(pairs[1:], NOW + timedelta(seconds=5))
    raised = PostgresRaised(pool, at_once=50)
    assert len([one async for one in raised.since(NOW)]) == len(texts)
    await alerts_looked_at(overseer, raised, NOW)
    await alerts_looked_at(overseer, raised, NOW)
    [alarm] = await overseer.oversight.alarms(by="sup", open_only=True)
    assert str(first[0].alert_id) in alarm.alarm.said
