"""What the check of evidence found, in the order in which it was looked at."""

from dataclasses import dataclass
from enum import StrEnum

from morina.exchange.message import Message


class Check(StrEnum):
    """What is looked at."""

    DIRECTORY = "directory"
    """The directory's own signatures, up to the root that was pinned."""

    SIGNATURE = "signature"
    """The sender's signature, the form, and the digest it is known by."""

    CONVERSATION = "conversation"
    RECIPIENT = "recipient"
    CHAIN = "chain"
    """Numbers and hashes before, within each ordered pair."""

    ANSWER = "answer"
    """That an answer names the hash of what it answers."""

    AGREEMENT = "agreement"
    """That both authorities signed it, and the directory lists it."""

    ALLOWED = "allowed"
    """That the agreement allowed the message at its time."""

    RECEIPT = "receipt"


class Verdict(StrEnum):
    """``unchecked``: what it takes is not in the file; it says why."""

    HOLDS = "holds"
    FAILS = "fails"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Finding:
    """``about`` names the message, agreement or directory."""

    check: Check
    about: str
    verdict: Verdict
    said: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything found, and the messages whose signature holds, as given."""

    found: tuple[Finding, ...]
    messages: tuple[Message, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        """What does not hold."""
        return tuple(one for one in self.found if one.verdict is Verdict.FAILS)

    @property
    def hold(self) -> bool:
        """Whether nothing failed, and there was something to hold."""
        return bool(self.messages) and not self.failed
