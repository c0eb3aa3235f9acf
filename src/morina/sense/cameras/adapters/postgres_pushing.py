"""Cameras that push, and who knocks, in PostgreSQL."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from psycopg import AsyncConnection
from psycopg.errors import ForeignKeyViolation
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import Act, Deed, Trail, What
from morina.sense.cameras.adapters import sql_pushing as sql
from morina.sense.cameras.camera import NoSuchCameraError
from morina.sense.cameras.pushing import (
    KEPT_BAD_PAYLOADS,
    KEPT_KNOCKS,
    SHORTEST_SECRET,
    BadPayload,
    Heard,
    Knock,
    NoSuchKnockError,
    PushingCamera,
    new_secret,
    secret_hash,
)


class PostgresPushing:
    """The role PushingCameras. ``pool`` is opened and closed by the caller.

    Secrets are found by their SHA-256 and kept encrypted (Fernet) under ``key``, a secret of the
    home, so that the database alone lets nobody push.
    """

    def __init__(self, pool: AsyncConnectionPool, key: str, trail: Trail[AsyncConnection]) -> None:
        self._pool = pool
        self._trail = trail
        self._seal = Fernet(urlsafe_b64encode(sha256(key.encode()).digest()))

    async def pushing(self) -> list[PushingCamera]:
        """See PushingCameras."""
        return await self._cameras(f"{sql.CAMERAS} ORDER BY camera_id", ())

    async def of_secret(self, secret_sha256: bytes) -> list[PushingCamera]:
        """See PushingCameras."""
        query = f"{sql.CAMERAS} WHERE secret_sha256 = %s AND pull_url = '' ORDER BY camera_id"
        return await self._cameras(query, (secret_sha256,))

    async def put(self, camera: PushingCamera, secret: str = "") -> str:
        """See PushingCameras."""
        if secret and not camera.pull_url and len(secret) < SHORTEST_SECRET:
            raise ValueError(f"a secret has at least {SHORTEST_SECRET} characters; leave it out")
        kept = None if secret else await self._row(sql.SECRET, (camera.camera_id,))
        if kept is not None:
            await self._put(camera, kept["secret_sha256"], kept["secret_sealed"])
            return self._opened(kept["secret_sealed"])
        secret = secret or new_secret()
        await self._put(camera, secret_hash(secret), self._seal.encrypt(secret.encode()))
        return secret

    async def remove(self, camera_id: str) -> None:
        """See PushingCameras."""
        async with self._pool.connection() as connection:
            gone = await connection.execute(sql.REMOVE, (camera_id,))
            if gone.rowcount == 0:
                raise _no_such(camera_id)
            await self._enter(connection, camera_id, "removed")

    async def secret(self, camera_id: str) -> str:
        """See PushingCameras."""
        row = await self._row(sql.SECRET, (camera_id,))
        if row is None:
            raise _no_such(camera_id)
        return self._opened(row["secret_sealed"])

    async def heard(self) -> dict[str, Heard]:
        """See PushingCameras."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Heard))
            rows = await (await cursor.execute(sql.HEARD)).fetchall()
        return {row.camera_id: row for row in rows}

    async def hear(self, camera_id: str, at: datetime) -> None:
        """See PushingCameras."""
        await self._do(sql.HEAR, {"camera_id": camera_id, "at": at})

    async def report(
        self, camera_id: str, at: datetime, offset_s: float | None, repeat: bool = False
    ) -> None:
        """See PushingCameras."""
        said = {"camera_id": camera_id, "at": at, "offset_s": offset_s, "repeat": int(repeat)}
        await self._do(sql.REPORT, said)

    async def keep_bad(self, camera_id: str, bad: BadPayload) -> None:
        """See PushingCameras."""
        async with self._pool.connection() as connection:
            await connection.execute(sql.HEAR, {"camera_id": camera_id, "at": bad.at})
            await connection.execute(sql.KEEP_BAD, asdict(bad) | {"camera_id": camera_id})
            await connection.execute(sql.FORGET_BAD, (camera_id, camera_id, KEPT_BAD_PAYLOADS))

    async def bad_payloads(self, camera_id: str) -> list[BadPayload]:
        """See PushingCameras."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(BadPayload))
            return await (await cursor.execute(sql.BAD_PAYLOADS, (camera_id,))).fetchall()

    async def knock(self, knock: Knock) -> None:
        """See PushingCameras."""
        row = asdict(knock) | {"camera_key": Jsonb(dict(knock.camera_key))}
        async with self._pool.connection() as connection:
            await connection.execute(sql.KNOCK, row)
            await connection.execute(sql.FORGET_KNOCKS, (KEPT_KNOCKS,))

    async def knocks(self) -> list[Knock]:
        """See PushingCameras."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Knock))
            return await (await cursor.execute(sql.KNOCKS)).fetchall()

    async def adopt(self, knock_id: UUID, camera: PushingCamera) -> str:
        """See PushingCameras."""
        row = await self._row(sql.TAKE_KNOCK, (knock_id,))
        if row is None:
            raise NoSuchKnockError("nobody knocks under that id any more; look at the page again")
        if row["secret_sha256"]:
            await self._put(camera, row["secret_sha256"], None)
            return ""
        return await self.put(camera)

    async def cursor(self, camera_id: str) -> str:
        """See PushingCameras."""
        row = await self._row(sql.CURSOR, (camera_id,))
        return str(row["cursor"]) if row else ""

    async def take_cursor(self, camera_id: str, cursor: str) -> None:
        """See PushingCameras."""
        await self._do(sql.TAKE_CURSOR, {"camera_id": camera_id, "cursor": cursor})

    async def _put(self, camera: PushingCamera, hashed: bytes, sealed: bytes | None) -> None:
        jsons = {name: Jsonb(dict(getattr(camera, name))) for name in ("mapping", "device_keys")}
        row = {name: getattr(camera, name) for name in sql.PLAIN} | jsons
        row |= {"addresses": Jsonb(list(camera.addresses))}
        try:
            async with self._pool.connection() as connection:
                secret = {"secret_sha256": hashed, "secret_sealed": sealed}
                await connection.execute(sql.PUT, row | secret)
                await self._enter(connection, camera.camera_id, "put")
        except ForeignKeyViolation:
            raise _no_such(camera.camera_id) from None

    async def _enter(self, connection: AsyncConnection, camera_id: str, step: str) -> None:
        what = What("pushing camera", (camera_id,), step)
        await self._trail.append(connection, Deed(act=Act.CONFIGURATION, what=what))

    def _opened(self, sealed: bytes | None) -> str:
        """The secret, empty where it was sealed under another home's key or only hashed."""
        try:
            return self._seal.decrypt(bytes(sealed)).decode() if sealed else ""
        except InvalidToken:
            return ""

    async def _cameras(self, query: str, keys: tuple[object, ...]) -> list[PushingCamera]:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = await (await cursor.execute(query, keys)).fetchall()
        return [_camera(row) for row in rows]

    async def _row(self, query: str, keys: tuple[object, ...]) -> dict[str, Any] | None:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(query, keys)).fetchone()

    async def _do(self, query: str, values: Mapping[str, object]) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(query, values)


def _camera(row: dict[str, Any]) -> PushingCamera:
    return PushingCamera(**row | {"addresses": tuple(row["addresses"])})


def _no_such(camera_id: str) -> NoSuchCameraError:
    return NoSuchCameraError(f"no pushing camera is called {camera_id!r}; add the camera first")
