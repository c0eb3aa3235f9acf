"""Questions to partners in PostgreSQL: written down, sent, answered, forgotten."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.accountability import Asked, Consultations, Outcome, Purpose, PurposeCode
from morina.accountability.approvals import ApprovalNeededError, Guarded, Request
from morina.accountability.clearing import Clearance, NotClearedError, noted
from morina.accountability.tiers import Facts, NeedsApproval, Refused
from morina.accountability.trail import Act, Deed, Trail, What, why_of
from morina.exchange.agreement import Agreement, Agreements
from morina.exchange.deciding import Because, Denial, NotAgreedError, Told, denial
from morina.exchange.kinds import Category, Kind
from morina.exchange.message import Draft, Item, Message, Why
from morina.exchange.questions import (
    Answer,
    Became,
    Messages,
    NoSuchPartnerQuestionError,
    Question,
    Result,
    ToAsk,
)
from morina.exchange.register import Named, RefusedVehicleError
from morina.exchange.roles import Outbox, RefusedMessageError

_ADD = """
INSERT INTO partner_question (question_id, number, partner, agreement_id, plate, country, vin,
    reference_at, officer, why, asked_at, forget_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_SELECT = """
SELECT q.*, a.result, a.answered_at, a.found
FROM partner_question q LEFT JOIN partner_answer a USING (question_id)
"""
_ONE = _SELECT + "WHERE q.question_id = %s AND q.why <> '{}'"
_NEWEST = _SELECT + "WHERE q.officer = %s ORDER BY q.asked_at DESC, q.partner LIMIT %s"
_ANSWERED = """
INSERT INTO partner_answer (question_id, result, answered_at, found) VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING"""
_FORGET = """
UPDATE partner_answer a SET found = NULL FROM partner_question q
WHERE q.question_id = a.question_id AND a.found IS NOT NULL AND q.forget_at <= %s
RETURNING a.question_id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresQuestions:
    """The roles Questions, and Takes for answers. ``pseudonym`` names an officer to partners;
    ``messages`` is None where nothing is known of deliveries."""

    pool: AsyncConnectionPool
    node_id: str
    agreements: Agreements
    outbox: Outbox[AsyncConnection]
    trail: Trail[AsyncConnection]
    clearance: Clearance
    consultations: Consultations
    pseudonym: Callable[[str], str]
    messages: Messages | None = None
    kinds: Sequence[Kind] = (Kind.ANSWER,)

    async def ask(self, asked: ToAsk, now: datetime) -> Sequence[Question]:
        """See Questions."""
        unchecked = await self.clearance.check(asked.purpose)
        request = await self._cleared(asked, now)
        agreed = {one: await self._agreed(one, asked, now) for one in dict.fromkeys(asked.partners)}
        if not agreed:
            raise RefusedVehicleError("partners", "name at least one partner to ask")
        words = f"{asked.named.words}, to {', '.join(agreed)}"
        number = await self.consultations.begin(
            Asked(
                at=now, purpose=asked.purpose, question=noted(words, unchecked),
                plates=tuple(asked.named.said.values())[:1], approval_id=asked.approval_id,
                approval_digest=request.digest if request else "",
            )
        )  # fmt: skip
        failed = "it was not sent"
        try:
            made = await self._sent(asked, number, agreed, now)
            failed = ""
        except NotAgreedError as error:
            failed = str(error)[:200]
            raise
        finally:
            outcome = Outcome(at=now, shown=None if failed else 0, failed=failed)
            await self.consultations.end(number, outcome)
        return made

    async def question(self, question_id: UUID, officer: str) -> Question:
        """See Questions."""
        found = [one for one in await self._found(_ONE, question_id) if _is_of(one, officer)]
        if not found:
            raise NoSuchPartnerQuestionError("you asked no partner anything under that id")
        return found[0]

    async def newest(self, officer: str, limit: int = 50) -> Sequence[Question]:
        """See Questions."""
        return await self._found(_NEWEST, officer, limit)

    async def forget(self, now: datetime) -> int:
        """See Questions."""
        async with self.pool.connection() as connection:
            rows = await (await connection.execute(_FORGET, (now,))).fetchall()
            if rows:
                what = What("partner_question", tuple(str(row[0]) for row in rows), "forgotten")
                await self.trail.append(connection, Deed(act=Act.ERASURE, what=what, at=now))
        return len(rows)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes."""
        [asked, *_] = [*await _rows(connection, _ONE, message.conversation), None]
        if asked is None or asked["partner"] != message.sender:
            raise RefusedMessageError("unknown_question", "nothing was asked in that conversation")
        result = str(message.said.get("result"))
        if result not in set(Result):
            raise RefusedMessageError("result", f"{result[:20]!r} is none of {', '.join(Result)}")
        found = Jsonb([dict(item.fields) for item in message.items])
        kept = (message.conversation, result, max(now, asked["asked_at"]), found)
        if not (await connection.execute(_ANSWERED, kept)).rowcount:
            raise RefusedMessageError("answered", "it was answered before; one answer is taken")

    async def _cleared(self, asked: ToAsk, now: datetime) -> Request | None:
        """The request a second person has to approve, where the tier of its age says so."""
        if asked.at is None:
            return None
        if asked.at > now:
            raise RefusedVehicleError("at", "lies ahead; leave it empty for now")
        days = (now - asked.at).total_seconds() / 86400
        facts = Facts(age_days=days, is_pattern=False, has_place=True)
        decided = await self.clearance.decide(asked.purpose, facts)
        if isinstance(decided, Refused):
            raise NotClearedError(decided.place, decided.fault, decided.mend)
        if not isinstance(decided, NeedsApproval):
            return None
        request = Request(
            kind=Guarded.PARTNER_QUESTION, requester=asked.purpose.officer, needed=decided.why,
            words=f"{asked.named.words} as it was on {asked.at:%Y-%m-%d}, asked of partners",
            why=why_of(asked.purpose),
            content={"partners": list(asked.partners), "at": asked.at.isoformat(),
                     **asked.named.said},
        )  # fmt: skip
        if asked.approval_id is None:
            raise ApprovalNeededError(request)
        return request

    async def _agreed(self, partner: str, asked: ToAsk, now: datetime) -> Agreement:
        """The agreement to ask under: one for the purpose where there is any."""
        found = [
            one
            for one in await self.agreements.in_force(partner, self.node_id, now)
            if one.category is Category.VEHICLE
        ]
        if not found:
            said = f"no agreement in force lets this node ask {partner} about vehicles"
            raise NotAgreedError(Denial(Because.NO_AGREEMENT, said))
        fitting = [one for one in found if asked.purpose.code in one.purposes]
        chosen = (fitting or found)[0]
        told = Told(
            sender=self.node_id, to=partner, kind=Kind.QUERY, at=now, items=(),
            why=self._why(asked.purpose, chosen),
        )  # fmt: skip
        if refused := denial(chosen, told):
            raise NotAgreedError(replace(refused, said=f"{partner}: {refused.said}"))
        return chosen

    def _why(self, purpose: Purpose, agreement: Agreement) -> Why:
        return Why(
            agreement_id=agreement.agreement_id, purpose=purpose.code,
            case_number=purpose.case_number, justification=purpose.justification,
            officer=self.pseudonym(purpose.officer),
        )  # fmt: skip

    async def _sent(
        self, asked: ToAsk, number: int, agreed: Mapping[str, Agreement], now: datetime
    ) -> Sequence[Question]:
        made = [
            Question(
                question_id=uuid4(), number=number, partner=partner, named=asked.named,
                agreement_id=agreement.agreement_id, purpose=asked.purpose, asked_at=now,
                forget_at=now + timedelta(days=agreement.keep_days), at=asked.at,
            )
            for partner, agreement in agreed.items()
        ]  # fmt: skip
        async with self.pool.connection() as connection:
            for one in made:
                await connection.execute(_ADD, _values(one))
            for one in made:
                await self.outbox.post(connection, self._draft(one, agreed[one.partner]), now)
        return made

    def _draft(self, one: Question, agreement: Agreement) -> Draft:
        said = {"at": one.at.isoformat()} if one.at else {}
        return Draft(
            to=one.partner, kind=Kind.QUERY, said=said, conversation=one.question_id,
            items=(Item(fields=one.named.said),), why=self._why(one.purpose, agreement),
        )  # fmt: skip

    async def _found(self, query: str, *keys: Any) -> list[Question]:
        async with self.pool.connection() as connection:
            rows = await _rows(connection, query, *keys)
        open_ = [row["question_id"] for row in rows if row["result"] is None]
        became = await self.messages.became(open_) if self.messages and open_ else {}
        return [_question(row, became.get(row["question_id"], Became())) for row in rows]


async def _rows(connection: AsyncConnection, query: str, *keys: Any) -> list[dict[str, Any]]:
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(query, keys)).fetchall()


