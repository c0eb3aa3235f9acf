import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from invented import EVIDENCE, NOW, hit, hotlist, listing, read
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.alerts import (
    Act,
    Alert,
    AlertRules,
    NoSuchAlertError,
    RefusedStepError,
    State,
    Step,
)
from morina.alerts.adapters.postgres import CHANNEL, PostgresAlerts
from morina.plates import Plate
from morina.sense import Read, Said
from morina.watch import Listed

WANTED = Listed(hotlist(), listing("AB12CDE", warning_markers=("armed",), source_checked_at=NOW))


@pytest.fixture
async def store(pool):
    return PostgresAlerts(pool, AlertRules(fold_within_s=60, expire_after_s=600), PostgresTrail())


async def raise_one(store: PostgresAlerts, **fields: object) -> UUID:
    [alert] = await store.raise_for([hit(read(**fields))], NOW)
    return alert.alert_id


async def test_an_alert_comes_back_as_it_was_raised(store):
    pair = hit(read("A812CDE", None), WANTED)
    [alert] = await store.raise_for([pair], NOW)
    assert (alert.read, alert.listed, alert.differences) == (pair[0], WANTED, pair[1].differences)
    assert await store.alert(alert.alert_id) == alert


async def test_an_alert_that_is_not_there_is_named(store):
    for asked in (
        store.alert(uuid4()),
        store.take(uuid4(), Step.ACKNOWLEDGE, "officer", NOW),
    ):
        with pytest.raises(NoSuchAlertError, match="no alert has the id"):
            await asked


async def test_a_hit_is_raised_once_however_often_and_concurrently_it_comes(store):
    pairs = [hit(read(text)) for text in ("AB12CDE", "XY99XYZ")]
    answers = await asyncio.gather(*(store.raise_for(pairs + pairs, NOW) for _ in range(6)))
    assert sorted(map(len, answers)) == [0, 0, 0, 0, 0, 2]
    assert [alert.repeats for alert in await store.alerts()] == [0, 0]


async def test_repeats_in_one_batch_and_in_later_ones_join_one_alert(store):
    [first] = await store.raise_for([hit(read(), WANTED), hit(read(), WANTED)], NOW)
    assert first.repeats == 1
    seen = NOW + timedelta(seconds=30)
    [second] = await store.raise_for([hit(read(captured_at=seen), WANTED)], seen)
    assert (second.alert_id, second.repeats, second.last_seen_at) == (first.alert_id, 2, seen)
    assert await store.alerts() == [second]


async def test_repeats_that_come_at_once_are_all_counted(store):
    await store.raise_for([hit(read(), WANTED)], NOW)
    await asyncio.gather(*(store.raise_for([hit(read(), WANTED)], NOW) for _ in range(8)))
    assert [alert.repeats for alert in await store.alerts()] == [8]


@pytest.mark.parametrize("step", [Step.ACKNOWLEDGE, Step.EXPIRE])
async def test_a_repeat_joins_a_worked_alert_but_not_an_ended_one(store, step):
    [first] = await store.raise_for([hit(read(), WANTED)], NOW)
    await store.take(first.alert_id, step, "morina", NOW)
    [second] = await store.raise_for([hit(read(), WANTED)], NOW)
    assert (second.alert_id == first.alert_id) is (step is Step.ACKNOWLEDGE)


async def test_a_repeat_joins_an_alert_of_every_open_state(store):
    alert_id = await raise_one(store)
    wanted = (await store.alert(alert_id)).listed
    await store.take(alert_id, Step.ACKNOWLEDGE, "officer", NOW)
    await store.transcribe(alert_id, "officer", "AB12CDE", NOW)
    for step in (Step.CONFIRM, Step.DISPATCH):
        await store.take(alert_id, step, "officer", NOW)
        [again] = await store.raise_for([hit(read(), wanted)], NOW)
        assert again.alert_id == alert_id


