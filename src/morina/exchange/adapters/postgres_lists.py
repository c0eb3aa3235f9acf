"""Hotlists shared with partners, and theirs here, in PostgreSQL.

What is shared is one row; ``posting_lists`` posts from it, ``taking_lists`` takes what comes in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from morina.accountability import Purpose, PurposeCode
from morina.accountability.trail import Act, Deed, Trail, What, why_of
from morina.exchange.adapters import sql_lists as sql
from morina.exchange.agreement import Agreement, Agreements
from morina.exchange.deciding import Because, Denial, NotAgreedError
from morina.exchange.kinds import Category, Kind
from morina.exchange.list_copying import NONE, Telling
from morina.exchange.list_messages import withdrawn_said
from morina.exchange.listing_fields import lacking
from morina.exchange.lists import (
    ListShare,
    NoSuchShareError,
    PartnerList,
    RefusedShareError,
    ShareState,
    Stage,
)
from morina.exchange.message import Draft, Why
from morina.exchange.parties import UnknownNodeError
from morina.exchange.preview import SharePreview, examples, share_preview
from morina.exchange.roles import Outbox
from morina.watch import Hotlist, ListCopies

Row = Mapping[str, Any]
LOOKED_AT = 2_000
"""Among the first that many entries examples are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSharedLists:
    """The role SharedLists. ``here`` is this node's name, ``as_known`` makes a user name the
    pseudonym partners know; ``pool`` is opened and closed by the caller."""

    pool: AsyncConnectionPool
    outbox: Outbox[AsyncConnection]
    copies: ListCopies[AsyncConnection]
    agreements: Agreements
    trail: Trail[AsyncConnection]
    here: str
    as_known: Callable[[str], str]

    async def share(self, share: ListShare, now: datetime) -> ShareState:
        """See SharedLists."""
        agreement = await in_force(
            self.agreements, (self.here, share.partner), share.agreement_id, now
        )
        _refuse(share, agreement)
        async with self.pool.connection() as connection:
            hotlist, _ = await self.copies.latest(connection, share.hotlist_id)
            _refuse_list(hotlist)
            asked = {name: getattr(share, name) for name in ListShare.__slots__}
            asked |= {"purpose": share.purpose.value, "conversation": uuid4(), "now": now}
            begun = await (await connection.execute(sql.BEGIN, asked)).fetchone()
            if begun is None:
                raise RefusedShareError(
                    f"{hotlist.name} is shared with {share.partner} already; stop that first"
                )
            deed = Deed(
                act=Act.DISCLOSURE, what=What("hotlist", (str(share.hotlist_id),), "shared"),
                who=share.officer, with_whom=share.partner, why=why_of(_purpose(share, agreement)),
            )  # fmt: skip
            await self.trail.append(connection, deed)
        return await self._state(share.hotlist_id, share.partner)

    async def would_share(
        self, hotlist_id: UUID, agreement: Agreement, now: datetime
    ) -> SharePreview:
        """See SharedLists."""
        telling = Telling(agreement, now)
        async with self.pool.connection() as connection:
            _, revision = await self.copies.latest(connection, hotlist_id)
            found = await self.copies.tally(connection, hotlist_id, now, telling.oldest)
            made = share_preview(agreement, found)
            page = await self.copies.page(connection, hotlist_id, revision, NONE, LOOKED_AT)
        return replace(made, examples=examples(telling, page))

    async def stop(self, hotlist_id: UUID, partner: str, by: str, now: datetime) -> ShareState:
        """See SharedLists."""
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            row = await (await cursor.execute(sql.LOCK, (hotlist_id, partner))).fetchone()
            if row is None:
                raise NoSuchShareError(f"that list is not shared with {partner} now")
            hotlist, _ = await self.copies.latest(connection, hotlist_id)
            said = await self._tell_withdrawn(connection, row, hotlist, now)
            await connection.execute(sql.STOP, (now, said, hotlist_id, partner))
            what = What("hotlist", (str(hotlist_id),), "shared no longer")
            deed = Deed(act=Act.ALTERATION, what=what, who=by, with_whom=partner)
            await self.trail.append(connection, deed)
        return await self._state(hotlist_id, partner)

    async def shares(self, partner: str = "") -> Sequence[ShareState]:
        """See SharedLists."""
        return [_share_state(row) for row in await self._rows(sql.SHARES, {"partner": partner})]

    async def heard(self, partner: str = "") -> Sequence[PartnerList]:
        """See SharedLists."""
        rows = await self._rows(sql.HEARD, {"partner": partner, "hotlist": None})
        return [_partner_list(row) for row in rows]

    async def heard_list(self, hotlist_id: UUID) -> PartnerList | None:
        """See SharedLists."""
        rows = await self._rows(sql.HEARD, {"partner": "", "hotlist": hotlist_id})
        return next((_partner_list(row) for row in rows), None)

    async def _state(self, hotlist_id: UUID, partner: str) -> ShareState:
        [row] = await self._rows(sql.SHARE, (hotlist_id, partner))
        return _share_state(row)

    async def _tell_withdrawn(
        self, connection: AsyncConnection, row: Row, hotlist: Hotlist, now: datetime
    ) -> str:
        """Post the withdrawal; why it was not told where it was not."""
        if not row["posted_revision"] and row["copy"] is None:
            return ""
        draft = Draft(
            to=row["partner"], kind=Kind.HOTLIST_WITHDRAW, conversation=row["conversation"],
            said=withdrawn_said(hotlist.hotlist_id), why=why_for(row, self.as_known),
        )  # fmt: skip
        try:
            async with connection.transaction():
                await self.outbox.post(connection, draft, now)
        except UnknownNodeError as denied:
            return f"the withdrawal was not told ({denied}); the partner takes it out by itself"
        return ""

    async def _rows(self, statement: str, asked: Mapping[str, Any] | Sequence[Any]) -> list[Row]:
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return list(await (await cursor.execute(statement, asked)).fetchall())


