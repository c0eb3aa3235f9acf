"""Answers this node gives partners by itself, from its own hotlists and its register."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from morina.accountability.trail import NODE, Act, Deed, Trail, What
from morina.exchange.agreement import Agreement, Agreements
from morina.exchange.answering import Given, Known, given
from morina.exchange.kinds import Kind
from morina.exchange.message import Draft, Message, Why
from morina.exchange.questions import Answered, Result
from morina.exchange.register import (
    Named,
    RefusedVehicleError,
    RegisteredVehicle,
    VehicleRegister,
)
from morina.exchange.roles import Outbox, RefusedMessageError
from morina.plates import Plate
from morina.watch import Hotlist, Listed, VehicleOfInterest

LEAST_WORDS = 3
_decode = msgspec.json.Decoder(VehicleOfInterest).decode

_LISTED = """
SELECT h.hotlist_id, h.name, h.owner, h.purpose, h.legal_basis, h.review_at, l.country,
    (l.entry || jsonb_build_object('listing_id', l.listing_id))::text AS entry
FROM listing l JOIN hotlist h USING (hotlist_id)
WHERE l.withdrawn_revision IS NULL AND h.owner_node = ''
    AND l.text = %s AND l.country IN (%s, '')
ORDER BY h.name, l.listing_id"""
_ADD = """
INSERT INTO answer_given (question_id, message_id, partner, officer, plate, country, vin, why,
    answered_at, result, held_back, sampled)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING"""
_SAMPLE = """
SELECT g.*, r.by, r.words FROM answer_given g LEFT JOIN answer_review r USING (question_id)
WHERE g.sampled AND g.why <> '{}' AND (NOT %s OR r.by IS NULL)
ORDER BY g.answered_at DESC LIMIT %s"""
_REVIEW = """
INSERT INTO answer_review (question_id, by, at, words)
SELECT question_id, %s, %s, %s FROM answer_given WHERE question_id = %s AND sampled
ON CONFLICT DO NOTHING"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresAnswers:
    """The roles Takes for questions, and AnswersGiven. ``register`` is None where the authority
    gives none; it is waited for ``within_s``. One answer in ``sample_every`` is kept for review,
    drawn by ``secret`` so that nobody outside can tell which."""

    pool: AsyncConnectionPool
    node_id: str
    agreements: Agreements
    outbox: Outbox[AsyncConnection]
    trail: Trail[AsyncConnection]
    pseudonym: Callable[[str], str]
    secret: str
    register: VehicleRegister | None = None
    within_s: float = 5.0
    sample_every: int = 50
    kinds: Sequence[Kind] = (Kind.QUERY,)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes."""
        named, at = _asked(message)
        agreement = await self._agreement(message, now)
        known = await self._known(connection, named, at)
        answer = given(known, agreement, now)
        added = await connection.execute(_ADD, self._values(message, named, answer, now))
        if not added.rowcount:
            raise RefusedMessageError("answered", "that question was answered before")
        what = What("answer_given", (str(message.conversation),), f"answered: {answer.result}")
        await self.trail.append(
            connection,
            Deed(act=Act.CONSULTATION, what=what, who=NODE, at=now, with_whom=message.sender,
                 why=_why(message)),
        )  # fmt: skip
        draft = self._draft(message, answer, known.vehicles is None)
        await self.outbox.post(connection, draft, now)

    async def sample(self, by: str, *, open_only: bool, limit: int = 100) -> Sequence[Answered]:
        """See AnswersGiven."""
        async with self.pool.connection() as connection:
            rows = await _rows(connection, _SAMPLE, open_only, limit)
            ids = tuple(str(row["question_id"]) for row in rows)
            what = What("answer_given", ids, "sample read")
            await self.trail.append(connection, Deed(act=Act.CONSULTATION, what=what, who=by))
        return [_answered(row) for row in rows]

    async def review(self, question_id: UUID, by: str, words: str, now: datetime) -> None:
        """See AnswersGiven."""
        if len(words.split()) < LEAST_WORDS:
            raise ValueError(f"words: write {LEAST_WORDS} or more on what you found")
        async with self.pool.connection() as connection:
            done = await connection.execute(_REVIEW, (by, now, words, question_id))
            if not done.rowcount:
                raise LookupError("no answer of the sample has that id, or it was reviewed")
            what = What("answer_given", (str(question_id),), "reviewed")
            await self.trail.append(connection, Deed(act=Act.OVERSIGHT, what=what, who=by, at=now))

    async def _agreement(self, message: Message, now: datetime) -> Agreement:
        wanted = message.why.agreement_id if message.why else None
        for one in await self.agreements.in_force(self.node_id, message.sender, now):
            if one.agreement_id == wanted:
                return one
        raise RefusedMessageError("no_agreement", "no agreement in force lets that be asked")

    async def _known(self, connection: AsyncConnection, named: Named, at: datetime | None) -> Known:
        """All is looked up whatever is found first, so that time tells nothing of what may not be
        told. A VIN is looked for on hotlists by the plates the register gives it."""
        vehicles = await self._registered(named, at)
        plates = [named.plate] if named.plate else [one.plate for one in vehicles or ()]
        listed: list[Listed] = []
        perhaps = False
        for plate in dict.fromkeys(one for one in plates if one):
            found, others = await _listed(connection, plate)
            listed += found
            perhaps = perhaps or others
        return Known(listed=listed, perhaps=perhaps, vehicles=vehicles, at=at)

    async def _registered(
        self, named: Named, at: datetime | None
    ) -> Sequence[RegisteredVehicle] | None:
        """None where the register does not answer in time."""
        if self.register is None:
            return ()
        try:
            async with asyncio.timeout(self.within_s):
                return await self.register.look_up(named, at)
        except (TimeoutError, ConnectionError):
            return None

    def _values(
        self, message: Message, named: Named, answer: Given, now: datetime
    ) -> tuple[Any, ...]:
        said, why = named.said, message.why
        mark = f"answer {message.conversation}".encode()
        drawn = hmac.new(self.secret.encode(), mark, hashlib.sha256).digest()
        return (
            message.conversation, message.message_id, message.sender, why.officer if why else "",
            said.get("plate", ""), said.get("country", ""), said.get("vin", ""),
            Jsonb(_why(message)), now, answer.result.value, answer.held_back,
            int.from_bytes(drawn[:8], "big") % self.sample_every == 0,
        )  # fmt: skip

    def _draft(self, message: Message, answer: Given, is_silent: bool) -> Draft:
        asked = message.why
        if asked is None:
            raise RefusedMessageError("why", "a question says why it is asked")
        why = Why(
            agreement_id=asked.agreement_id, purpose=asked.purpose, case_number=asked.case_number,
            justification="answered by the node itself", officer=self.pseudonym(NODE),
        )  # fmt: skip
        return Draft(
            to=message.sender, kind=Kind.ANSWER, said=answer.said(is_silent), items=answer.items,
            why=why, conversation=message.conversation, answers=message,
        )  # fmt: skip


def _asked(message: Message) -> tuple[Named, datetime | None]:
    """What a question is about, checked again: a partner's node may be anybody's."""
    if len(message.items) != 1 or message.why is None:
        raise RefusedMessageError("vehicle", "one question is about one vehicle, with a reason")
    fields = {name: str(value) for name, value in message.items[0].fields.items()}
    if over := sorted(fields.keys() - {"plate", "country", "vin"}):
        raise RefusedMessageError("vehicle", f"{over[0]} has no place in a question")
    try:
        at = str(message.said.get("at", ""))
        return Named.of(**fields), datetime.fromisoformat(at) if at else None
    except RefusedVehicleError as error:
        raise RefusedMessageError("vehicle", str(error)) from None
    except ValueError:
        raise RefusedMessageError("at", "the reference time is no ISO 8601 time") from None


async def _listed(connection: AsyncConnection, plate: Plate) -> tuple[list[Listed], bool]:
    """Own listings of the very plate, and whether one has its text and no country."""
    rows = await _rows(connection, _LISTED, plate.text, plate.country)
    listed = [Listed(_hotlist(row), _decode(row["entry"])) for row in rows if row["country"]]
    return listed, any(not row["country"] for row in rows)


def _hotlist(row: Mapping[str, Any]) -> Hotlist:
    names = ("hotlist_id", "name", "owner", "purpose", "legal_basis", "review_at")
    return Hotlist(**{name: row[name] for name in names})


def _why(message: Message) -> dict[str, str]:
    why = message.why
    if why is None:
        return {}
    return {
        "code": why.purpose.value, "case_number": why.case_number, "officer": why.officer,
        "justification": why.justification, "agreement_id": str(why.agreement_id),
    }  # fmt: skip


async def _rows(connection: AsyncConnection, query: str, *keys: Any) -> list[dict[str, Any]]:
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(query, keys)).fetchall()


def _named(row: Mapping[str, Any]) -> Named:
    return Named.of(row["plate"], row["country"], row["vin"])


def _answered(row: Mapping[str, Any]) -> Answered:
    return Answered(
        question_id=row["question_id"], partner=row["partner"], officer=row["officer"],
        named=_named(row), why=row["why"], answered_at=row["answered_at"],
        result=Result(row["result"]), held_back=row["held_back"], reviewed_by=row["by"] or "",
        review=row["words"] or "",
    )  # fmt: skip
