"""Hotlists in PostgreSQL.

Rows of ``listing`` never change but for their place and the revision that withdrew them. All
writers queue on one advisory lock, so revisions become visible in their order and
``pages_since`` misses none. Every change is announced on the channel ``morina_hotlists``.
"""

from asyncio import to_thread
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow, class_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.watch import (
    AlreadyListedError,
    Changes,
    Found,
    Hotlist,
    Listed,
    NoSuchHotlistError,
    NoSuchListingError,
    NotOurListError,
    VehicleOfInterest,
)
from morina.watch.adapters import sql

CHANNEL = "morina_hotlists"
"""NOTIFY channel; the payload is the new revision."""

PAGE = 1_000
"""Entries of one page of changes: some ten milliseconds to apply."""

MANY = 5_000
"""Changed rows after which plans made for the table before would sort all of it for each page."""

WRITERS = 0x686F746C697374
_VEHICLE_TWICE = ("incoming_vehicle", "listing_vehicle", "listing_live")
_decode = msgspec.json.Decoder(VehicleOfInterest).decode


class PostgresHotlists:
    """The role HotlistStore. ``pool`` is opened and closed by the caller."""

    def __init__(self, pool: AsyncConnectionPool, trail: Trail[AsyncConnection]) -> None:
        self._pool = pool
        self._trail = trail

    async def hotlists(self) -> list[Hotlist]:
        """All hotlists, by name."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Hotlist))
            return await (await cursor.execute(f"{sql.HOTLISTS} ORDER BY name")).fetchall()

    async def hotlist(self, hotlist_id: UUID) -> Hotlist:
        """One hotlist; NoSuchHotlistError."""
        async with self._pool.connection() as connection:
            return await _hotlist(connection, hotlist_id)

    async def create(self, hotlist: Hotlist) -> Hotlist:
        """Store a new, empty hotlist; ValueError when the name is taken or a field is empty."""
        _ours(hotlist)
        for name in ("name", "owner", "purpose", "legal_basis"):
            if not getattr(hotlist, name).strip():
                raise ValueError(f"{name} is empty; every hotlist needs one")
        new = replace(hotlist, version=1)
        try:
            async with self._writing() as connection:
                await connection.execute(
                    sql.CREATE,
                    (new.hotlist_id, new.name, new.owner, new.purpose, new.legal_basis,
                     new.review_at),
                )  # fmt: skip
                await _new_version(connection, new, new.owner)
                await self._enter(connection, new, "created")
        except UniqueViolation as taken:
            raise ValueError(f"there is a hotlist {hotlist.name!r} already") from taken
        return new

    async def replace(
        self, hotlist_id: UUID, listings: Sequence[VehicleOfInterest], by: str
    ) -> Hotlist:
        """Make ``listings`` the whole content; the same content again makes no new version."""
        async with self._writing() as connection:
            hotlist = _ours(await _hotlist(connection, hotlist_id))
            await _copy_incoming(connection, listings)
            keys: dict[str, object] = {"hotlist": hotlist_id}
            differs = await (await connection.execute(sql.DIFFERS, keys)).fetchone()
            if differs == (True,):
                hotlist = replace(hotlist, version=hotlist.version + 1)
                keys["revision"] = await _new_version(connection, hotlist, by)
                gone = await connection.execute(sql.WITHDRAW_CHANGED, keys)
                added = await connection.execute(sql.ADD_CHANGED, keys)
                if gone.rowcount + added.rowcount >= MANY:
                    await connection.execute("ANALYZE listing")
            await connection.execute(sql.REPLACE_PLACES, keys)
            if differs == (True,):
                await self._enter(connection, hotlist, f"replaced: {len(listings)} listings", by)
            return hotlist

    async def add(self, hotlist_id: UUID, listing: VehicleOfInterest, by: str) -> Hotlist:
        """Add one listing, as a new version; AlreadyListedError."""
        async with self._writing() as connection:
            before = _ours(await _hotlist(connection, hotlist_id))
            hotlist = replace(before, version=before.version + 1)
            revision = await _new_version(connection, hotlist, by)
            await _copy_incoming(connection, [listing])
            await connection.execute(sql.ADD_ONE, {"hotlist": hotlist_id, "revision": revision})
            await self._enter(connection, hotlist, "added", by, listing.listing_id)
            return hotlist

    async def withdraw(self, hotlist_id: UUID, listing_id: UUID, by: str) -> Hotlist:
        """Take one listing off, as a new version; NoSuchListingError."""
        async with self._writing() as connection:
            before = _ours(await _hotlist(connection, hotlist_id))
            hotlist = replace(before, version=before.version + 1)
            revision = await _new_version(connection, hotlist, by)
            gone = await connection.execute(sql.WITHDRAW_ONE, (revision, hotlist_id, listing_id))
            if gone.rowcount == 0:
                raise NoSuchListingError(f"{hotlist.name} has no listing {listing_id} now")
            await self._enter(connection, hotlist, "withdrawn", by, listing_id)
            return hotlist

    async def listings(self, hotlist_id: UUID) -> list[VehicleOfInterest]:
        """The current content, in the order of the file that brought it."""
        async with self._pool.connection() as connection:
            _ours(await _hotlist(connection, hotlist_id))
            rows = await connection.execute(sql.LISTINGS, (hotlist_id,))
            return await to_thread(_decoded, await rows.fetchall())

    async def listing(self, hotlist_id: UUID, listing_id: UUID) -> Listed:
        """One current listing on its hotlist; NoSuchHotlistError, NoSuchListingError."""
        async with self._pool.connection() as connection:
            hotlist = await _hotlist(connection, hotlist_id)
            rows = await connection.execute(sql.LISTING, (hotlist_id, listing_id))
            found = _decoded(await rows.fetchall())
        if not found:
            raise NoSuchListingError(f"{hotlist.name} has no listing {listing_id} now")
        return Listed(hotlist, found[0])

    async def find(
        self, hotlist_id: UUID, part: str = "", offset: int = 0, limit: int = 100
    ) -> Found:
        """Entries whose plate, owner or vehicle contains ``part``, and how many do."""
        keys = {"hotlist": hotlist_id, "part": part.strip(), "offset": offset, "limit": limit}
        async with self._pool.connection() as connection:
            await _hotlist(connection, hotlist_id)
            [(count,)] = await (await connection.execute(sql.COUNT, keys)).fetchall()
            rows = await (await connection.execute(sql.FIND, keys)).fetchall()
            return Found(tuple(_decoded(rows)), count)

    async def pages_since(self, revision: int) -> AsyncGenerator[Changes, None]:
        """See HotlistStore: all of them as of one moment."""
        async with self._pool.connection() as connection:
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            [(now, at)] = await (await connection.execute(sql.LATEST)).fetchall()
            hotlists = connection.cursor(row_factory=class_row(Hotlist))
            await hotlists.execute(sql.VERSIONS_SINCE, (revision,))
            versions = {(one.hotlist_id, one.version): one for one in await hotlists.fetchall()}
            withdrawn, emptied = await _gone(connection, revision)
            yield Changes(revision, (), withdrawn, at, emptied)
            async with connection.cursor(name="added") as added:
                await added.execute(sql.ADDED_SINCE, (revision,))
                while rows := await added.fetchmany(PAGE):
                    yield Changes(revision, await to_thread(_listed, rows, versions), (), at)
        yield Changes(now, (), (), at)

    async def _enter(
        self, connection: AsyncConnection, hotlist: Hotlist, step: str, by: str = "",
        listing_id: UUID | None = None,
    ) -> None:  # fmt: skip
        ids = (str(hotlist.hotlist_id), *([str(listing_id)] if listing_id else []))
        what = What("hotlist", ids, f"version {hotlist.version}, {step}")
        deed = Deed(act=Act.ALTERATION, what=what)
        await self._trail.append(connection, replace(deed, who=by) if by else deed)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._pool.connection() as connection:
                await connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS,))
                yield connection
        except UniqueViolation as twice:
            if twice.diag.constraint_name in _VEHICLE_TWICE:
                where = twice.diag.message_detail
                raise AlreadyListedError(f"one vehicle listed twice: {where}") from twice
            raise


async def _hotlist(connection: AsyncConnection, hotlist_id: UUID) -> Hotlist:
    cursor = connection.cursor(row_factory=class_row(Hotlist))
    found = await (await cursor.execute(sql.HOTLIST, (hotlist_id,))).fetchone()
    if found is None:
        raise NoSuchHotlistError(
            f"no hotlist has the id {hotlist_id}; `morina hotlist list` shows those there are"
        )
    return found


def _ours(hotlist: Hotlist) -> Hotlist:
    """``hotlist`` where it is an own one; NotOurListError."""
    if hotlist.owner_node:
        raise NotOurListError(
            f"{hotlist.name} is a list of {hotlist.owner_node}; only its owner changes it or gives"
            " it to others: ask them"
        )
    return hotlist


def _decoded(rows: Sequence[TupleRow]) -> list[VehicleOfInterest]:
    return [_decode(row[0]) for row in rows]


def _listed(rows: Sequence[TupleRow], versions: Mapping[tuple[UUID, int], Hotlist]) -> list[Listed]:
    return [Listed(versions[list_id, version], _decode(entry)) for list_id, version, entry in rows]


async def _gone(
    connection: AsyncConnection, revision: int
) -> tuple[list[UUID], list[tuple[UUID, int]]]:
    """Entries withdrawn after ``revision``, and lists taken out whole."""
    rows = await connection.execute(sql.WITHDRAWN_SINCE, (revision, revision))
    emptied = await connection.execute(sql.EMPTIED_SINCE, (revision,))
    whole = [(hotlist_id, version) for hotlist_id, version in await emptied.fetchall()]
    return [row[0] for row in await rows.fetchall()], whole


async def _new_version(connection: AsyncConnection, hotlist: Hotlist, by: str) -> int:
    rows = await connection.execute(sql.NEW_VERSION, (hotlist.hotlist_id, hotlist.version, by))
    [(revision, _)] = await rows.fetchall()
    return int(revision)


async def _copy_incoming(
    connection: AsyncConnection, listings: Sequence[VehicleOfInterest]
) -> None:
    await connection.execute(sql.INCOMING)
    async with connection.cursor().copy(sql.COPY_INCOMING) as copy:
        for place, listing in enumerate(listings):
            plate = listing.plate
            await copy.write_row(
                (place, listing.listing_id, plate.country or "", plate.text, entry_text(listing))
            )
    await connection.execute("ANALYZE incoming")


def entry_text(listing: VehicleOfInterest) -> str:
    fields = msgspec.to_builtins(listing)
    del fields["listing_id"]
    return msgspec.json.encode(fields).decode()
