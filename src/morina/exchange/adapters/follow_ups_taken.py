"""What partners say of follow-ups, taken in."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from morina.exchange.adapters import follow_ups_sql as sql
from morina.exchange.adapters.follow_ups_kept import NOT_YOURS, KeptFollowUps
from morina.exchange.deciding import NotAgreedError
from morina.exchange.follow_up_rules import LONGEST, refuse_fields, words_of
from morina.exchange.follow_up_steps import STEP_OF, TAKEN_AT
from morina.exchange.follow_ups import (
    Did,
    FollowUp,
    Handling,
    NoSuchFollowUpError,
    RefusedBecause,
    RefusedFollowUpError,
    Side,
    Stage,
    Step,
    Urgency,
)
from morina.exchange.kinds import Kind
from morina.exchange.message import Message, Why
from morina.exchange.questions import Hits
from morina.exchange.register import Named, RefusedVehicleError
from morina.exchange.roles import RefusedMessageError
from morina.exchange.sighting_messages import refuse_picture


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpsTaken:
    """The role Takes for follow-ups. ``hits`` are those this node told."""

    kept: KeptFollowUps
    hits: Sequence[Hits[AsyncConnection]]
    kinds: Sequence[Kind] = (*STEP_OF, Kind.REFUSED)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes."""
        if message.kind is Kind.REFUSED:
            await self._not_taken(connection, message, now)
            return
        try:
            if message.kind is Kind.FOLLOW_UP_REQUEST:
                await self._asked(connection, message, now)
            else:
                await self._step(connection, message, now)
        except (RefusedFollowUpError, RefusedVehicleError) as error:
            raise RefusedMessageError(error.place, str(error)) from None
        except NoSuchFollowUpError as error:
            raise RefusedMessageError("unknown_follow_up", str(error)) from None
        except NotAgreedError as error:
            raise RefusedMessageError(error.denial.because.value, str(error)) from None
        except (ValueError, TypeError, KeyError) as error:
            raise RefusedMessageError("said", f"it cannot be read: {error}") from None

    async def _asked(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """A partner asks: only about what it was told, with two persons behind it."""
        why = _why_of(message)
        if not why.approver or why.approver == why.officer:
            raise RefusedFollowUpError("approver", "a second officer has to approve it")
        if len(message.items) != 1:
            raise RefusedFollowUpError("vehicle", "a follow-up is about one vehicle")
        one = _follow_up(message, why, now)
        refuse_fields("wanted", one.wanted, await self.kept.agreement_of(one, now))
        told = [await hits.told(connection, message.sender, one.about) for hits in self.hits]
        if one.named not in told:
            raise RefusedFollowUpError("about", "no such hit was told; ask about one that was")
        if not await sql.add(connection, one, message):
            raise RefusedFollowUpError("conversation", "it was asked before")
        keys = {"id": one.follow_up_id, "at": now, "by": why.officer, "words": ""}
        await connection.execute(sql.DID, keys | {"step": Step.SEND.value})

    async def _step(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        row = await self.kept.row(connection, message.conversation)
        step, one = STEP_OF[message.kind], sql.follow_up_of(row)
        if row["partner"] != message.sender or one.side is TAKEN_AT[step]:
            raise NoSuchFollowUpError(NOT_YOURS)
        words = _words(step, message)
        did = Did(now, _why_of(message).officer, step, words)
        await self.kept.move(connection, row, did, TAKEN_AT[step])
        if step is Step.REFUSE:
            await connection.execute(sql.REFUSED, (words, one.follow_up_id))
        if step is Step.GRANT:
            await self._granted(connection, one, message, now)

    async def _not_taken(
        self, connection: AsyncConnection, message: Message, now: datetime
    ) -> None:
        """The partner's node refused what was told last: a request ends, what was released is open
        again. A refusal of anything else is nobody's here."""
        with suppress(NoSuchFollowUpError, RefusedFollowUpError):
            row = await self.kept.row(connection, message.conversation)
            if row["partner"] != message.sender:
                return
            side = Side(row["side"])
            step = Step.TURN_DOWN if side is Side.ASKING else Step.UNDO
            did = Did(now, message.sender, step, str(message.said.get("said", ""))[:LONGEST])
            await self.kept.move(connection, row, did, side)

    async def _granted(
        self, connection: AsyncConnection, one: FollowUp, message: Message, now: datetime
    ) -> None:
        """Kept until the owner's date, and never longer than agreed."""
        agreement = await self.kept.agreement_of(one, now)
        if len(message.items) != 1:
            raise RefusedFollowUpError("fields", "what is released stands in one item")
        refuse_picture(message.items[0].fields)
        until = datetime.fromisoformat(str(message.said["forget_at"]))
        until = min(until, now + timedelta(days=agreement.keep_days))
        handling = Handling(str(message.said["handling"])).value
        fields = Jsonb(dict(message.items[0].fields))
        await connection.execute(sql.GRANTED, (fields, handling, until, one.follow_up_id))


def _why_of(message: Message) -> Why:
    if message.why is None:
        raise RefusedFollowUpError("why", "a follow-up says why")
    return message.why


def _follow_up(message: Message, why: Why, now: datetime) -> FollowUp:
    said: dict[str, Any] = dict(message.said)
    fields = {name: str(value) for name, value in message.items[0].fields.items()}
    reasons = {
        "code": why.purpose.value, "case_number": why.case_number,
        "justification": why.justification,
    }  # fmt: skip
    return FollowUp(
        follow_up_id=message.conversation, side=Side.OWNING, partner=message.sender,
        agreement_id=why.agreement_id, about=UUID(str(said["about"])), named=Named.of(**fields),
        requester=why.officer, approver=why.approver, why=reasons, offence=why.offence,
        urgency=Urgency(str(said["urgency"])), wanted=tuple(map(str, said["wanted"])),
        officers=(), stage=Stage.ASKED, written_at=now, asked_at=now,
    )  # fmt: skip


def _words(step: Step, message: Message) -> str:
    """What a step keeps in words: those said, the code of a refusal, the names of fields."""
    if step in (Step.CLARIFY, Step.CLARIFIED):
        return words_of(str(message.said.get("words", "")))
    if step is Step.REFUSE:
        return RefusedBecause(str(message.said.get("because"))).value
    names = sorted(name for item in message.items for name in item.fields)
    return ", ".join(names)
