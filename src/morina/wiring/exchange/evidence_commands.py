"""What ``morina exchange evidence`` does: a conversation out of the node's database."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.trail import Act, Deed, What
from morina.exchange.adapters.postgres_agreements import versions_of
from morina.exchange.agreement import Signed
from morina.exchange.directory import Bundle, bundle_of, party_path
from morina.exchange.evidence import Evidence, Kept
from morina.settings import Settings
from morina.wiring.operating import node_database
from morina.wiring.refused import RefusedError

_MESSAGES = """
SELECT message_id, sender, receiver, digest, signed, receipt, agreement_id, agreement_version,
    partner
FROM exchange_message WHERE conversation = %(of)s AND (kind LIKE 'operation.%%' OR partner = (
    SELECT partner FROM exchange_message
    WHERE conversation = %(of)s AND kind NOT LIKE 'operation.%%' ORDER BY at, seq LIMIT 1))
    AND (%(partner)s = '' OR partner = %(partner)s)
ORDER BY created_at, sender, seq"""
"""A conversation is one partner's, who began it, but for operations: a partner that names
another's in a message of its own does not get into that one's evidence. Of an operation with
several, what was told to each is given out by itself."""
_DIRECTORIES = "SELECT bundle FROM directory ORDER BY version DESC"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A conversation; ``partner`` where several take part in it."""

    conversation: UUID
    partner: str = ""


async def write_evidence(settings: Settings, asked: Wanted, to: Path, why: dict[str, str]) -> None:
    """Write all of a conversation to a new file, and enter in the trail that it was given out."""
    async with node_database(settings) as pool:
        count = await written_out(pool, settings.exchange.node_id, asked, to, why)
    print(f"{count} messages; check them anywhere with: morina exchange verify {to}")


async def written_out(
    pool: AsyncConnectionPool, node_id: str, wanted: Wanted, to: Path, why: dict[str, str]
) -> int:
    """How many messages were written. The entry in the trail comes before the file."""
    if to.exists():
        raise RefusedError(f"{to} is there already; name a new file")
    async with pool.connection() as connection:
        made, ids = await evidence_of(connection, node_id, wanted)
        content = made.text().encode()
        await _enter(connection, content, ids, why)
    _write(to, content)
    return len(ids)


async def evidence_of(
    connection: AsyncConnection, node_id: str, wanted: Wanted
) -> tuple[Evidence, Sequence[str]]:
    """All of a conversation, and the ids of its messages; RefusedError where there is none, or
    where several partners take part and none is named. That it is given out is the caller's to
    enter."""
    named = {"of": wanted.conversation, "partner": wanted.partner}
    rows = await (await connection.execute(_MESSAGES, named)).fetchall()
    if not rows:
        raise RefusedError(f"there is no message of the conversation {wanted.conversation}")
    if len(partners := sorted({row[8] for row in rows})) > 1:
        raise RefusedError(f"{', '.join(partners)} take part in it; name one of them as partner")
    made = Evidence(
        conversation=wanted.conversation,
        written_by=node_id,
        written_at=datetime.now(UTC),
        messages=[
            Kept(digest=row[3], signed=bytes(row[4] or b""), receipt=bytes(row[5] or b""))
            for row in rows
        ],
        agreements=await _agreements(connection, {row[6:8] for row in rows if row[6]}),
        directory=await _directory(connection, {name for row in rows for name in row[1:3]}),
    )
    return made, [str(row[0]) for row in rows]


async def _enter(
    connection: AsyncConnection, content: bytes, ids: Sequence[str], why: dict[str, str]
) -> None:
    digest = hashlib.sha256(content).hexdigest()
    what = What("messages", tuple(ids), step="evidence", digest=digest)
    await PostgresTrail().append(connection, Deed(act=Act.EXPORT, what=what, why=why))


def _write(to: Path, content: bytes) -> None:
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise RefusedError(f"{to}: {error.strerror}") from None


async def _agreements(
    connection: AsyncConnection, wanted: set[tuple[UUID, int]]
) -> Sequence[Signed]:
    """Those versions the messages name; both sign them."""
    found = [
        one for agreement_id, _ in wanted for one in await versions_of(connection, agreement_id)
    ]
    named = {(one.agreement.agreement_id, one.agreement.version): one for one in found
             if not one.agreement.ended}  # fmt: skip
    return [named[one] for one in sorted(wanted, key=str) if one in named]


async def _directory(connection: AsyncConnection, nodes: set[str]) -> Bundle:
    """The newest taken in which all of them stand: a partner may have left since."""
    newest: Bundle | None = None
    for (text,) in await (await connection.execute(_DIRECTORIES)).fetchall():
        bundle = bundle_of(text)
        newest = newest or bundle
        if all(party_path(node) in bundle.files for node in nodes):
            return bundle
    if newest is None:
        raise RefusedError("this node has no directory, without which nothing can be checked")
    return newest
