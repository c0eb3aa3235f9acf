"""Suspected clones: labels of people, on real PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from invented import NOW
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.plates import Plate
from morina.watch import (
    NoSuchLabelError,
    RefusedLabelError,
    SuspectedClone,
    Withdrawal,
    label_of,
)
from morina.watch.adapters.postgres_clones import PostgresClonedPlates


def clone(text: str = "AA123BC", country: str | None = "AL", **fields: object) -> SuspectedClone:
    usual: dict[str, object] = {
        "label_id": uuid4(),
        "plate": Plate(text, country),
        "reason": "two makes within two minutes",
        "passages": (UUID(int=1), UUID(int=2)),
        "review_on": date(2026, 6, 1),
        "labelled_by": "arta",
        "labelled_at": NOW,
    }
    return SuspectedClone(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"passages": ()}, "passage"),
        ({"reason": "a clone"}, "3 words"),
        ({"reason": "a b c " * 1000}, "characters"),
        ({"review_on": NOW.date()}, "after today"),
        ({"labelled_at": NOW.replace(tzinfo=None)}, "zone"),
    ],
)
def test_a_label_says_enough_or_is_refused(fields: dict[str, object], says: str) -> None:
    with pytest.raises(RefusedLabelError, match=says):
        clone(**fields)


@pytest.mark.parametrize(
    ("labelled", "country", "concerned"),
    [
        (Plate("AA123BC", "AL"), "AL", True),
        (Plate("AA123BC", "XK"), "AL", False),
        (Plate("AA123BC"), "AL", True),
        (Plate("AA123BC", "AL"), None, True),
        (Plate("AA123BD", "AL"), "AL", False),
    ],
)
def test_a_label_concerns_a_text_unless_another_country_issued_it(
    labelled: Plate, country: str | None, concerned: bool
) -> None:
    label = clone(plate=labelled)
    found = label_of([Plate("ZZ999ZZ"), Plate("AA123BC", country)], [label])
    assert (found == label) is concerned


async def test_a_label_stands_until_a_person_withdraws_it(pool: AsyncConnectionPool) -> None:
    clones = PostgresClonedPlates(pool, PostgresTrail())
    kept = await clones.label(clone())
    other = await clones.label(clone("AA123BC", "XK", labelled_at=NOW + timedelta(hours=1)))
    assert await clones.labels() == [other, kept]
    assert await clones.concerning([Plate("AA123BC", "AL")]) == [kept]
    assert await clones.concerning([Plate("AA123BC")]) == [kept, other]
    assert await clones.concerning([Plate("AA123BD", "AL")]) == []

    withdrawal = Withdrawal("besa", NOW + timedelta(days=1), "it was a misread")
    withdrawn = await clones.withdraw(kept.label_id, withdrawal)

    assert withdrawn == replace(
        kept, withdrawn_by="besa", withdrawn_at=withdrawal.at, withdrawn_reason="it was a misread"
    )
    assert not withdrawn.stands and label_of([kept.plate], [withdrawn]) is None
    assert await clones.labels() == [other]
    assert await clones.labels(standing=False) == [other, withdrawn]
    assert await clones.concerning([Plate("AA123BC", "AL")]) == []
    again = await clones.label(clone())
    assert await clones.concerning([Plate("AA123BC", "AL")]) == [again]


async def test_a_plate_is_labelled_once_and_withdrawn_once(pool: AsyncConnectionPool) -> None:
    clones = PostgresClonedPlates(pool, PostgresTrail())
    undecided = await clones.label(clone(country=None))
    with pytest.raises(RefusedLabelError, match="labelled already"):
        await clones.label(clone(country=None))
    withdrawal = Withdrawal("besa", NOW, "it was a misread")
    await clones.withdraw(undecided.label_id, withdrawal)
    with pytest.raises(RefusedLabelError, match="withdrawn already"):
        await clones.withdraw(undecided.label_id, withdrawal)
    with pytest.raises(NoSuchLabelError):
        await clones.withdraw(uuid4(), withdrawal)
