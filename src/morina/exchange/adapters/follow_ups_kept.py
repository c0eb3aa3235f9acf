"""One follow-up within a transaction: found, moved on, entered, told to the partner."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from morina.accountability.trail import NODE, Act, Deed, Trail, What
from morina.exchange.adapters import follow_ups_sql as sql
from morina.exchange.agreement import Agreement, Agreements
from morina.exchange.deciding import Because, Denial, NotAgreedError
from morina.exchange.follow_up_rules import purpose_of
from morina.exchange.follow_up_steps import SENT_AS, after
from morina.exchange.follow_ups import (
    Did,
    FollowUp,
    NoSuchFollowUpError,
    Side,
    Stage,
    Step,
)
from morina.exchange.kinds import Category
from morina.exchange.message import Draft, Item, Why
from morina.exchange.roles import Outbox

NOT_YOURS = "no follow-up of yours has that id"
"""Also where there is one of another's: who guesses learns nothing."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a step tells the partner: the conversation's particulars, and data."""

    said: Mapping[str, Any]
    item: Item | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFollowUps:
    """What persons' steps and those of partners have in common."""

    node_id: str
    agreements: Agreements
    outbox: Outbox[AsyncConnection]
    trail: Trail[AsyncConnection]
    pseudonym: Callable[[str], str]

    async def row(self, connection: AsyncConnection, follow_up_id: UUID) -> dict[str, Any]:
        """One, locked until the transaction ends; NoSuchFollowUpError."""
        found = await sql.found(connection, sql.LOCKED, (follow_up_id,))
        if not found:
            raise NoSuchFollowUpError(NOT_YOURS)
        return found[0]

    async def move(
        self, connection: AsyncConnection, row: Mapping[str, Any], did: Did, side: Side
    ) -> Stage:
        """Take a step at ``side``; RefusedFollowUpError where it may not be taken."""
        then = after(Stage(row["stage"]), did.step, side)
        await connection.execute(sql.MOVE, (then.value, row["follow_up_id"]))
        keys = {
            "id": row["follow_up_id"], "at": did.at, "by": did.by, "step": did.step.value,
            "words": did.words,
        }  # fmt: skip
        await connection.execute(sql.DID, keys)
        return then

    async def enter(
        self, connection: AsyncConnection, one: FollowUp, did: Did, act: Act = Act.CONSULTATION
    ) -> None:
        """A step in the trail, by its name and the names of fields, never by their values."""
        step = f"{did.step}: {did.words}" if did.step is Step.GRANT else did.step.value
        what = What("follow_up", (str(one.follow_up_id),), step[:200])
        deed = Deed(
            act=act, what=what, who=did.by, at=did.at, why=dict(one.why), with_whom=one.partner
        )
        await self.trail.append(connection, deed)

    async def post(
        self, connection: AsyncConnection, row: Mapping[str, Any], did: Did, telling: Telling
    ) -> None:
        """Tell the partner."""
        one = sql.follow_up_of(row)
        asks = one.side is Side.ASKING
        why = Why(
            agreement_id=one.agreement_id, purpose=purpose_of(one), offence=one.offence,
            case_number=one.why["case_number"], officer=self.pseudonym(did.by),
            justification=one.why["justification"] if asks else "answer to a follow-up",
            approver=self.pseudonym(one.approver) if asks and one.approver else "",
        )  # fmt: skip
        items = (telling.item,) if telling.item else ()
        draft = Draft(
            to=one.partner, kind=SENT_AS[did.step], said=telling.said, items=items, why=why,
            conversation=one.follow_up_id, answers=sql.request_of(row),
        )  # fmt: skip
        await self.outbox.post(connection, draft, did.at)

    async def agreed(self, giver: str, receiver: str, now: datetime) -> list[Agreement]:
        """Those about follow-ups in force from one node to another."""
        found = await self.agreements.in_force(giver, receiver, now)
        return [one for one in found if one.category is Category.FOLLOW_UP]

    async def agreement_of(self, one: FollowUp, now: datetime) -> Agreement:
        """The agreement it was asked under, as it is in force; NotAgreedError."""
        ends = (self.node_id, one.partner)
        giver, receiver = ends if one.side is Side.OWNING else ends[::-1]
        for agreement in await self.agreed(giver, receiver, now):
            if agreement.agreement_id == one.agreement_id:
                return agreement
        said = "the agreement it was asked under is in force no more; refuse it"
        raise NotAgreedError(Denial(Because.NOT_IN_FORCE, said))


def by_node(step: Step, at: datetime) -> Did:
    """A step the node takes by itself."""
    return Did(at, NODE, step)