async def test_a_late_read_leaves_the_live_alert_alone(store):
    alert_id = await raise_one(store)
    before = await store.alert(alert_id)
    [late] = await store.raise_for([hit(read(retransmitted=True), before.listed)], NOW)
    assert late.late
    assert await store.alert(alert_id) == before
    assert await store.alerts(late=True) == [late]
    assert await store.alerts(late=False) == [before]


async def test_what_was_judged_does_not_change_with_the_hotlist(store):
    alert_id = await raise_one(store)
    before = (await store.alert(alert_id)).listed
    changed = Listed(before.hotlist, replace(before.listing, priority=1, instruction="changed"))
    [again] = await store.raise_for([hit(read(), changed)], NOW)
    assert again.alert_id == alert_id
    assert (await store.alert(alert_id)).listed == before


async def test_an_alert_is_worked_to_its_end_and_every_act_is_kept(store):
    alert_id = await raise_one(store)
    await store.take(alert_id, Step.ACKNOWLEDGE, "officer", NOW)
    with pytest.raises(RefusedStepError, match="first type"):
        await store.take(alert_id, Step.CONFIRM, "officer", NOW)
    await store.transcribe(alert_id, "officer", "XY99XYZ", NOW)
    await store.transcribe(alert_id, "officer", "ab12cde", NOW)
    for step in (Step.CONFIRM, Step.DISPATCH, Step.CLOSE):
        await store.take(alert_id, step, "officer", NOW + timedelta(seconds=1), "ç — note")
    alert = await store.alert(alert_id)
    assert alert.state is State.CLOSED
    assert [(act.kind, act.by, act.text) for act in alert.acts] == [
        ("raise", "morina", ""),
        ("acknowledge", "officer", ""),
        ("transcribe", "officer", "XY99XYZ"),
        ("transcribe", "officer", "AB12CDE"),
        ("confirm", "officer", "ç — note"),
        ("dispatch", "officer", "ç — note"),
        ("close", "officer", "ç — note"),
    ]
    assert alert.acts[-1].at == NOW + timedelta(seconds=1)


async def test_of_two_officers_at_once_one_is_refused(store):
    alert_id = await raise_one(store)
    names = [f"officer {number}" for number in range(4)]
    answers = await asyncio.gather(
        *(store.take(alert_id, Step.ACKNOWLEDGE, name, NOW) for name in names),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, RefusedStepError)]
    assert len(refused) == 3
    acts = (await store.alert(alert_id)).acts
    assert [act.kind for act in acts] == ["raise", "acknowledge"]


async def test_only_raised_alerts_expire_and_only_when_due(store):
    waiting, worked = await raise_one(store), await raise_one(store)
    await store.take(worked, Step.ACKNOWLEDGE, "officer", NOW)
    assert await store.expire_due(NOW + timedelta(seconds=599)) == []
    [expired] = await store.expire_due(NOW + timedelta(seconds=600))
    assert (expired.alert_id, expired.state) == (waiting, State.EXPIRED)
    assert await store.expire_due(NOW + timedelta(seconds=600)) == []


async def test_alerts_are_listed_newest_first_by_state_and_no_more_than_asked(store):
    ids = []
    for seconds in range(3):
        at = NOW + timedelta(seconds=seconds)
        [alert] = await store.raise_for([hit(read())], at)
        ids.insert(0, alert.alert_id)
    await store.take(ids[0], Step.ACKNOWLEDGE, "officer", NOW)
    assert [alert.alert_id for alert in await store.alerts()] == ids
    assert [alert.alert_id for alert in await store.alerts([State.RAISED], limit=1)] == [ids[1]]
    both = await store.alerts([State.RAISED, State.ACKNOWLEDGED])
    assert len(both) == 3


async def test_every_change_is_announced_by_the_id_of_the_alert(store, dsn):
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as ear:
        await ear.execute(f"LISTEN {CHANNEL}")
        alert_id = await raise_one(store)
        await store.take(alert_id, Step.ACKNOWLEDGE, "officer", NOW)
        notices = [one.payload async for one in ear.notifies(timeout=60, stop_after=2)]
    assert notices == [str(alert_id)] * 2