async def in_force(
    agreements: Agreements, way: tuple[str, str], agreement_id: UUID, now: datetime
) -> Agreement | None:
    """That agreement from the first to the second node of ``way``, where it is about hotlists and
    in force."""
    found = await agreements.in_force(*way, now)
    fitting = (one for one in found if one.agreement_id == agreement_id)
    return next((one for one in fitting if one.category is Category.HOTLIST), None)


def why_for(row: Row, as_known: Callable[[str], str]) -> Why:
    """Why a list is told, as its share says."""
    return Why(
        agreement_id=row["agreement_id"], purpose=PurposeCode(row["purpose"]),
        case_number=row["case_number"], justification=row["justification"],
        officer=as_known(row["officer"]),
        approver=as_known(row["approver"]) if row["approver"] else "",
    )  # fmt: skip


def _refuse(share: ListShare, agreement: Agreement | None) -> None:
    if agreement is None:
        said = f"no agreement of that id allows {share.partner} hotlists now; have one signed"
        raise NotAgreedError(Denial(Because.NO_AGREEMENT, said))
    if missing := lacking(agreement):
        raise RefusedShareError(
            f"the agreement does not name {', '.join(missing)}, and nothing can be matched without;"
            " have a version signed that does"
        )
    if share.purpose not in agreement.purposes:
        may = ", ".join(sorted(agreement.purposes))
        said = f"{share.purpose} is not among the purposes agreed: {may}"
        raise NotAgreedError(Denial(Because.PURPOSE, said))


def _refuse_list(hotlist: Hotlist) -> None:
    if hotlist.owner_node:
        raise RefusedShareError(
            f"{hotlist.name} is a list of {hotlist.owner_node}; only its owner shares it"
        )
    if hotlist.lacks:
        raise RefusedShareError(f"the list lacks {', '.join(hotlist.lacks)}; write that first")


def _purpose(share: ListShare, agreement: Agreement | None) -> Purpose:
    return Purpose(
        officer=share.officer, code=share.purpose, case_number=share.case_number,
        legal_basis=agreement.legal_basis if agreement else "",
        justification=share.justification,
    )  # fmt: skip


def _share_state(row: Row) -> ShareState:
    given = {name: row[name] for name in ListShare.__slots__}
    return ShareState(
        share=ListShare(**given | {"purpose": PurposeCode(row["purpose"])}), hotlist=row["name"],
        stage=_stage(row), version=row["posted_version"], latest=row["latest_version"],
        entries=row["entries"], shared_at=row["shared_at"], said=row["said"],
        last_posted_at=row["last_posted_at"], stopped_at=row["stopped_at"],
    )  # fmt: skip


def _stage(row: Row) -> Stage:
    if row["stopped_at"] is not None:
        return Stage.STOPPED
    if row["copy"] is not None and not row["copy"]["base"]:
        return Stage.COPYING
    current = row["copy"] is None and row["posted_revision"] >= row["latest_revision"]
    return Stage.CURRENT if current and not row["said"] else Stage.WAITING


def _partner_list(row: Row) -> PartnerList:
    hotlist = Hotlist(
        hotlist_id=row["hotlist_id"], name=row["name"], owner=row["owner"],
        purpose=row["purpose"], legal_basis=row["legal_basis"], review_at=row["review_at"],
        version=row["own_version"], owner_node=row["owner_node"],
    )  # fmt: skip
    return PartnerList(
        hotlist=hotlist, owner_list_id=row["owner_list_id"], agreement_id=row["agreement_id"],
        version=row["version"], entries=row["entries"], heard_at=row["heard_at"],
        applied_at=row["applied_at"], ended=row["ended"], staged=row["copy_part"],
    )  # fmt: skip
