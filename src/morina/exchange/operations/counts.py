"""What is counted at a check at a crossing: numbers only, of vehicles and not of persons."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from morina.exchange.message import Value
from morina.exchange.operations.item import OperationItem
from morina.exchange.operations.refusing import RefusedItemError


class StopReason(StrEnum):
    """Why a vehicle was stopped, as far as it is counted."""

    STOLEN = "stolen"
    HIT = "hit"
    DOCUMENTS = "documents"
    INSURANCE = "insurance"
    GOODS = "goods"
    TRAFFIC = "traffic"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Counted:
    """Results of one check, together. A vehicle stopped for two reasons counts under each."""

    vehicles_checked: int = 0
    hits: int = 0
    stopped: Mapping[StopReason, int] = field(default_factory=dict)

    def fields(self) -> dict[str, Value]:
        """As an item says it; reasons nobody was stopped for are left out."""
        stopped = [f"{reason}:{n}" for reason, n in sorted(self.stopped.items()) if n]
        return {"vehicles_checked": self.vehicles_checked, "hits": self.hits, "stopped": stopped}


def stopped_of(lines: Iterable[str]) -> dict[StopReason, int]:
    """What ``reason:number`` lines say; RefusedItemError for one that says something else."""
    found: dict[StopReason, int] = {}
    for line in lines:
        reason, _, number = line.partition(":")
        if reason not in set(StopReason) or not number.isdecimal() or len(number) > 9:
            known = ", ".join(StopReason)
            raise RefusedItemError("stopped", f"write REASON:NUMBER, the reason one of {known}")
        found[StopReason(reason)] = int(number)
    return found


def counted(results: Iterable[OperationItem]) -> Counted:
    """All results together."""
    vehicles = hits = 0
    stopped: Counter[StopReason] = Counter()
    for result in results:
        vehicles += int(result.text("vehicles_checked") or 0)
        hits += int(result.text("hits") or 0)
        lines = result.fields.get("stopped", [])
        stopped.update(stopped_of(lines if isinstance(lines, list) else []))
    return Counted(vehicles, hits, dict(stopped))
