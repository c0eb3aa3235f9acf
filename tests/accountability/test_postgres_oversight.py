"""Officer look-ups of a partner or ex: alarms, the sample and their reviews on real PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from asked import purpose
from guards import MARKS, overseer_of
from morina.accountability import Asked
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_overseen import PostgresOverseen
from morina.accountability.adapters.postgres_trail import PostgresTrailReader
from morina.accountability.misuse import MisuseRules, Rule
from morina.accountability.overseeing import (
    NoSuchReviewError,
    Overseer,
    RefusedReviewError,
    Review,
)
from morina.accountability.policy import Role
from morina.accountability.trail import Act, Sought
from morina.accountability.watched import Watch, Watched

NOW = datetime.now(UTC)
SINCE = NOW - timedelta(days=1)


async def asked(
    pool: AsyncConnectionPool, plate: str = "AA123BC", case: str = "C-7", officer: str = "ana"
) -> int:
    why = replace(purpose(officer), case_number=case)
    one = Asked(at=NOW, purpose=why, question=f"where was {plate}", plates=(plate,))
    return await PostgresConsultations(pool).begin(one)


def watched(watch: Watch, plate: str, officer: str = "") -> Watched:
    return Watched(
        watch=watch, mark=MARKS.of(plate), officer=officer, note="as decided", by="sup", at=NOW
    )


async def rules_raised(overseer: Overseer) -> list[Rule]:
    return sorted(
        one.alarm.rule for one in await overseer.oversight.alarms(by="sup", open_only=True)
    )


async def test_a_partners_plate_raises_alarms_once_however_often_it_is_looked_for(
    pool: AsyncConnectionPool,
) -> None:
    overseer = overseer_of(pool)
    await overseer.watched.put(watched(Watch.HOUSEHOLD, "AA123BC", "ana"))
    await overseer.watched.put(watched(Watch.HOUSEHOLD, "AB12CDE", "ben"))
    numbers = [await asked(pool, case=f"C-{n}") for n in range(5)]
    await asked(pool, "AB12CDE")
    assert await overseer.look(NOW, SINCE) == 6
    assert await rules_raised(overseer) == [Rule.HOUSEHOLD] * 5 + [Rule.SAME_PLATE]
    assert await overseer.look(NOW, SINCE) == 0
    same = next(one for one in await overseer.oversight.alarms(by="sup", open_only=True)
                if one.alarm.rule is Rule.SAME_PLATE)  # fmt: skip
    assert same.alarm.numbers == tuple(numbers)
    assert same.alarm.officer == "ana"


async def test_a_partners_plate_found_by_pattern_or_by_place_and_hour_raises_alarms_too(
    pool: AsyncConnectionPool,
) -> None:
    overseer = overseer_of(pool)
    await overseer.watched.put(watched(Watch.HOUSEHOLD, "AA123BC", "ana"))
    numbers = [await asked(pool, "AA123B?", f"C-{n}") for n in range(5)]
    for number in numbers:
        await overseer.told(number, "ana", ["AA123B?", "AA123BC"])
    by_place = Asked(at=NOW, purpose=purpose("ana"), question="all that passed the bridge")
    number = await PostgresConsultations(pool).begin(by_place)
    await overseer.told(number, "ana", [f"AA{n}BC" for n in range(100, 140)])
    await overseer.look(NOW, SINCE)
    raised = await overseer.oversight.alarms(by="sup", open_only=True)
    own = {one.alarm.numbers for one in raised if one.alarm.rule is Rule.HOUSEHOLD}
    assert own == {(one,) for one in (*numbers, number)}
    same = [one.alarm.numbers for one in raised if one.alarm.rule is Rule.SAME_PLATE]
    assert tuple(numbers) in same and all(number not in one for one in same)
    assert all("AA123BC" not in one.alarm.said + one.alarm.key for one in raised)


async def test_a_plate_of_ones_household_or_a_sensitive_one_put_on_a_list_is_noticed(
    pool: AsyncConnectionPool,
) -> None:
    overseer = overseer_of(pool)
    await overseer.watched.put(watched(Watch.HOUSEHOLD, "AA123BC", "ana"))
    await overseer.watched.put(watched(Watch.HOUSEHOLD, "AB12CDE", "ben"))
    await overseer.watched.put(watched(Watch.SENSITIVE, "CD34EFG"))
    for _ in range(2):
        await overseer.listed("ana", "list-1", ["AA123BC", "AB12CDE", "CD34EFG", "EF56GHI"])
    assert await rules_raised(overseer) == [Rule.HOUSEHOLD, Rule.SENSITIVE]
    found = await overseer.oversight.alarms(by="sup", open_only=True)
    assert {one.alarm.officer for one in found} == {"ana"}
    assert all("hotlist" in one.alarm.said and "AA123BC" not in one.alarm.said for one in found)


async def test_who_looked_at_a_plate_finds_who_was_shown_it(pool: AsyncConnectionPool) -> None:
    overseer = overseer_of(pool)
    by_place = Asked(at=NOW, purpose=purpose("ana"), question="all that passed the bridge")
    number = await PostgresConsultations(pool).begin(by_place)
    await overseer.told(number, "ana", ["AA123BC", "AB12CDE"])
    overseen = PostgresOverseen(pool, mark=MARKS.of)
    assert [one.number for one in await overseen.asked_for("AB12CDE", None, 10)] == [number]
    assert await overseen.asked_for("ZZ99ZZZ", None, 10) == []


async def test_a_sensitive_plate_asked_for_shown_or_alerted_is_noticed_quietly(
    pool: AsyncConnectionPool,
) -> None:
    overseer = overseer_of(pool)
    assert not await overseer.watches()
    await overseer.told(1, "ana", ["AA123BC"])
    await overseer.watched.put(watched(Watch.SENSITIVE, "AA123BC"))
    assert await overseer.watches()
    number = await asked(pool)
    await overseer.told(number, "ana", ["AA123BC", "AB12CDE"])
    await overseer.look(NOW, SINCE)
    await overseer.alerted("a-1", {"AA123BC"}, NOW)
    await overseer.alerted("a-2", {"AB12CDE"}, NOW)
    found = await overseer.oversight.alarms(by="sup", open_only=True)
    assert sorted(one.alarm.officer for one in found) == ["", "ana"]
    assert all("AA123BC" not in one.alarm.said for one in found)


async def test_an_alarm_is_closed_once_with_a_reason_and_never_by_whom_it_is_about(
    pool: AsyncConnectionPool,
) -> None:
    overseer = overseer_of(pool)
    await overseer.watched.put(watched(Watch.HOUSEHOLD, "AA123BC", "ana"))
    await asked(pool)
    await overseer.look(NOW, SINCE)
    [one] = await overseer.oversight.alarms(by="sup", open_only=True)
    assert await overseer.oversight.alarms(by="ana", open_only=True) == []
    with pytest.raises(NoSuchReviewError):
        await overseer.oversight.behind(one.alarm_id, "ana")
    [behind] = await overseer.oversight.behind(one.alarm_id, "sup")
    assert (behind.question, behind.purpose.officer) == ("where was AA123BC", "ana")
    [read] = await PostgresTrailReader(pool).read(Sought(who="sup", act=Act.CONSULTATION))
    assert read.deed.what.step == "read by a reviewer"
    words = "the car was stolen and she led the case"
    with pytest.raises(RefusedReviewError, match="your own"):
        await overseer.oversight.close_alarm(one.alarm_id, Review("ana", NOW, "in_order", words))
    with pytest.raises(NoSuchReviewError):
        await overseer.oversight.close_alarm(uuid4(), Review("sup", NOW, "in_order", words))
    review = Review("sup", NOW, "in_order", words)
    await overseer.oversight.close_alarm(one.alarm_id, review)
    with pytest.raises(RefusedReviewError, match="already"):
        await overseer.oversight.close_alarm(one.alarm_id, review)
    assert await overseer.oversight.alarms(by="sup", open_only=True) == []
    [closed] = await overseer.oversight.alarms(by="sup", open_only=False)
    assert closed.review == review
    entries = await PostgresTrailReader(pool).read(Sought(act=Act.OVERSIGHT))
    said = [(entry.deed.who, entry.deed.what.step) for entry in reversed(entries)]
    assert said == [
        ("sup", "put: household"), ("morina", "raised: household"), ("sup", "reviewed: in_order"),
    ]  # fmt: skip
    with pytest.raises(RefusedReviewError, match="or more"):
        Review("sup", NOW, "in_order", "fine")


async def test_sampled_questions_are_judged_once_by_another(pool: AsyncConnectionPool) -> None:
    overseer = replace(overseer_of(pool), sample_share=1.0)
    number = await asked(pool)
    await overseer.look(NOW, SINCE)
    await overseer.look(NOW, SINCE)
    [one] = await overseer.oversight.sample(by="sup", open_only=True)
    assert (one.consultation.number, one.consultation.question) == (number, "where was AA123BC")
    review = Review("sup", NOW, "does_not_fit", "the case is about a lorry")
    with pytest.raises(RefusedReviewError, match="your own"):
        await overseer.oversight.judge(number, replace(review, by="ana"))
    await overseer.oversight.judge(number, review)
    with pytest.raises(RefusedReviewError, match="already"):
        await overseer.oversight.judge(number, review)
    with pytest.raises(NoSuchReviewError):
        await overseer.oversight.judge(number + 1, review)
    assert await overseer.oversight.sample(by="sup", open_only=True) == []
    assert (await overseer.oversight.sample(by="sup", open_only=False))[0].review == review


async def test_without_a_draw_nothing_is_sampled(pool: AsyncConnectionPool) -> None:
    overseer = replace(overseer_of(pool), sample_share=0.0)
    await asked(pool)
    await overseer.look(NOW, SINCE)
    assert await overseer.oversight.sample(by="sup", open_only=True) == []


async def test_volume_is_told_against_peers(pool: AsyncConnectionPool) -> None:
    rules = MisuseRules(volume_least=5, peers=1)
    roles = overseer_of(pool, rules=rules)

    async def same(_name: str) -> frozenset[Role]:
        return frozenset({Role.INVESTIGATOR})

    overseer = replace(roles, roles_of=same)
    for n in range(9):
        await asked(pool, f"AA{n}23BC")
    await asked(pool, "AB12CDE", officer="ben")
    await overseer.look(NOW, SINCE)
    [one] = [one for one in await overseer.oversight.alarms(by="sup", open_only=True)
             if one.alarm.rule is Rule.VOLUME]  # fmt: skip
    assert one.alarm.officer == "ana"
    assert one.alarm.said.startswith("ana asked 9 questions in a day; 1 peers asked 1")


async def test_a_plate_is_taken_off_the_list_by_its_mark(pool: AsyncConnectionPool) -> None:
    watched_plates = overseer_of(pool).watched
    await watched_plates.put(watched(Watch.SENSITIVE, "AA123BC"))
    await watched_plates.put(replace(watched(Watch.SENSITIVE, "AA123BC"), note="another"))
    [one] = await watched_plates.all()
    assert one.note == "another"
    assert await watched_plates.remove(Watch.SENSITIVE, one.mark, "", "sup")
    assert not await watched_plates.remove(Watch.SENSITIVE, one.mark, "", "sup")
    assert await watched_plates.all() == []
