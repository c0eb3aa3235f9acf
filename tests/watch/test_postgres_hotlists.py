import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta, timezone
from uuid import uuid4

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from invented import NOW, hotlist, listing, read
from list_changes import changes_since
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.migrations import upgrade
from morina.watch import (
    AlreadyListedError,
    Hotlists,
    NoSuchHotlistError,
    NoSuchListingError,
)
from morina.watch.adapters import postgres
from morina.watch.adapters.postgres import CHANNEL, MANY, PostgresHotlists


@pytest.fixture
async def store(pool: AsyncConnectionPool) -> PostgresHotlists:
    return PostgresHotlists(pool, PostgresTrail())


@pytest.fixture
async def stolen(store: PostgresHotlists) -> AsyncIterator[object]:
    return await store.create(hotlist())


def test_the_schema_is_brought_up_once_and_by_one_node_at_a_time(dsn):
    async def at_once() -> None:
        await asyncio.gather(*(asyncio.to_thread(upgrade, dsn) for _ in range(3)))

    asyncio.run(at_once())
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT count(*) FROM listing").fetchone() == (0,)


async def test_hotlists_are_found_by_id_and_in_order_of_name(store):
    later, sooner = hotlist("Missing people"), hotlist("Cloned plates")
    assert await store.create(later) == later
    await store.create(sooner)
    assert await store.hotlists() == [sooner, later]
    assert await store.hotlist(later.hotlist_id) == later


async def test_a_hotlist_that_is_not_there_is_named(store):
    with pytest.raises(NoSuchHotlistError, match="hotlist list"):
        await store.hotlist(uuid4())
    with pytest.raises(NoSuchHotlistError):
        await store.listings(uuid4())
    with pytest.raises(NoSuchHotlistError):
        await store.replace(uuid4(), [listing()], "an.officer")


async def test_a_name_is_taken_once_and_no_field_is_empty(store, stolen):
    with pytest.raises(ValueError, match="'Stolen vehicles' already"):
        await store.create(replace(stolen, hotlist_id=uuid4()))
    with pytest.raises(ValueError, match="legal_basis is empty"):
        await store.create(replace(stolen, hotlist_id=uuid4(), name="Other", legal_basis=" "))


async def test_listings_come_back_as_they_were_and_in_their_order(store, stolen):
    zone = timezone(timedelta(hours=2))
    full = listing(
        "XY99XYZ",
        "AL",
        valid_to=NOW.astimezone(zone) + timedelta(days=9),
        source_checked_at=NOW,
        warning_markers=("armed", "two\nlines"),
        instruction="ndal — «kujdes»",
    )
    listings = [full, listing("AB12CDE"), listing("AB12CDE", None)]
    stored = await store.replace(stolen.hotlist_id, listings, "an.officer")
    assert stored.version == 2
    kept = await store.listings(stolen.hotlist_id)
    assert kept == listings
    assert kept[0].valid_to.utcoffset() == timedelta(hours=2)


async def test_many_changes_are_counted_for_the_plans_of_who_reads_them_next(store, stolen, dsn):
    listings = [listing(f"AB{number:05d}") for number in range(MANY)]
    await store.replace(stolen.hotlist_id, listings, "an.officer")
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        rows = await connection.execute("SELECT reltuples FROM pg_class WHERE relname = 'listing'")
        assert (await rows.fetchone())[0] >= MANY


async def test_the_same_content_again_is_no_new_version_but_a_new_order_is_kept(store, stolen):
    one, two = listing("AB12CDE"), listing("XY99XYZ")
    await store.replace(stolen.hotlist_id, [one, two], "an.officer")
    again = [replace(two, listing_id=uuid4()), replace(one, listing_id=uuid4())]
    assert (await store.replace(stolen.hotlist_id, again, "an.officer")).version == 2
    assert await store.listings(stolen.hotlist_id) == [two, one]


async def test_a_vehicle_keeps_its_listing_id_when_its_details_change(store, stolen):
    old = listing("AB12CDE", priority=10)
    await store.replace(stolen.hotlist_id, [old, listing("XY99XYZ")], "an.officer")
    since = (await changes_since(store, 0)).revision
    new = listing("AB12CDE", priority=90)
    assert (await store.replace(stolen.hotlist_id, [new], "an.officer")).version == 3
    changes = await changes_since(store, since)
    expected = replace(new, listing_id=old.listing_id)
    assert [one.listing for one in changes.added] == [expected]
    assert changes.added[0].hotlist.version == 3
    assert len(changes.withdrawn) == 1
    assert old.listing_id not in changes.withdrawn


async def test_a_file_that_lists_a_vehicle_twice_changes_nothing(store, stolen):
    await store.add(stolen.hotlist_id, listing("XY99XYZ"), "an.officer")
    with pytest.raises(AlreadyListedError, match="AB12CDE"):
        await store.replace(stolen.hotlist_id, [listing(), listing()], "an.officer")
    assert (await store.hotlist(stolen.hotlist_id)).version == 2
    assert [one.plate.text for one in await store.listings(stolen.hotlist_id)] == ["XY99XYZ"]


