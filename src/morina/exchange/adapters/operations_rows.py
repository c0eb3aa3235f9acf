"""Items of operations as rows."""

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from morina.exchange.operations import ItemKind, Key, OperationItem


def to_item(row: Mapping[str, Any]) -> OperationItem:
    """The item of a row."""
    return OperationItem(
        key=Key(row["owner"], row["item_id"]), operation=Key(row["lead"], row["operation_id"]),
        kind=ItemKind(row["kind"]), fields=row["fields"], addressed=tuple(row["addressed"]),
        by=row["made_by"], by_authority=row["by_authority"], made_at=row["made_at"],
        changed_at=row["changed_at"], revision=row["revision"],
        withdrawn_at=row["withdrawn_at"], keep_until=row["keep_until"], told=row["told"],
    )  # fmt: skip


def to_row(item: OperationItem) -> dict[str, object]:
    """The row of an item."""
    return {
        "owner": item.key.node, "item_id": item.key.id, "lead": item.operation.node,
        "operation_id": item.operation.id, "kind": item.kind.value, "revision": item.revision,
        "fields": Jsonb(dict(item.fields)), "addressed": list(item.addressed),
        "made_by": item.by, "by_authority": item.by_authority, "made_at": item.made_at,
        "changed_at": item.changed_at, "withdrawn_at": item.withdrawn_at,
        "keep_until": item.keep_until, "told": Jsonb(dict(item.told)),
    }  # fmt: skip
