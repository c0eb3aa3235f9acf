"""Follow-ups in PostgreSQL: what persons of this node do with them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.approvals import Approvals, RefusedApprovalError
from morina.accountability.clearing import Clearance
from morina.accountability.trail import Act, Deed, What, why_of
from morina.exchange.adapters import follow_ups_sql as sql
from morina.exchange.adapters.follow_ups_kept import KeptFollowUps, Telling, by_node
from morina.exchange.agreement import Agreement
from morina.exchange.deciding import Because, Denial, NotAgreedError
from morina.exchange.follow_up_clocks import Hours, escalations, in_order
from morina.exchange.follow_up_rules import (
    approval_request,
    refuse_fields,
    refuse_grant,
    refuse_thin,
    sees,
    sees_granted,
    words_of,
)
from morina.exchange.follow_ups import (
    Did,
    Escalation,
    FollowUp,
    Grant,
    NoSuchFollowUpError,
    RefusedBecause,
    RefusedFollowUpError,
    Side,
    Stage,
    Step,
    ToFollowUp,
)
from morina.exchange.message import Item
from morina.exchange.questions import Hits
from morina.exchange.register import Named
from morina.exchange.released_pictures import (
    Passage,
    Passages,
    asks_for_picture,
    with_picture,
)

UseApproval = Callable[[AsyncConnection, UUID, str, datetime, str], Awaitable[None]]
"""Uses an approval up within a transaction: connection, its id, digest, time, what for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresFollowUps:
    """The role FollowUps. ``hits`` say what a follow-up may rest on, ``passages`` have the pictures
    of what was told; a justification has at least ``least_characters``."""

    pool: AsyncConnectionPool
    kept: KeptFollowUps
    clearance: Clearance
    approvals: Approvals
    use_approval: UseApproval
    hits: Sequence[Hits[AsyncConnection]]
    passages: Passages
    hours: Hours = field(default_factory=Hours)
    least_characters: int = 40

    async def write(self, wanted: ToFollowUp, now: datetime) -> FollowUp:
        """See FollowUps."""
        await self.clearance.check(wanted.purpose)
        refuse_thin(wanted, self.least_characters)
        agreement = await self._chosen(wanted, now)
        async with self.pool.connection() as connection:
            named = await self._hit(connection, wanted)
        one = FollowUp(
            follow_up_id=uuid4(), side=Side.ASKING, partner=wanted.partner, named=named,
            agreement_id=agreement.agreement_id, about=wanted.about, approver="",
            requester=wanted.purpose.officer, why=why_of(wanted.purpose), offence=wanted.offence,
            urgency=wanted.urgency, wanted=wanted.wanted, officers=wanted.officers,
            stage=Stage.WRITTEN, written_at=now,
        )  # fmt: skip
        approval = await self.approvals.ask(approval_request(one), now)
        one = replace(one, approval_id=approval.approval_id)
        what = What("follow_up", (str(one.follow_up_id),), "written")
        async with self.pool.connection() as connection:
            await sql.add(connection, one)
            await self.kept.trail.append(
                connection,
                Deed(act=Act.CONSULTATION, what=what, who=one.requester, at=now, why=one.why,
                     with_whom=one.partner),
            )  # fmt: skip
        return one

    async def send(self, follow_up_id: UUID, by: str, now: datetime) -> FollowUp:
        """See FollowUps."""
        did = Did(now, by, Step.SEND)
        approver = await self._approver(await self._one(follow_up_id))
        async with self.pool.connection() as connection:
            row = await self._own(connection, follow_up_id, by)
            one = sql.follow_up_of(row)
            await self.kept.move(connection, row, did, Side.ASKING)
            if one.approval_id is None:
                raise RefusedApprovalError("approval_id: nobody was asked; write it anew")
            await connection.execute(sql.SENT, (now, approver, follow_up_id))
            digest, what = approval_request(one).digest, f"follow-up {follow_up_id}"
            await self.use_approval(connection, one.approval_id, digest, now, what)
            said = {
                "about": str(one.about), "urgency": one.urgency.value, "wanted": list(one.wanted),
            }  # fmt: skip
            row["approver"] = approver
            await self.kept.enter(connection, one, did)
            await self.kept.post(connection, row, did, Telling(said, Item(fields=one.named.said)))
        return await self._one(follow_up_id)

    async def drop(self, follow_up_id: UUID, by: str, now: datetime) -> FollowUp:
        """See FollowUps."""
        did = Did(now, by, Step.DROP)
        async with self.pool.connection() as connection:
            row = await self._own(connection, follow_up_id, by)
            await self.kept.move(connection, row, did, Side.ASKING)
            await self.kept.enter(connection, sql.follow_up_of(row), did)
        return await self._one(follow_up_id)

    async def acknowledge(self, follow_up_id: UUID, by: str, now: datetime) -> FollowUp:
        """See FollowUps."""
        return await self._told(follow_up_id, Did(now, by, Step.ACKNOWLEDGE), {})

    async def clarify(self, follow_up_id: UUID, by: str, words: str, now: datetime) -> FollowUp:
        """See FollowUps."""
        said = words_of(words)
        return await self._told(follow_up_id, Did(now, by, Step.CLARIFY, said), {"words": said})

    async def clarified(self, follow_up_id: UUID, by: str, words: str, now: datetime) -> FollowUp:
        """See FollowUps."""
        said = words_of(words)
        return await self._told(follow_up_id, Did(now, by, Step.CLARIFIED, said), {"words": said})

    async def refuse(
        self, follow_up_id: UUID, by: str, because: RefusedBecause, now: datetime
    ) -> FollowUp:
        """See FollowUps."""
        did = Did(now, by, Step.REFUSE, because.value)
        return await self._told(follow_up_id, did, {"because": because.value})

    async def grant(self, follow_up_id: UUID, by: str, grant: Grant, now: datetime) -> FollowUp:
        """See FollowUps; beside the message this node keeps only the names of what it released."""
        grant = with_picture(grant, await self._passage(follow_up_id, grant))
        did = Did(now, by, Step.GRANT, ", ".join(sorted(grant.fields)))
        async with self.pool.connection() as connection:
            row = await self.kept.row(connection, follow_up_id)
            one = sql.follow_up_of(row)
            await self.kept.move(connection, row, did, one.side)
            agreement = await self.kept.agreement_of(one, now)
            refuse_grant(grant, agreement, now)
            said = {
                "handling": grant.handling.value, "forget_at": grant.forget_at.isoformat(),
                "onward": agreement.onward.value,
            }  # fmt: skip
            item = Item(fields=grant.fields, at=grant.at, camera_group=grant.camera_group)
            await self.kept.enter(connection, one, did, Act.DISCLOSURE)
            await self.kept.post(connection, row, did, Telling(said, item))
        return await self._one(follow_up_id)

    async def follow_up(self, follow_up_id: UUID, by: str, *, releases: bool) -> FollowUp:
        """See FollowUps."""
        async with self.pool.connection() as connection:
            found = await sql.found(connection, sql.ONE, (follow_up_id,))
            one = sql.follow_up_of(found[0], shows=True) if found else None
            if one is None or not sees(one, by, releases):
                raise NoSuchFollowUpError("no follow-up of yours has that id")
            if one.granted is None or not sees_granted(one, by):
                return replace(one, granted=None)
            what = What("follow_up", (str(follow_up_id),), "released fields shown")
            deed = Deed(act=Act.CONSULTATION, what=what, who=by, why=one.why, with_whom=one.partner)
            await self.kept.trail.append(connection, deed)
        return one

    async def all_of(self, by: str, *, releases: bool, limit: int = 200) -> Sequence[FollowUp]:
        """See FollowUps."""
        keys = {"by": by, "releases": releases, "limit": limit}
        async with self.pool.connection() as connection:
            found = await sql.found(connection, sql.SEEN_BY, keys)
        return in_order([sql.follow_up_of(row) for row in found], self.hours)

    async def look(self, now: datetime) -> Sequence[Escalation]:
        """See FollowUps."""
        new: list[Escalation] = []
        async with self.pool.connection() as connection:
            running = await sql.found(connection, sql.RUNNING)
            for one in (due for row in running for due in
                        escalations(sql.follow_up_of(row), self.hours, now)):  # fmt: skip
                keys = (one.follow_up_id, one.clock.value, one.is_due, one.at)
                if (await connection.execute(sql.ESCALATE, keys)).rowcount:
                    new.append(one)
            for one in new:
                step = f"{one.clock}: {'due' if one.is_due else 'half of the time is over'}"
                what = What("follow_up", (str(one.follow_up_id),), step)
                deed = Deed(act=Act.OVERSIGHT, what=what, at=now)
                await self.kept.trail.append(connection, deed)
        await self._forget(now)
        return new

    async def escalations(self, limit: int = 100) -> Sequence[Escalation]:
        """See FollowUps."""
        async with self.pool.connection() as connection:
            rows = await sql.found(connection, sql.ESCALATIONS, (limit,))
        return [sql.escalation_of(row) for row in rows]

    async def _forget(self, now: datetime) -> None:
        async with self.pool.connection() as connection:
            gone = await sql.found(connection, sql.OVER, (now,))
            for row in gone:
                await self.kept.move(connection, row, by_node(Step.FORGET, now), Side.ASKING)
                await connection.execute(sql.FORGET, (row["follow_up_id"],))
            if gone:
                ids = tuple(str(row["follow_up_id"]) for row in gone)
                what = What("follow_up", ids, "forgotten")
                deed = Deed(act=Act.ERASURE, what=what, at=now)
                await self.kept.trail.append(connection, deed)

    async def _told(self, follow_up_id: UUID, did: Did, said: Mapping[str, str]) -> FollowUp:
        """A step that is told to the partner in ``said`` alone."""
        async with self.pool.connection() as connection:
            row = await self.kept.row(connection, follow_up_id)
            one = sql.follow_up_of(row)
            if one.side is Side.ASKING and did.by != one.requester:
                raise NoSuchFollowUpError("no follow-up of yours has that id")
            await self.kept.move(connection, row, did, one.side)
            if did.step is Step.REFUSE:
                await connection.execute(sql.REFUSED, (did.words, follow_up_id))
            await self.kept.enter(connection, one, did)
            await self.kept.post(connection, row, did, Telling(said))
        return await self._one(follow_up_id)

    async def _chosen(self, wanted: ToFollowUp, now: datetime) -> Agreement:
        """The agreement to ask under, which names every field wanted."""
        found = await self.kept.agreed(wanted.partner, self.kept.node_id, now)
        fitting = [one for one in found if wanted.purpose.code in one.purposes]
        if not fitting:
            said = f"no agreement in force lets this node ask {wanted.partner} for details for"
            said += f" {wanted.purpose.code}"
            raise NotAgreedError(Denial(Because.NO_AGREEMENT, said))
        refuse_fields("wanted", wanted.wanted, fitting[0])
        return fitting[0]

    async def _hit(self, connection: AsyncConnection, wanted: ToFollowUp) -> Named:
        for hits in self.hits:
            if named := await hits.heard(connection, wanted.partner, wanted.about):
                return named
        raise RefusedFollowUpError("about", f"{wanted.partner} told this node no hit of that id")

    async def _own(self, connection: AsyncConnection, follow_up_id: UUID, by: str) -> dict:  # type: ignore[type-arg]  # a row
        row = await self.kept.row(connection, follow_up_id)
        if row["side"] != Side.ASKING or row["requester"] != by:
            raise NoSuchFollowUpError("no follow-up of yours has that id")
        return row

    async def _one(self, follow_up_id: UUID) -> FollowUp:
        async with self.pool.connection() as connection:
            found = await sql.found(connection, sql.ONE, (follow_up_id,))
        if not found:
            raise NoSuchFollowUpError("no follow-up has that id")
        return sql.follow_up_of(found[0])

    async def _passage(self, follow_up_id: UUID, grant: Grant) -> Passage | None:
        """That told of, where its picture is to go along."""
        if not asks_for_picture(grant):
            return None
        one = await self._one(follow_up_id)
        return await self.passages.told(one.partner, one.about)

    async def _approver(self, one: FollowUp) -> str:
        """Who decided on it so far; asked before a transaction holds a connection."""
        if one.approval_id is None:
            return ""
        verdict = (await self.approvals.approval(one.approval_id)).verdict
        return verdict.by if verdict else ""
