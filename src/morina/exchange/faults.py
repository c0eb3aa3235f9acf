"""Why an envelope is refused."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from morina.exchange.message import Message


class Fault(StrEnum):
    """Every reason, in the order in which they are looked for."""

    TOO_LARGE = "too_large"
    SHAPE = "shape"
    """Not the compact form: parts missing, characters that do not belong there."""

    ALGORITHM = "algorithm"
    """Another header than the one allowed: none, HS256, another cipher, a key of its own."""

    NOT_FOR_US = "not_for_us"
    """Sealed to a key this node has not."""

    BROKEN_SEAL = "broken_seal"
    """It does not open: changed, or sealed with another key than it says."""

    UNKNOWN_SENDER = "unknown_sender"
    UNKNOWN_KEY = "unknown_key"
    OLD_KEY = "old_key"
    SIGNATURE = "signature"
    NOT_JSON = "not_json"
    DUPLICATE = "duplicate"
    """A name twice in one object."""

    FRACTION = "fraction"
    """A number that is not whole, or beyond 2^53."""

    VERSION = "version"
    UNKNOWN_KIND = "unknown_kind"
    MALFORMED = "malformed"
    NOT_CANONICAL = "not_canonical"
    SENDER = "sender"
    """Signed by another node than it says within."""

    RECIPIENT = "recipient"
    """Written to another node, and sealed to this one by whoever got it."""

    CLOCK = "clock"
    """Made later than it is here."""

    EXPIRED = "expired"


class EnvelopeError(ValueError):
    """An envelope that is refused, or a message that cannot be written.

    ``code`` is the fault, a short word for machines; the text says what is wrong and what to do.
    ``sender`` is the node whose signature held, empty where none did; ``signed`` what it signed.
    ``message`` is there where all but its time is right: it has its place in the order of the pair.
    """

    def __init__(self, code: Fault, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.sender = ""
        self.signed = b""
        self.message: Message | None = None
