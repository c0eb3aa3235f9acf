"""The chain of a running node's trail: its newest seal, its last check, and all of it in a file."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.folder_checkpoints import FolderCheckpoints
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_matters import PostgresMatters
from morina.accountability.adapters.postgres_overseen import PostgresOverseen
from morina.accountability.adapters.postgres_trail import PostgresTrail, PostgresTrailReader
from morina.accountability.checkpoints import Checkpoint
from morina.accountability.clearing import Clearance
from morina.accountability.oversight import Checked, Overseeing
from morina.accountability.signing import PublicKey, Signer
from morina.accountability.trail import Act, Deed, Entry, What
from morina.accountability.trail_check import Verified
from morina.accountability.trail_file import checkpoint_line, entry_line
from morina.accountability.watched import Marks
from morina.alerts.adapters.postgres_of_plate import PostgresAlertsOf
from morina.desk.authority import Authority, UnknownStatementError
from morina.desk.oversight import Oversight
from morina.engines import EngineError, Home
from morina.exchange.adapters.postgres_of_plate import PostgresPartnersAsked
from morina.records.asked_as import alike
from morina.settings import Settings
from morina.watch.adapters.postgres_reviews import PostgresReviews
from morina.wiring.trail import checkpoints_of, seal

CHECK = "check of the trail"
CHECK_ID = "trail-check"
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class NodeChain:
    """The role desk.oversight.Chain."""

    pool: AsyncConnectionPool
    points: FolderCheckpoints
    signer: Signer

    @property
    def key(self) -> PublicKey:
        """What the trail is sealed with."""
        return self.signer.public

    async def sealed(self) -> Checkpoint | None:
        """See Chain."""
        return await asyncio.to_thread(self.points.newest)

    async def checked(self) -> Checked | None:
        """See Chain."""
        found = await PostgresOverseen(self.pool).naming([CHECK_ID], 1)
        return _checked(found[0]) if found else None

    async def given_out(self, to: str) -> AsyncIterator[bytes]:
        """See Chain."""
        trail = PostgresTrailReader(self.pool)
        await trail.enter(Deed(act=Act.EXPORT, what=What("trail", (), f"to {to}")))
        sealed = await seal(trail, self.points, self.signer)
        last = sealed.last if sealed else 0
        async for entry in trail.entries():
            if entry.number <= last:
                yield entry_line(entry) + b"\n"
        for one in await asyncio.to_thread(self.points.all):
            yield checkpoint_line(one) + b"\n"


def chain_of(pool: AsyncConnectionPool, home: Home, signer: Signer) -> NodeChain:
    """Of the node in ``home``."""
    return NodeChain(pool, checkpoints_of(home.path), signer)


async def enter_check(trail: PostgresTrailReader, outcome: Verified) -> None:
    """Enter that the whole trail was checked, and what was found."""
    found = "; ".join(str(one) for one in outcome.found[:MOST_TOLD])
    step = "does not hold" if outcome.found else "holds"
    why = {"count": str(outcome.count), "sealed_to": str(outcome.sealed_to), "found": found}
    await trail.enter(Deed(act=Act.CONSULTATION, what=What(CHECK, (CHECK_ID,), step), why=why))


def oversight_of(
    pool: AsyncConnectionPool, chain: NodeChain, authority: Authority, clearance: Clearance,
    marks: Marks,
) -> Oversight:  # fmt: skip
    """What those who oversee this node work with."""
    overseeing = Overseeing(
        PostgresOverseen(pool, alike, marks.of), PostgresConsultations(pool),
        PostgresAlertsOf(pool), PostgresPartnersAsked(pool), clearance,
    )  # fmt: skip
    return Oversight(
        trail=PostgresTrailReader(pool), overseeing=overseeing, chain=chain,
        matters=PostgresMatters(pool, PostgresTrail()), reviews=PostgresReviews(pool),
        authority=authority,
    )  # fmt: skip


def authority_of(settings: Settings) -> Authority:
    """The authority as the settings name it; EngineError for a statement no paper has."""
    chosen = settings.duties.model_dump()
    try:
        return Authority(name=chosen.pop("authority"), **chosen)
    except UnknownStatementError as error:
        raise EngineError(str(error)) from None


def _checked(entry: Entry) -> Checked:
    why = entry.deed.why
    found = tuple(one for one in why.get("found", "").split("; ") if one)
    return Checked(
        entry.deed.at, int(why.get("count", 0)), int(why.get("sealed_to", 0)), found
    )  # fmt: skip
