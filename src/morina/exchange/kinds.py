"""What partners say to one another: every kind of message, its category and who may begin it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Category(StrEnum):
    """Classes of data; an agreement is about one of them."""

    HOTLIST = "hotlist"
    """Entries of a hotlist, so that the partner's cameras look for them."""

    SIGHTING = "sighting"
    """A confirmed hit at one place and time."""

    VEHICLE = "vehicle"
    """Hit or no-hit for one full plate or VIN, and what the register says of the vehicle."""

    FOLLOW_UP = "follow_up"
    """Details after a hit, justified and released by an officer."""

    OPERATION = "operation"
    """Items of a joint operation, each addressed explicitly."""


class Side(StrEnum):
    """Who sends it, seen from the agreement it is sent under."""

    GIVER = "giver"
    RECEIVER = "receiver"
    EITHER = "either"


class Kind(StrEnum):
    """Kinds of messages."""

    HOTLIST_PART = "hotlist.part"
    """One part of a whole list; applied when all parts are there."""

    HOTLIST_DELTA = "hotlist.delta"
    HOTLIST_WITHDRAW = "hotlist.withdraw"
    """The whole list is no longer shared: an id, which only its owner may name. Told also where the
    agreement has ended, for to take back is always allowed."""

    SIGHTING = "sighting"
    SIGHTING_CORRECTION = "sighting.correction"
    """A sighting is taken back: ids and a state, also where the agreement has ended."""

    QUERY = "query"
    ANSWER = "answer"
    FOLLOW_UP_REQUEST = "follow_up.request"
    FOLLOW_UP_ACKNOWLEDGE = "follow_up.acknowledge"
    FOLLOW_UP_CLARIFY = "follow_up.clarify"
    """The giver wants to know more before it decides."""

    FOLLOW_UP_CLARIFIED = "follow_up.clarified"
    FOLLOW_UP_GRANT = "follow_up.grant"
    FOLLOW_UP_REFUSE = "follow_up.refuse"
    """Nothing is released: a code, also where the agreement has ended."""

    OPERATION_ITEM = "operation.item"
    OPERATION_WITHDRAW = "operation.withdraw"
    REFUSED = "refused"
    """A message of yours was taken in and is not acted on; says why."""

    CHECKPOINT = "checkpoint"
    """What I say I sent you and had from you up to here."""

    AGREEMENT = "agreement"
    """A version of an agreement, with the signatures it has."""

    DIRECTORY = "directory"
    """A newer directory."""


class Rule(NamedTuple):
    """``category`` None: needs no agreement, for it holds nothing of anybody's data. What takes
    back or refuses in a case that both know is among these: else the end of an agreement would
    leave an error, or a question, standing for ever."""

    category: Category | None
    sender: Side = Side.EITHER
    counted: bool = False
    """Whether it counts against the caps of its agreement."""
    of_a_case: bool = False
    """Whether it says something of a case, agreement or not: trails call it telling."""


C, S = Category, Side

RULES: Mapping[Kind, Rule] = MappingProxyType({
    Kind.HOTLIST_PART: Rule(C.HOTLIST, S.GIVER),
    Kind.HOTLIST_DELTA: Rule(C.HOTLIST, S.GIVER),
    Kind.HOTLIST_WITHDRAW: Rule(None),
    Kind.SIGHTING: Rule(C.SIGHTING, S.GIVER),
    Kind.SIGHTING_CORRECTION: Rule(None, of_a_case=True),
    Kind.QUERY: Rule(C.VEHICLE, S.RECEIVER, counted=True),
    Kind.ANSWER: Rule(C.VEHICLE, S.GIVER),
    Kind.FOLLOW_UP_REQUEST: Rule(C.FOLLOW_UP, S.RECEIVER, counted=True),
    Kind.FOLLOW_UP_ACKNOWLEDGE: Rule(C.FOLLOW_UP, S.GIVER),
    Kind.FOLLOW_UP_CLARIFY: Rule(C.FOLLOW_UP, S.GIVER),
    Kind.FOLLOW_UP_CLARIFIED: Rule(C.FOLLOW_UP, S.RECEIVER),
    Kind.FOLLOW_UP_GRANT: Rule(C.FOLLOW_UP, S.GIVER),
    Kind.FOLLOW_UP_REFUSE: Rule(None, of_a_case=True),
    Kind.OPERATION_ITEM: Rule(C.OPERATION, S.GIVER),
    Kind.OPERATION_WITHDRAW: Rule(None),
    Kind.REFUSED: Rule(None),
    Kind.CHECKPOINT: Rule(None),
    Kind.AGREEMENT: Rule(None),
    Kind.DIRECTORY: Rule(None),
})  # fmt: skip