async def test_a_vehicle_is_added_once_until_it_is_withdrawn(store, stolen):
    one = listing()
    assert (await store.add(stolen.hotlist_id, one, "an.officer")).version == 2
    with pytest.raises(AlreadyListedError):
        await store.add(stolen.hotlist_id, listing(), "an.officer")
    assert (await store.withdraw(stolen.hotlist_id, one.listing_id, "an.officer")).version == 3
    with pytest.raises(NoSuchListingError):
        await store.withdraw(stolen.hotlist_id, one.listing_id, "an.officer")
    assert (await store.add(stolen.hotlist_id, listing(), "an.officer")).version == 4


async def test_an_index_that_follows_the_changes_matches_what_is_listed(store, stolen):
    lists, seen = Hotlists(), read("AB12CDE")
    one = listing("AB12CDE")
    for change, hits in (
        (store.add(stolen.hotlist_id, one, "an.officer"), 1),
        (store.replace(stolen.hotlist_id, [listing(priority=1)], "an.officer"), 1),
        (store.withdraw(stolen.hotlist_id, one.listing_id, "an.officer"), 0),
        (store.add(stolen.hotlist_id, listing(), "an.officer"), 1),
    ):
        await change
        lists.apply(await changes_since(store, lists.revision))
        assert len(lists.match(seen)) == len(lists) == hits
    fresh = Hotlists()
    fresh.apply(await changes_since(store, 0))
    assert (len(fresh), fresh.revision) == (1, lists.revision)


async def test_writers_at_once_make_one_version_each_and_no_change_is_missed(store, stolen):
    lists = Hotlists()

    async def follow() -> None:
        while len(lists) < 20:
            lists.apply(await changes_since(store, lists.revision))

    adding = (
        store.add(stolen.hotlist_id, listing(f"AB{number}"), "an.officer") for number in range(20)
    )
    _, *versions = await asyncio.gather(asyncio.wait_for(follow(), 120), *adding)
    assert sorted(one.version for one in versions) == list(range(2, 22))


async def test_a_change_is_announced_when_it_can_be_seen(store, stolen, dsn):
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as ear:
        await ear.execute(f"LISTEN {CHANNEL}")
        await store.add(stolen.hotlist_id, listing(), "an.officer")
        [notice] = [one async for one in ear.notifies(timeout=60, stop_after=1)]
    assert int(notice.payload) == (await changes_since(store, 0)).revision


async def test_who_made_which_version_is_kept(store, stolen, pool):
    await store.add(stolen.hotlist_id, listing(), "an.officer")
    await store.replace(stolen.hotlist_id, [], "another.officer")
    async with pool.connection() as connection:
        rows = await connection.execute(
            "SELECT version, made_by FROM hotlist_version ORDER BY revision"
        )
        assert await rows.fetchall() == [
            (1, "Invented Border Police"),
            (2, "an.officer"),
            (3, "another.officer"),
        ]


async def test_entries_are_found_by_plate_owner_or_vehicle_a_page_at_a_time(store, stolen):
    cars = [listing(f"AB{n}2CDE", owner_unit="Unit Ä" if n % 2 else "Patrol") for n in range(6)]
    cars[5] = replace(cars[5], colour="black", make="Škoda")
    await store.replace(stolen.hotlist_id, cars, "me")
    everything = await store.find(stolen.hotlist_id)
    assert everything.listings == tuple(cars)
    assert everything.count == 6
    for part, fit in (("b02", [0]), ("unit ä", [1, 3, 5]), ("black škoda", [5]), ("100%", [])):
        found = await store.find(stolen.hotlist_id, part)
        assert (found.listings, found.count) == (tuple(cars[n] for n in fit), len(fit))
    page = await store.find(stolen.hotlist_id, offset=4, limit=1)
    assert (page.listings, page.count) == ((cars[4],), 6)
    assert (await store.find(stolen.hotlist_id, offset=9)).count == 6
    with pytest.raises(NoSuchHotlistError):
        await store.find(uuid4())


async def test_changes_come_in_pages_that_are_those_of_one_moment(store, stolen, monkeypatch):
    monkeypatch.setattr(postgres, "PAGE", 2)
    entries = [listing(f"AB{number}") for number in range(5)]
    await store.replace(stolen.hotlist_id, entries, "an.officer")
    lists, whole = Hotlists(), await changes_since(store, 0)
    revisions = []
    async for page in store.pages_since(0):
        if len(lists) == 2:
            await store.withdraw(stolen.hotlist_id, entries[0].listing_id, "an.officer")
        lists.apply(page)
        revisions.append(lists.revision)
    assert revisions == [0, 0, 0, 0, whole.revision]
    assert {one.listing for one in lists} == {one.listing for one in whole.added}
    async for page in store.pages_since(lists.revision):
        lists.apply(page)
    assert {one.listing for one in lists} == set(entries[1:])
