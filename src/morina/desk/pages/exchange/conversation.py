"""The messages of one conversation in order; what one says only to who may, and on asking."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from nicegui.element import Element

from morina.desk.exchange import ExchangeServices
from morina.desk.pages.exchange.delivery_lines import STATES, way
from morina.desk.pages.exchange.section import exchange_of, looked, section
from morina.desk.pages.exchange.words import KINDS, field_said, purposes_said
from morina.desk.pages.guard_words import facts
from morina.desk.pages.markup import button, tag
from morina.desk.pages.missing import show_missing
from morina.desk.pages.visit import Visit
from morina.desk.permits import CONTENT
from morina.desk.said import translated
from morina.desk.words import mark
from morina.exchange import Item, Message
from morina.exchange.delivering import Deliveries, Passed

LONG = 300
"""A value of more characters is told by its length: pictures."""


async def conversation_page(visit: Visit, conversation: str) -> None:
    """The page; 404 where nothing of it is kept."""
    exchange = exchange_of(visit)
    if exchange is None:
        return
    t, deliveries = visit.t, exchange.deliveries
    found = await _found(deliveries, conversation)
    if deliveries is None or not found:
        show_missing(visit, t("No message of that conversation is kept here."))
        return
    await looked(visit, "messages passed", [one.message_id for one in found])
    first = found[0]
    title = t("{kind} with {partner}", kind=t(KINDS[first.kind]), partner=first.partner)
    with section(visit, _capital(title), "/deliveries"):
        _evidence(visit, exchange, conversation, sorted({one.partner for one in found}))
        with tag("ol", "", "passed"):
            for one in found:
                with tag("li", "", "part", data_message=str(one.message_id)):
                    _one(visit, exchange, deliveries, one)


async def _found(deliveries: Deliveries | None, conversation: str) -> Sequence[Passed]:
    try:
        of = UUID(conversation)
    except ValueError:
        return ()
    return await deliveries.conversation(of) if deliveries else ()


def _evidence(
    visit: Visit, exchange: ExchangeServices, conversation: str, partners: Sequence[str]
) -> None:
    t = visit.t
    if not visit.may(*CONTENT):
        tag("p", t("You see that messages passed, not what they say."), "note")
    elif exchange.evidence is not None:
        with tag("div", "", "actions spaced"):
            href = f"/api/v1/exchange/conversations/{conversation}/evidence"
            for one in partners:
                named = f": {one}" if len(partners) > 1 else ""
                words = t("Take the evidence along") + named
                tag("a", words, "button", href=f"{href}?partner={one}", download=True)
            tag("span", t("Signed as it was; anybody can verify it without this node."), "muted")


def _one(
    visit: Visit, exchange: ExchangeServices, deliveries: Deliveries, one: Passed
) -> None:  # fmt: skip
    t = visit.t
    with tag("h2", f"{_capital(t(KINDS[one.kind]))} "):
        tag("span", t("{way}, no. {n}", way=way(one, exchange.node_id), n=one.seq), "count")
    facts(visit, {
        mark("Made"): visit.local(one.created_at),
        mark("Kept here since"): visit.local(one.at),
        mark("State"): t(STATES[one.state]),
        mark("Why"): translated(one.why, t) if one.why else "",
        mark("Next try"): visit.local(one.next_try_at) if one.next_try_at else "",
        mark("Officer"): one.officer,
        mark("SHA-256"): one.digest,
    })  # fmt: skip
    if visit.may(*CONTENT) and one.is_kept:
        with tag("div", "", "actions") as place:
            button(t("Show what it says"), _shows(visit, deliveries, one, place))


def _shows(
    visit: Visit, deliveries: Deliveries, one: Passed, place: Element
) -> Callable[[], Awaitable[None]]:  # fmt: skip
    async def show() -> None:
        visit.must(*CONTENT)
        await looked(visit, "messages", [one.message_id], "content")
        message = await deliveries.message(one.message_id)
        place.clear()
        place.classes(remove="actions")
        with place:
            if message is None:
                tag("p", visit.t("Its content is kept no longer."), "muted")
                return
            _content(visit, message)

    return show


def _content(visit: Visit, message: Message) -> None:
    t, why = visit.t, message.why
    with tag("div", "", "content", tabindex=-1):
        if why is not None:
            facts(visit, {
                mark("What for"): purposes_said([why.purpose], t),
                mark("Case number"): why.case_number,
                mark("Reason"): why.justification,
                mark("Officer"): why.officer,
                mark("Approved by"): why.approver,
                mark("Offence"): why.offence,
            })  # fmt: skip
        _pairs({name: _short(value, visit) for name, value in flat(message.said)})
        for number, item in enumerate(message.items, start=1):
            tag("h3", t("Item {n}", n=number))
            _item(visit, item)


def _item(visit: Visit, item: Item) -> None:
    t = visit.t
    said = {field_said(name, t): _short(value, visit) for name, value in item.fields.items()}
    if item.at:
        said[t("Time")] = visit.local(item.at)
    if item.camera_group:
        said[t("Cameras")] = item.camera_group
    _pairs(said)


def _pairs(said: Mapping[str, str]) -> None:
    if not said:
        return
    with tag("dl", "", "facts"):
        for name, value in said.items():
            tag("dt", name)
            tag("dd", value)


def flat(said: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    """Particulars by name, those within others by both names."""
    for name, value in said.items():
        called = f"{within}, {name}" if within else name
        if isinstance(value, Mapping):
            yield from flat(value, called.replace("_", " "))
        else:
            yield called.replace("_", " "), value


def _short(value: Any, visit: Visit) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONG else visit.t("{n} characters", n=len(text))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
