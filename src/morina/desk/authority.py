"""The authority as the settings name it, and what it states that no machine can check."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from morina.desk.words import mark

STATEMENTS: Mapping[str, str] = {
    "purposes": mark("what plates are read for"),
    "legal_basis": mark("the law that allows it"),
    "persons": mark("whose data are kept"),
    "recipients": mark("who is given data, also abroad"),
    "transfers": mark("transfers to third countries"),
    "profiling": mark("whether persons are profiled"),
    "necessity": mark("why it is necessary and proportionate"),
    "risks": mark("risks for the rights of persons"),
    "measures": mark("what is done against those risks"),
    "consulted": mark("who was consulted"),
    "equipment_access": mark("who can come near the machines"),
    "data_media": mark("how disks, backups and copies are kept"),
    "storage": mark("who may enter, see, change and erase data"),
    "user": mark("how accounts are given and taken back"),
    "data_access": mark("how it is held that each sees only what they may"),
    "communication": mark("how it is held to whom data are sent"),
    "input": mark("how it is held who entered what"),
    "transport": mark("how data on their way and media are kept from others"),
    "recovery": mark("how the node is brought back after a failure"),
    "integrity": mark("how faults are told and data kept from corruption"),
}
"""Names under ``[duties.statements]`` to what each is to say."""


class UnknownStatementError(ValueError):
    """A statement under a name that no paper has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who runs this node, its clocks in hours and days, and its statements by name.

    UnknownStatementError names a statement no paper has.
    """

    name: str = ""
    controller: str = ""
    officer: str = ""
    overseer: str = ""
    oversight_basis: str = "Directive (EU) 2016/680, article 25(2)"
    fewer_than: int = 5
    breach_hours: int = 72
    request_days: int = 30
    review_ahead_days: int = 30
    statements: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.statements:
            if name not in STATEMENTS:
                raise UnknownStatementError(
                    f"duties.statements.{name}: no paper has it; use {', '.join(STATEMENTS)}"
                )
