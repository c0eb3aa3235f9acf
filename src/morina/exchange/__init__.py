"""What partners are told and tell us: hotlists, sightings, queries, answers, follow-ups."""

from morina.exchange.agreement import Agreement, Agreements, Onward, Signed
from morina.exchange.deciding import Because, Denial, NotAgreedError, Told, Used, denial
from morina.exchange.kinds import RULES, Category, Kind, Rule, Side
from morina.exchange.message import WHOLE, Draft, Item, Message, Value, Why
from morina.exchange.parties import Partners, Party, UnknownNodeError, node_name
from morina.exchange.pseudonyms import pseudonym
from morina.exchange.roles import Outbox, RefusedMessageError, Takes

__all__ = [
    "RULES",
    "WHOLE",
    "Agreement",
    "Agreements",
    "Because",
    "Category",
    "Denial",
    "Draft",
    "Item",
    "Kind",
    "Message",
    "NotAgreedError",
    "Onward",
    "Outbox",
    "Partners",
    "Party",
    "RefusedMessageError",
    "Rule",
    "Side",
    "Signed",
    "Takes",
    "Told",
    "UnknownNodeError",
    "Used",
    "Value",
    "Why",
    "denial",
    "node_name",
    "pseudonym",
]
