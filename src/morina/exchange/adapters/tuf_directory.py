"""The directory in force, in PostgreSQL: its signatures are checked with The Update Framework."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What, hash_of
from morina.exchange.directory import (
    Bundle,
    Directory,
    DirectoryError,
    Standing,
    bundle_of,
    opened,
    root_of,
    targets_of,
)
from morina.exchange.parties import Party, UnknownNodeError

SOON = timedelta(days=7)
"""So long before it expires a directory is spoken of."""

_VERSION = "SELECT max(version) FROM directory"
_BUNDLE = "SELECT bundle FROM directory WHERE version = %s"
_TAKE = "INSERT INTO directory (version, bundle, taken_by, taken_at) VALUES (%s, %s, %s, %s)"
_LOCK = 0x6469726563746F72
"""Advisory lock: one directory is taken at a time."""


def first_root(file: Path) -> str:
    """The first root of a file: of a root alone, or of a whole directory; DirectoryError."""
    try:
        text = file.read_text()
    except (OSError, ValueError) as error:
        raise DirectoryError("file", f"exchange.directory: {file} is not read: {error}") from None
    try:
        root_of(text)
    except DirectoryError:
        return bundle_of(text).roots[0]
    return text


@dataclass(slots=True)
class TufDirectory:
    """The role Partners. ``first_root`` is the file of the root compared on paper, None where
    there is no directory; an expired one serves for ``grace`` more."""

    pool: AsyncConnectionPool
    first_root: Path | None
    trail: Trail[AsyncConnection]
    grace: timedelta = timedelta(days=30)
    _opened: Directory | None = field(default=None, init=False)

    async def party(self, node_id: str) -> Party:
        """See Partners; of a directory whose days of grace are over nobody is known."""
        directory = await self.directory()
        if directory is None:
            raise UnknownNodeError(
                "there is no directory: compare its fingerprint, name its file in"
                " exchange.directory, and take it with morina exchange directory take"
            )
        if directory.standing(datetime.now(UTC), self.grace) is Standing.OVER:
            raise UnknownNodeError(
                f"the directory expired on {directory.expires:%Y-%m-%d} and its days of grace are"
                " over; take a newer one with morina exchange directory take"
            )
        if node_id not in directory.entries:
            raise UnknownNodeError(f"{node_id[:40]} does not stand in the directory")
        return directory.entries[node_id].party

    async def parties(self) -> Sequence[Party]:
        """See Partners; empty where there is none."""
        directory = await self.directory()
        return directory.parties if directory else ()

    async def version(self) -> int:
        """See Partners."""
        directory = await self.directory()
        return directory.version if directory else 0

    async def listed(self, agreement_id: UUID, version: int) -> str:
        """See Witness."""
        directory = await self.directory()
        return directory.agreements.get((agreement_id, version), "") if directory else ""

    async def standing(self, now: datetime) -> Standing:
        """How good the directory in force is: EXPIRED and OVER are alarms."""
        directory = await self.directory()
        return directory.standing(now, self.grace) if directory else Standing.NONE

    async def troubles(self, now: datetime) -> Sequence[str]:
        """What somebody should see to: a directory that is none, expired or about to."""
        directory = await self.directory()
        if directory is None:
            return ["no directory is in force: nothing passes before one is taken"]
        until = f"{directory.expires:%Y-%m-%d %H:%M} UTC"
        mend = "have the authorities sign the next one, and take it"
        match directory.standing(now, self.grace):
            case Standing.OVER:
                return [f"the directory expired {until}, its days of grace too: {mend}"]
            case Standing.EXPIRED:
                last = f"{directory.expires + self.grace:%Y-%m-%d}"
                return [f"the directory expired {until} and serves until {last}: {mend}"]
            case _ if now > directory.expires - SOON:
                return [f"the directory expires {until}: {mend}"]
        return []

    async def until(self) -> datetime | None:
        """When the directory in force expires; None where there is none."""
        directory = await self.directory()
        return directory.expires if directory else None

    async def directory(self) -> Directory | None:
        """That in force; DirectoryError where what is kept does not hold."""
        async with self.pool.connection() as connection:
            return await self._in_force(connection)

    async def take(
        self, connection: AsyncConnection, bundle: Bundle, by: str, now: datetime
    ) -> Sequence[str]:
        """Put a directory in force within the caller's transaction, and enter it in the trail; the
        nodes that stand in it and in the one before.

        DirectoryError unless it is newer and enough authorities signed it. ``code`` is ``known``
        where it is the one in force, ``fork`` where it bears its number and says something else.
        """
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        before = await self._in_force(connection)
        number = targets_of(bundle).signed.version
        if before and number < before.version:
            raise DirectoryError(
                "rollback", f"it is version {number}; version {before.version} is in force"
            )
        trusted = before.bundle.roots[-1] if before else self._first()
        fresh = opened(bundle, trusted)
        if before and fresh.version == before.version:
            _refuse_same(before, fresh)
        if before is None and fresh.expires <= now:
            raise DirectoryError("expired", "it expired; have a newer one")
        kept = _with_roots(before, bundle)
        await connection.execute(_TAKE, (fresh.version, kept.text(), by, now))
        what = What("directory", (str(fresh.version),), "taken", digest=hash_of(kept.said()))
        await self.trail.append(connection, Deed(act=Act.CONFIGURATION, what=what, who=by, at=now))
        return sorted(before.entries.keys() & fresh.entries.keys()) if before else ()

    async def _in_force(self, connection: AsyncConnection) -> Directory | None:
        row = await (await connection.execute(_VERSION)).fetchone()
        if row is None or row[0] is None:
            return None
        if self._opened is None or self._opened.version != row[0]:
            kept = await (await connection.execute(_BUNDLE, (row[0],))).fetchone()
            self._opened = opened(bundle_of(kept[0] if kept else ""), self._first())
        return self._opened

    def _first(self) -> str:
        if self.first_root is None:
            raise DirectoryError("no_root", "name the file of the first root in exchange.directory")
        return first_root(self.first_root)


def _refuse_same(before: Directory, fresh: Directory) -> None:
    same = (fresh.entries, fresh.agreements, fresh.expires, fresh.root_version) == (
        before.entries, before.agreements, before.expires, before.root_version
    )  # fmt: skip
    if same:
        raise DirectoryError("known", f"version {before.version} is in force already")
    raise DirectoryError(
        "fork",
        f"version {before.version} is in force and says something else: authorities signed two"
        " directories; speak with them before anything is taken",
    )


def _with_roots(before: Directory | None, bundle: Bundle) -> Bundle:
    """The bundle with the roots of before in place of its own of the same numbers, so that what is
    kept can always be followed from the first."""
    if before is None:
        return bundle
    newest = before.root_version
    fresh = [one for one in bundle.roots if root_of(one).signed.version > newest]
    return Bundle((*before.bundle.roots, *fresh), bundle.targets, bundle.files)
