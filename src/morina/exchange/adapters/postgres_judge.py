"""Asks the agreements whether a message may pass, with what was asked under them before."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from psycopg import AsyncConnection

from morina.exchange.agreement import Agreement, Agreements
from morina.exchange.deciding import Because, NotAgreedError, Told, Used, denial
from morina.exchange.kinds import RULES, Kind
from morina.exchange.message import Item, Message, Why

COUNTED = [kind.value for kind, rule in RULES.items() if rule.counted]
DENIED = [because.value for because in Because]
_OF_DAY = """
FROM exchange_message
WHERE agreement_id = %(agreement_id)s AND sender = %(sender)s AND kind = ANY(%(counted)s)
    AND created_at >= %(day)s AND created_at < %(day)s + interval '1 day'
    AND refused <> ALL(%(denied)s)"""
_USED = f"""
SELECT count(*) FILTER (WHERE officer = %(officer)s), count(*) {_OF_DAY} AND seq < %(seq)s"""
_MOST_USED = f"""
SELECT coalesce(max(asked), 0)::int, coalesce(sum(asked), 0)::int
FROM (SELECT count(*) AS asked {_OF_DAY} GROUP BY officer) AS by_officer"""  # noqa: S608 - of this module's own texts


@dataclass(frozen=True, slots=True)
class Judge:
    """Both sides ask it the same: the sender before a message goes, the receiver before it acts."""

    agreements: Agreements

    async def agreement(self, sender: str, to: str, why: Why | None, at: datetime
    ) -> Agreement | None:  # fmt: skip
        """The agreement named, where it is in force between these two, whichever of them gives."""
        if why is None:
            return None
        for giver, receiver in ((sender, to), (to, sender)):
            for one in await self.agreements.in_force(giver, receiver, at):
                if one.agreement_id == why.agreement_id:
                    return one
        return None

    async def refuse(
        self, connection: AsyncConnection, message: Message, agreement: Agreement | None,
        at: datetime,
    ) -> None:  # fmt: skip
        """NotAgreedError where it may not pass at ``at``; counted within this transaction."""
        if RULES[message.kind].category is None:
            refuse_data(message.kind, message.items)
            return
        if message.why is None:
            raise ValueError(f"{message.kind} needs an agreement and a reason; give why")
        told = Told(
            sender=message.sender, to=message.to, kind=message.kind, why=message.why,
            items=message.items, at=at, made_at=message.created_at,
        )  # fmt: skip
        used = await used_of(connection, message, message.why.agreement_id)
        if found := denial(agreement, told, used):
            raise NotAgreedError(found)


async def used_of(connection: AsyncConnection, message: Message, agreement_id: UUID) -> Used:
    """What was asked before it under the agreement, the UTC day it was made."""
    if not RULES[message.kind].counted or message.why is None:
        return Used()
    asked = _of_day(agreement_id, message.sender, message.created_at)
    asked |= {"officer": message.why.officer, "seq": message.seq}
    row = await (await connection.execute(_USED, asked)).fetchone()
    return Used(*row) if row else Used()


async def most_used(connection: AsyncConnection, agreement: Agreement, now: datetime) -> Used:
    """What counts against its caps this UTC day; ``by_officer`` is of the one who asked most."""
    asked = _of_day(agreement.agreement_id, agreement.receiver, now)
    row = await (await connection.execute(_MOST_USED, asked)).fetchone()
    return Used(*row) if row else Used()


def _of_day(agreement_id: UUID, sender: str, at: datetime) -> dict[str, object]:
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return {"agreement_id": agreement_id, "sender": sender, "counted": COUNTED, "day": day,
            "denied": DENIED}  # fmt: skip


def refuse_data(kind: Kind, items: tuple[Item, ...]) -> None:
    """ValueError where a kind that needs no agreement carries items: those are data."""
    if items:
        raise ValueError(f"{kind} needs no agreement and may carry no items; say it in said")


def kept_until(agreement: Agreement | None, at: datetime, log_days: int) -> datetime:
    """When the content of a message is forgotten: never before the agreement says."""
    days = max(agreement.log_days, log_days) if agreement else log_days
    return at + timedelta(days=days)
