"""Steps towards an agreement in PostgreSQL: each with its deed and, where the partner must know,
its message in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from morina.accountability.approvals import ApprovalNeededError, Request
from morina.accountability.trail import Act, Deed, Trail, What
from morina.exchange.adapters.postgres_agreements import (
    Hand,
    PostgresAgreements,
    add_signature,
    hold,
)
from morina.exchange.adapters.postgres_follow_ups import UseApproval
from morina.exchange.agreeing import (
    NoSuchAgreementError,
    RefusedAgreementError,
    Signing,
    Witness,
    request_to_sign,
)
from morina.exchange.agreement import Agreement, Signed
from morina.exchange.agreement_rules import (
    agreement_of,
    in_force_of,
    next_version,
    refuse_signing,
    refuse_unfit,
    refuse_version,
)
from morina.exchange.kinds import Kind
from morina.exchange.message import Draft
from morina.exchange.parties import UnknownNodeError
from morina.exchange.preview import Known, Preview, preview
from morina.exchange.pseudonyms import pseudonym
from morina.exchange.roles import Outbox
from morina.exchange.sealing import Keys

_DRAFT = """
INSERT INTO agreement_draft (agreement_id, said, drafted_by, drafted_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (agreement_id) DO UPDATE SET said = excluded.said, drafted_by = excluded.drafted_by,
    drafted_at = excluded.drafted_at"""
_DRAFTS = "SELECT said FROM agreement_draft ORDER BY drafted_at DESC, agreement_id"
_DONE = "DELETE FROM agreement_draft WHERE agreement_id = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresAgreeing:
    """The role Agreeing. ``secret`` makes officers' pseudonyms; ``cameras`` are those of each
    group, as the settings name them."""

    agreements: PostgresAgreements
    witness: Witness
    keys: Keys
    outbox: Outbox[AsyncConnection]
    trail: Trail[AsyncConnection]
    use_approval: UseApproval
    secret: str = field(repr=False)
    cameras: Mapping[str, Sequence[str]] = field(default_factory=dict)

    async def draft(self, agreement: Agreement, by: str, now: datetime) -> None:
        """See Agreeing."""
        await self._refuse(agreement)
        async with self.agreements.pool.connection() as connection:
            refuse_version(agreement, await hold(connection, agreement.agreement_id))
            values = (agreement.agreement_id, Jsonb(dict(agreement.said())), by, now)
            await connection.execute(_DRAFT, values)
            await self.trail.append(connection, self._deed(agreement, "drafted", by, now))

    async def drafts(self) -> Sequence[Agreement]:
        """See Agreeing."""
        async with self.agreements.pool.connection() as connection:
            rows = await (await connection.execute(_DRAFTS)).fetchall()
        return [agreement_of(row[0]) for row in rows]

    async def preview(self, agreement: Agreement, listings: int | None = None) -> Preview:
        """See Agreeing."""
        known = await self.agreements.versions(agreement.agreement_id)
        in_force = in_force_of(known, await self.agreements.keys(), datetime.now(UTC))
        parties = {one.node_id: one for one in await self.agreements.partners.parties()}
        here = agreement.giver == self.keys.node_id
        return preview(agreement, Known(
            cameras=self.cameras if here else {}, listings=listings,
            receiver=parties.get(agreement.receiver), in_force=in_force,
        ))  # fmt: skip

    async def to_approve(self, agreement: Agreement, by: str, reason: str) -> Request:
        """See Agreeing."""
        await self._refuse(agreement)
        known = await self.agreements.versions(agreement.agreement_id)
        refuse_version(agreement, known)
        keys = await self.agreements.keys()
        refuse_signing(agreement, known, keys)
        words = " ".join((await self.preview(agreement)).words())
        return request_to_sign(agreement, by, reason, words)

    async def sign(self, agreement: Agreement, signing: Signing) -> Signed:
        """See Agreeing."""
        request = await self.to_approve(agreement, signing.officer, signing.reason)
        if signing.approval_id is None:
            raise ApprovalNeededError(request)
        if agreement.valid_to <= signing.at:
            raise RefusedAgreementError("over", "valid_to: it is past; draft it anew")
        keys = await self.agreements.keys()
        async with self.agreements.pool.connection() as connection:
            known = await hold(connection, agreement.agreement_id)
            refuse_version(agreement, known)
            refuse_signing(agreement, known, keys)
            used_for = f"agreement {agreement.agreement_id} version {agreement.version}"
            await self.use_approval(
                connection, signing.approval_id, request.digest, signing.at, used_for
            )
            await connection.execute(_DONE, (agreement.agreement_id,))
            return await self._signed(connection, agreement, known, signing)

    async def end(self, agreement_id: UUID, signing: Signing) -> Signed:
        """See Agreeing."""
        async with self.agreements.pool.connection() as connection:
            known = await hold(connection, agreement_id)
            await connection.execute(_DONE, (agreement_id,))
            if not known:
                raise NoSuchAgreementError("nobody signed an agreement of that id; see the list")
            ends = [one.agreement for one in known if one.agreement.ended]
            last = replace(known[0].agreement, ended=True, version=next_version(known))
            return await self._signed(connection, ends[0] if ends else last, known, signing)

    async def _signed(
        self, connection: AsyncConnection, agreement: Agreement, known: Sequence[Signed],
        signing: Signing,
    ) -> Signed:  # fmt: skip
        """Signed by this node, kept, entered and posted within the transaction."""
        before = _same(agreement, known)
        me = self.keys.node_id
        if me in before.signatures:
            raise RefusedAgreementError("signed", "this node signed it already")
        keys = self.keys.listed(await self.agreements.partners.parties())
        signature = keys.signer.sign(agreement.said())
        officer = pseudonym(self.secret, me, signing.officer)
        await add_signature(connection, agreement, Hand(me, signature, officer), signing.at)
        step = "ended" if agreement.ended else "signed"
        deed = self._deed(agreement, step, signing.officer, signing.at)
        await self.trail.append(connection, replace(deed, why={"reason": signing.reason}))
        signed = Signed(
            agreement, {**before.signatures, me: signature}, {**before.officers, me: officer}
        )
        await self.outbox.post(connection, told(signed, self._partner(agreement)), signing.at)
        return signed

    async def _refuse(self, agreement: Agreement) -> None:
        """RefusedAgreementError where it is unfit, or the directory says otherwise."""
        refuse_unfit(agreement)
        if agreement.ended:
            raise RefusedAgreementError("ended", "an agreement is ended by itself, not drafted so")
        partner = self._partner(agreement)
        try:
            for node in (self.keys.node_id, partner):
                await self.agreements.partners.party(node)
        except UnknownNodeError as error:
            raise RefusedAgreementError("unknown_node", str(error)) from None
        await refuse_unlisted(self.witness, agreement)

    def _partner(self, agreement: Agreement) -> str:
        parties = {agreement.giver, agreement.receiver}
        if self.keys.node_id not in parties:
            raise RefusedAgreementError(
                "parties", f"giver, receiver: one of them is this node, {self.keys.node_id}"
            )
        return (parties - {self.keys.node_id}).pop()

    def _deed(self, agreement: Agreement, step: str, by: str, at: datetime) -> Deed:
        return deed_of(agreement, step, self._partner(agreement), by, at)


def told(signed: Signed, to: str) -> Draft:
    """The message that takes it to the partner; its conversation is the agreement's."""
    said: Mapping[str, Any] = {
        "agreement": signed.agreement.said(),
        "signatures": dict(signed.signatures),
        "officers": dict(signed.officers),
    }
    return Draft(to=to, kind=Kind.AGREEMENT, said=said, conversation=signed.agreement.agreement_id)


def deed_of(agreement: Agreement, step: str, partner: str, by: str, at: datetime) -> Deed:
    """What the trail says of a step."""
    step = f"{step}: version {agreement.version}"
    what = What("agreements", (str(agreement.agreement_id),), step, digest=agreement.digest)
    return Deed(act=Act.CONFIGURATION, what=what, who=by, at=at, with_whom=partner)


async def refuse_unlisted(witness: Witness, agreement: Agreement) -> None:
    """RefusedAgreementError where the directory lists another text for this version."""
    listed = await witness.listed(agreement.agreement_id, agreement.version)
    if listed and listed != agreement.digest:
        raise RefusedAgreementError(
            "listed", "the directory lists another text for this version; make it the next version"
        )


def _same(agreement: Agreement, known: Sequence[Signed]) -> Signed:
    found = (one for one in known if one.agreement.digest == agreement.digest)
    return next(found, Signed(agreement))