async def test_no_hits_raise_nothing(store):
    assert await store.raise_for([], NOW) == []


async def raise_without_picture(store: PostgresAlerts) -> tuple[Alert, Read]:
    [alert] = await store.raise_for([hit(read(evidence=None, confidence=0.6))], NOW)
    return alert, replace(alert.read, evidence=EVIDENCE, confidence=0.95)


async def test_a_picture_that_comes_later_lets_the_alert_be_confirmed(store):
    alert, fuller = await raise_without_picture(store)
    await store.take(alert.alert_id, Step.ACKNOWLEDGE, "officer", NOW)
    with pytest.raises(RefusedStepError, match="no picture"):
        await store.transcribe(alert.alert_id, "officer", "AB12CDE", NOW)
    later = NOW + timedelta(seconds=2)
    [changed] = await store.take_pictures([read(), fuller], later)
    assert (changed.read, changed.state) == (fuller, State.ACKNOWLEDGED)
    assert changed.acts[-1] == Act(later, "morina", "picture")
    await store.transcribe(alert.alert_id, "officer", "AB12CDE", later)
    await store.take(alert.alert_id, Step.CONFIRM, "officer", later)
    assert (await store.alert(alert.alert_id)).read == fuller


async def test_a_picture_is_taken_once_however_often_and_concurrently_it_comes(store):
    alert, fuller = await raise_without_picture(store)
    other = replace(fuller, evidence=replace(EVIDENCE, patch="c" * 64))
    answers = await asyncio.gather(*(store.take_pictures([fuller], NOW) for _ in range(6)))
    assert sorted(map(len, answers)) == [0, 0, 0, 0, 0, 1]
    assert await store.take_pictures([other], NOW) == []
    kept = await store.alert(alert.alert_id)
    assert (kept.read, [act.kind for act in kept.acts]) == (fuller, ["raise", "picture"])


@pytest.mark.parametrize("batches", [[[0, 1]], [[1, 0]], [[0], [1]], [[1], [0]], [[1], [0], [1]]])
async def test_in_whatever_order_text_and_picture_come_the_alert_has_the_picture(store, batches):
    text = hit(read(evidence=None))
    both = [text, (replace(text[0], evidence=EVIDENCE), text[1])]
    for batch in batches:
        await store.raise_for([both[place] for place in batch], NOW)
        await store.take_pictures([both[place][0] for place in batch], NOW)
    [alert] = await store.alerts()
    assert (alert.read.evidence, alert.repeats) == (EVIDENCE, 0)


@pytest.mark.parametrize("step", [Step.REJECT, Step.EXPIRE])
async def test_an_ended_alert_keeps_what_the_person_saw(store, step):
    alert, fuller = await raise_without_picture(store)
    if step is Step.REJECT:
        await store.take(alert.alert_id, Step.ACKNOWLEDGE, "officer", NOW)
    await store.take(alert.alert_id, step, "morina", NOW, "no picture")
    before = await store.alert(alert.alert_id)
    assert await store.take_pictures([fuller], NOW) == []
    assert await store.alert(alert.alert_id) == before


async def test_a_picture_read_otherwise_leaves_the_alert_the_text_it_was_raised_for(store):
    alert, fuller = await raise_without_picture(store)
    own = Said(by="morina", text="AB12CDF", confidence=0.9)
    [changed] = await store.take_pictures(
        [replace(fuller, plate=Plate("AB12CDF", "GB"), own=own)], NOW
    )
    assert changed.read == replace(alert.read, evidence=EVIDENCE, own=own)
    [again] = await store.raise_for([hit(read(), alert.listed)], NOW)
    assert again.alert_id == alert.alert_id


async def test_an_alert_takes_no_picture_of_a_repeat(store):
    alert, fuller = await raise_without_picture(store)
    repeat = replace(fuller, read_id=uuid4())
    await store.raise_for([hit(repeat, alert.listed)], NOW)
    assert await store.take_pictures([repeat], NOW) == []
    assert (await store.alert(alert.alert_id)).read == alert.read
