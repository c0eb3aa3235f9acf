"""Whether evidence of an exchange holds, checked from its bytes alone: no node, no network."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from morina.accountability.signing import PublicKey
from morina.exchange import directory as directories
from morina.exchange.agreement import Agreement, Signed
from morina.exchange.agreement_rules import signers
from morina.exchange.deciding import Told, denial
from morina.exchange.directory import Directory, DirectoryError
from morina.exchange.evidence import Evidence, Kept
from morina.exchange.faults import EnvelopeError
from morina.exchange.findings import Check, Finding, Findings, Verdict
from morina.exchange.kinds import RULES
from morina.exchange.message import NOTHING_BEFORE, Message
from morina.exchange.parties import Party
from morina.exchange.receipts import Receipt, ReceiptError
from morina.exchange.sealing import digest_of, message_in, signer_among

HOLDS, FAILS, UNCHECKED = Verdict.HOLDS, Verdict.FAILS, Verdict.UNCHECKED


@dataclass(frozen=True, slots=True)
class _Held:
    """A message whose signature holds, with its receipt."""

    message: Message
    kept: Kept

    @property
    def name(self) -> str:
        return _name(self.message)


def verified(evidence: Evidence, root: str | None = None) -> Findings:
    """Check everything. ``root`` is the directory's first root as whoever checks had it on paper;
    without it the keys are those the file brings along, which is said."""
    try:
        known = directories.opened(evidence.directory, root or evidence.directory.roots[0])
    except DirectoryError as error:
        return Findings((Finding(Check.DIRECTORY, "directory", FAILS, str(error)),), ())
    parties = {one.node_id: one for one in known.parties}
    found = [_of_directory(known, evidence, root is not None)]
    held = []
    for number, kept in enumerate(evidence.messages, 1):
        finding, message = _opened(number, kept, known, parties)
        found.append(finding)
        if message is not None:
            held.append(_Held(message, kept))
    for one in held:
        found += _of_message(one, held, evidence, known)
    found += _chain([one.message for one in held])
    for kept in evidence.messages:
        found.append(_receipt(kept, held, parties))
    for signed in evidence.agreements:
        found += _of_agreement(signed, known, parties)
    return Findings(tuple(found), tuple(one.message for one in held))


def _name(message: Message) -> str:
    return f"{message.sender} to {message.to}, {message.seq}"


def _of_directory(known: Directory, evidence: Evidence, pinned: bool) -> Finding:
    first = directories.root_fingerprint(evidence.directory.roots[0])
    said = (
        f"version {known.version}, signed by at least {known.threshold} of"
        f" {', '.join(sorted(known.authorities.values()))}"
    )
    if pinned:
        return Finding(Check.DIRECTORY, "directory", HOLDS, f"{said}; from the root given")
    return Finding(
        Check.DIRECTORY, "directory", UNCHECKED,
        f"{said}; the root came with the file: compare its fingerprint {first} on paper,"
        " or give it with --root",
    )  # fmt: skip


def _opened(
    number: int, kept: Kept, known: Directory, parties: dict[str, Party]
) -> tuple[Finding, Message | None]:
    about = f"message {number} of the file"
    if not kept.signed:
        said = f"its content was forgotten; {kept.digest[:16]} is what it is known by"
        return Finding(Check.SIGNATURE, about, UNCHECKED, said), None
    try:
        if digest_of(kept.signed) != kept.digest:
            return Finding(Check.SIGNATURE, about, FAILS, "its digest is another"), None
        party, key = signer_among(kept.signed, parties)
        message = message_in(kept.signed, parties)
    except EnvelopeError as error:
        return Finding(Check.SIGNATURE, about, FAILS, f"{error.code}: {error}"), None
    for old in known.entries[party.node_id].old:
        if old.key == key and message.created_at >= old.replaced_at:
            said = f"signed with a key that was replaced at {old.replaced_at:%Y-%m-%d %H:%M}"
            return Finding(Check.SIGNATURE, _name(message), FAILS, said), None
    said = f"{message.sender} signed it, {key.fingerprint}"
    return Finding(Check.SIGNATURE, _name(message), HOLDS, said), message


def _of_message(
    one: _Held, held: Sequence[_Held], evidence: Evidence, known: Directory
) -> Iterator[Finding]:
    message, name = one.message, one.name
    if message.conversation != evidence.conversation:
        said = f"it belongs to the conversation {message.conversation}"
        yield Finding(Check.CONVERSATION, name, FAILS, said)
    if message.to not in known.entries:
        said = f"{message.to[:40]!r} does not stand in the directory"
        yield Finding(Check.RECIPIENT, name, FAILS, said)
    if message.in_reply_to is not None:
        yield _answer(message, [other.message for other in held])
    if RULES[message.kind].category is not None:
        yield _allowed(message, evidence.agreements)


def _answer(message: Message, given: Sequence[Message]) -> Finding:
    name = _name(message)
    asked = next((one for one in given if one.message_id == message.in_reply_to), None)
    if asked is None:
        said = f"what it answers ({message.in_reply_to}) is not in the file"
        return Finding(Check.ANSWER, name, UNCHECKED, said)
    if asked.digest != message.request_hash:
        return Finding(Check.ANSWER, name, FAILS, "it names another hash than what it answers has")
    if (asked.sender, asked.to) not in ((message.to, message.sender), (message.sender, message.to)):
        return Finding(Check.ANSWER, name, FAILS, "it answers what passed between others")
    return Finding(Check.ANSWER, name, HOLDS, f"answers {_name(asked)}")


def _allowed(message: Message, agreements: Sequence[Signed]) -> Finding:
    """Caps are left out: they count what this file does not hold."""
    assert message.why is not None  # noqa: S101 - a message of a category says why
    wanted = (message.why.agreement_id, message.agreement_version)
    named = f"{wanted[0]}, version {wanted[1]}"
    given = [one.agreement for one in agreements if _id(one.agreement) == wanted]
    if not given:
        return Finding(
            Check.ALLOWED, _name(message), UNCHECKED, f"the agreement {named} is not in the file"
        )
    told = Told(
        sender=message.sender, to=message.to, kind=message.kind, why=message.why,
        items=message.items, at=message.created_at,
    )  # fmt: skip
    if refused := denial(given[0], told):
        return Finding(Check.ALLOWED, _name(message), FAILS, refused.said)
    return Finding(Check.ALLOWED, _name(message), HOLDS, f"by the agreement {named}")


def _id(agreement: Agreement) -> tuple[object, int]:
    return agreement.agreement_id, agreement.version


def _chain(given: Sequence[Message]) -> Iterator[Finding]:
    at: dict[tuple[str, str, int], Message] = {}
    ids: dict[object, Message] = {}
    for message in given:
        place = (message.sender, message.to, message.seq)
        if place in at or message.message_id in ids:
            yield Finding(Check.CHAIN, _name(message), FAILS, "its number or id stands twice")
        at[place] = ids[message.message_id] = message
    for (sender, to, seq), message in at.items():
        before = at.get((sender, to, seq - 1))
        previous = NOTHING_BEFORE if seq == 1 else before.digest if before else None
        if previous is None:
            continue
        if message.previous != previous:
            yield Finding(Check.CHAIN, _name(message), FAILS, "the hash before it is another")
        else:
            said = f"follows {seq - 1}" if before else "the first of the pair"
            yield Finding(Check.CHAIN, _name(message), HOLDS, said)


def _receipt(kept: Kept, held: Sequence[_Held], parties: dict[str, Party]) -> Finding:
    message = next((one.message for one in held if one.kept is kept), None)
    about = _name(message) if message else f"message {kept.digest[:16]}"
    if not kept.receipt:
        return Finding(Check.RECEIPT, about, UNCHECKED, "there is no receipt in the file")
    try:
        receipt = Receipt.read(kept.receipt)
        keys: Sequence[PublicKey] = ()
        if receipt.receiver in parties:
            keys = (parties[receipt.receiver].signing, *parties[receipt.receiver].old_keys)
        if message is not None:
            receipt.check(message, keys)
        elif kept.signed or receipt.digest != kept.digest:
            raise ReceiptError("it is of a message that does not hold, or of another")
        else:
            receipt.signed_by(keys)
    except ReceiptError as error:
        return Finding(Check.RECEIPT, about, FAILS, str(error))
    said = f"{receipt.receiver} had it at {receipt.received_at:%Y-%m-%d %H:%M:%S} (its clock, UTC)"
    return Finding(Check.RECEIPT, about, HOLDS, said)


def _of_agreement(signed: Signed, known: Directory, parties: dict[str, Party]) -> Iterator[Finding]:
    one = signed.agreement
    about = f"{one.agreement_id}, version {one.version}"
    keys = {name: (party.signing, *party.old_keys) for name, party in parties.items()}
    by, both = signers(signed, keys), {one.giver, one.receiver}
    if lacking := sorted(both - by):
        said = f"no signature of {' and '.join(lacking)} holds"
        yield Finding(Check.AGREEMENT, about, FAILS, said)
    else:
        yield Finding(Check.AGREEMENT, about, HOLDS, f"{one.giver} and {one.receiver} signed it")
    listed = known.agreements.get((one.agreement_id, one.version))
    if listed is None:
        said = "the directory in the file does not list it"
        yield Finding(Check.AGREEMENT, about, UNCHECKED, said)
    elif listed != one.digest:
        yield Finding(Check.AGREEMENT, about, FAILS, "the directory lists it with another hash")