def _is_of(one: Question, officer: str) -> bool:
    return one.purpose.officer == officer


def _named(row: Mapping[str, Any]) -> Named:
    return Named.of(row["plate"], row["country"], row["vin"])


def _values(one: Question) -> tuple[Any, ...]:
    said = one.named.said
    return (
        one.question_id, one.number, one.partner, one.agreement_id, said.get("plate", ""),
        said.get("country", ""), said.get("vin", ""), one.at, one.purpose.officer,
        Jsonb(why_of(one.purpose)), one.asked_at, one.forget_at,
    )  # fmt: skip


def _question(row: dict[str, Any], became: Became) -> Question:
    why = dict(row["why"])
    purpose = Purpose(officer=row["officer"], code=PurposeCode(why.pop("code")), **why)
    answer = None
    if row["result"] is not None:
        took = row["answered_at"] - row["asked_at"]
        answer = Answer(
            result=Result(row["result"]), answered_at=row["answered_at"],
            took_ms=round(took.total_seconds() * 1000),
            found=None if row["found"] is None else tuple(row["found"]),
        )  # fmt: skip
    return Question(
        question_id=row["question_id"], number=row["number"], partner=row["partner"],
        agreement_id=row["agreement_id"], named=_named(row), purpose=purpose,
        asked_at=row["asked_at"], forget_at=row["forget_at"], at=row["reference_at"],
        became=became, answer=answer,
    )  # fmt: skip
