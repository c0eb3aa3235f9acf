"""What forms of joint operations have in common: authorities to address, refusals, times."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.pages.markup import Fields, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.problems import ProblemError
from morina.desk.said import translated
from morina.exchange import NotAgreedError, UnknownNodeError
from morina.exchange.operations import Actor, NoSuchItemError, OperationItem, RefusedItemError

REFUSED = (RefusedItemError, NoSuchItemError, NotAgreedError, UnknownNodeError, ProblemError)
"""What a form says beside itself."""

MINUTES = "%Y-%m-%dT%H:%M"
_TO = "to-"


def addressing(visit: Visit, nodes: Iterable[str], title: str, named: bool = True) -> None:
    """A box to tick for each authority; with none ticked it stays here. Boxes without a name are
    gathered by the browser."""
    with tag("fieldset", "", "wide"):
        tag("legend", title)
        with tag("div", "", "fields"):
            for node in nodes:
                with tag("label", "", "tick"):
                    name = {"name": f"{_TO}{node}"} if named else {}
                    tag("input", type="checkbox", data_to=node, value="yes", **name)
                    tag("span", node)
        tag("p", visit.t("With none ticked it stays at this node."), "hint")


def addressed(fields: Fields) -> frozenset[str]:
    """The authorities ticked."""
    return frozenset(
        name.removeprefix(_TO) for name, value in fields.items()
        if name.startswith(_TO) and value == "yes"
    )  # fmt: skip


def acting(visit: Visit) -> Actor:
    """Who acts at this page, now; NotPermittedError where they may not."""
    visit.must(Action.WORK_OPERATIONS)
    return Actor(visit.user.name, now(), visit.user.authority)


def looking(visit: Visit) -> Actor:
    """Who looks at this page."""
    visit.must(Action.SEE_OPERATIONS)
    return Actor(visit.user.name, now(), visit.user.authority)


def refuse(wrong: Element, error: Exception, visit: Visit) -> None:
    """Say why, beside the form."""
    say(wrong, translated(str(error), visit.t))


def instant(text: str, visit: Visit) -> str:
    """What somebody chose in their zone, as a field holds it; empty stays so."""
    if not text.strip():
        return ""
    try:
        at = datetime.strptime(text, MINUTES).replace(tzinfo=ZoneInfo(visit.user.time_zone))
    except ValueError:
        raise RefusedItemError("due_at", "write a date and a time") from None
    return at.astimezone(UTC).isoformat()


def owner_line(item: OperationItem, visit: Visit) -> None:
    """Whose it is, who wrote it when, and who is addressed."""
    t = visit.t
    said = {"who": item.by, "node": item.key.node, "time": visit.local(item.changed_at)}
    tag("div", t("{node}: {who}, {time}", **said), "muted")
    to = ", ".join(item.addressed)
    tag("div", t("addressed to {nodes}", nodes=to) if to else t("stays at this node"), "muted")
    for node, told in item.told.items():
        if told.startswith("not told"):
            tag("div", f"{node}: {told}", "wrong")


def parties_of(case: OperationItem) -> list[str]:
    """The authorities that take part."""
    found = case.fields.get("authorities", [])
    return found if isinstance(found, list) else []
