"""A question, its answer and their receipts as evidence, with agreement and directory."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from authorities import Authority, first_directory, five, signed_by
from morina.accountability import PurposeCode
from morina.exchange import Agreement, Category, Item, Kind, Message, Signed, Why
from morina.exchange.directory import Bundle
from morina.exchange.directory_making import AgreementHash, Change, changed
from morina.exchange.envelope import written
from morina.exchange.evidence import Evidence, Kept
from morina.exchange.message import NOTHING_BEFORE
from morina.exchange.receipts import Receipt
from morina.exchange.sealing import Keys, digest_of

ASKED_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CONVERSATION = UUID("019a9f00-0000-7000-8000-0000000000c0")


@dataclass(frozen=True)
class Exchange:
    """GB asks AL about a plate, under an agreement both signed and the directory lists."""

    authorities: Mapping[str, Authority]
    agreement: Agreement

    @classmethod
    def new(cls) -> "Exchange":
        """With fresh keys of five authorities."""
        agreement = Agreement(
            agreement_id=uuid4(), version=1, giver="AL", receiver="GB", category=Category.VEHICLE,
            purposes=frozenset({PurposeCode.STOLEN_VEHICLE}), fields=frozenset({"make", "colour"}),
            legal_basis="Treaty of the tests, article 3", valid_from=ASKED_AT - timedelta(days=1),
            valid_to=ASKED_AT + timedelta(days=300), keep_days=30, officer_cap=5, node_cap=50,
        )  # fmt: skip
        return cls(five(), agreement)

    def directory(self, *listed: Agreement, signers: int = 3) -> Bundle:
        """Its second version lists ``listed``, else the agreement; ``signers`` of five sign."""
        everybody = list(self.authorities.values())
        bundle = first_directory(dict(self.authorities))
        wanted = [AgreementHash.of(one) for one in listed or (self.agreement,)]
        made = changed(bundle, Change(agreements=wanted), datetime.now(UTC))
        return signed_by(made, everybody[:signers])

    def signed(self, *by: str) -> Signed:
        """The agreement with the signatures of ``by``, both if none is named."""
        return Signed(self.agreement, {
            name: self.authorities[name].signing.sign(self.agreement.said())
            for name in by or ("AL", "GB")
        })  # fmt: skip

    def question(self, **parts: Any) -> Message:
        """GB to AL."""
        return replace(
            Message(
                message_id=uuid4(), sender="GB", to="AL", kind=Kind.QUERY, seq=1,
                conversation=CONVERSATION, previous=NOTHING_BEFORE, created_at=ASKED_AT,
                said={"asked": "plate"}, items=(Item(fields={"plate": "AB12CDE"}),),
                why=self.why("GB:11"), agreement_version=1,
            ),
            **parts,
        )  # fmt: skip

    def answer(self, question: Kept, asked: Message, **parts: Any) -> Message:
        """AL to GB."""
        return replace(
            Message(
                message_id=uuid4(), sender="AL", to="GB", kind=Kind.ANSWER, seq=1,
                conversation=CONVERSATION, previous=NOTHING_BEFORE,
                created_at=ASKED_AT + timedelta(seconds=1), said={"outcome": "hit"},
                items=(Item(fields={"make": "Volkswagen", "colour": "silver"}),),
                why=self.why("AL:22"), agreement_version=1, in_reply_to=asked.message_id,
                request_hash=question.digest,
            ),
            **parts,
        )  # fmt: skip

    def why(self, officer: str) -> Why:
        """Under the agreement."""
        return Why(
            agreement_id=self.agreement.agreement_id, purpose=PurposeCode.STOLEN_VEHICLE,
            case_number="T-1", justification="reported stolen", officer=officer,
        )  # fmt: skip

    def kept(self, message: Message, signer: str = "", receiver: str = "") -> Kept:
        """Signed by its sender, receipted by its receiver, unless others are named."""
        one = self.authorities[signer or message.sender]
        signed = Keys(message.sender, one.signing, one.sealing).sign(written(message))
        whole = replace(message, digest=digest_of(signed))
        by = self.authorities[receiver or message.to].signing
        receipt = Receipt.of(whole, message.created_at + timedelta(seconds=1), by)
        return Kept(digest=whole.digest, signed=signed, receipt=receipt.written())

    def evidence(self, **parts: Any) -> Evidence:
        """A question and its answer, all of it right but for ``parts``."""
        asked = self.question()
        question = self.kept(asked)
        return replace(
            Evidence(
                conversation=CONVERSATION, written_by="GB", written_at=ASKED_AT,
                messages=(question, self.kept(self.answer(question, asked))),
                directory=self.directory(), agreements=(self.signed(),),
            ),
            **parts,
        )  # fmt: skip
