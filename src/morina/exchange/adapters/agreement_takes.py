"""What partners say of agreements and of the directory: taken in where it holds."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import AsyncConnection

from morina.accountability.signing import SignatureError
from morina.accountability.trail import Trail
from morina.exchange.adapters.postgres_agreeing import deed_of, refuse_unlisted
from morina.exchange.adapters.postgres_agreements import Hand, add_signature, hold
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.agreeing import RefusedAgreementError
from morina.exchange.agreement import Agreement
from morina.exchange.agreement_rules import agreement_of, refuse_unfit, refuse_version
from morina.exchange.directory import Bundle, DirectoryError, bundle_of
from morina.exchange.kinds import Kind
from morina.exchange.message import Draft, Message
from morina.exchange.parties import Party, UnknownNodeError
from morina.exchange.roles import Outbox, RefusedMessageError

_OFFICER = re.compile(r"[A-Z0-9-]{2,19}:[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class AgreementTakes:
    """The role Takes: a partner's signature under a version, and the end of an agreement."""

    node_id: str
    directory: TufDirectory
    trail: Trail[AsyncConnection]

    @property
    def kinds(self) -> Sequence[Kind]:
        """See Takes."""
        return (Kind.AGREEMENT,)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes."""
        try:
            await self._take(connection, message, now)
        except (RefusedAgreementError, SignatureError) as refused:
            code = getattr(refused, "code", "signature")
            raise RefusedMessageError(code, str(refused)) from None

    async def _take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        agreement, hand = _said(message.said, message.sender)
        if {agreement.giver, agreement.receiver} != {message.sender, self.node_id}:
            raise RefusedAgreementError("parties", "it is not between sender and recipient")
        refuse_unfit(agreement)
        party = await self.directory.party(message.sender)
        refuse_forged(party, agreement, hand.signature)
        known = await hold(connection, agreement.agreement_id)
        refuse_version(agreement, known)
        if not agreement.ended:
            await refuse_unlisted(self.directory, agreement)
        if any(
            one.agreement.digest == agreement.digest and message.sender in one.signatures
            for one in known
        ):
            return
        await add_signature(connection, agreement, hand, now)
        step = "ended by partner" if agreement.ended else "signed by partner"
        deed = deed_of(agreement, step, message.sender, message.sender, now)
        await self.trail.append(connection, replace(deed, why={"officer": hand.officer}))


def refuse_forged(party: Party, agreement: Agreement, signature: str) -> None:
    """SignatureError where no key of ``party`` made it. One replaced since will do: the message
    that tells of it is signed with the key of now."""
    for key in (*party.old_keys, party.signing):
        try:
            key.check(agreement.said(), signature)
        except SignatureError:
            if key == party.signing:
                raise
        else:
            return


def _said(said: Mapping[str, Any], sender: str) -> tuple[Agreement, Hand]:
    """What the message tells: an agreement, and the sender's signature under it."""
    parts = [said.get(name) for name in ("agreement", "signatures", "officers")]
    if not all(isinstance(one, Mapping) for one in parts):
        raise RefusedAgreementError("not_an_agreement", "it lacks agreement or signatures")
    agreement, signatures, officers = (dict(one or {}) for one in parts)
    officer, signature = officers.get(sender), signatures.get(sender)
    if not isinstance(signature, str) or not isinstance(officer, str):
        raise RefusedAgreementError("signature", "the sender did not sign it")
    if not _OFFICER.fullmatch(officer):
        raise RefusedAgreementError("officer", "its officer is no pseudonym")
    return agreement_of(agreement), Hand(sender, signature, officer)


@dataclass(frozen=True, slots=True)
class DirectoryTakes:
    """The role Takes: a newer directory is put in force and told to the others, each once, so that
    it arrives wherever one link holds."""

    node_id: str
    directory: TufDirectory
    outbox: Outbox[AsyncConnection]

    @property
    def kinds(self) -> Sequence[Kind]:
        """See Takes."""
        return (Kind.DIRECTORY,)

    async def take(self, connection: AsyncConnection, message: Message, now: datetime) -> None:
        """See Takes; one that is in force already is left without a word."""
        try:
            bundle = bundle_of(message.said)
            known = await self.directory.take(connection, bundle, message.sender, now)
        except DirectoryError as refused:
            if refused.code == "known":
                return
            raise RefusedMessageError(refused.code, str(refused)) from None
        others = [name for name in known if name not in (self.node_id, message.sender)]
        await tell(connection, self.outbox, Told(bundle, others), now)


class Told(NamedTuple):
    """A directory and the nodes it is told to."""

    bundle: Bundle
    to: Sequence[str]


async def tell(
    connection: AsyncConnection, outbox: Outbox[AsyncConnection], told: Told, now: datetime
) -> None:
    """Post a directory within the caller's transaction. A node that cannot be told, for it is not
    known or no more, is left out: it takes the directory from a file."""
    for node in told.to:
        draft = Draft(to=node, kind=Kind.DIRECTORY, said=told.bundle.said())
        with suppress(UnknownNodeError):
            await outbox.post(connection, draft, now)
