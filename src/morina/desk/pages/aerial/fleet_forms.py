"""One part of the fleet on its page: the table, and the form that enters or changes one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.pages.aerial.fleet_fields import OWN_TIME, spots_said
from morina.desk.pages.aerial.fleet_map import area
from morina.desk.pages.aerial.fleet_words import OVERS
from morina.desk.pages.markup import Fields, button, choice, field, form, open_details, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.sense.aerial.fleet.fleet import Airspace, Level, RefusedFleetError
from morina.sense.aerial.fleet.roles import Fleet, Item, ItemKind

Again = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One field: its name, label, the browser's kind of it, and what it may choose from."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    options: Mapping[str, str] | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A part of the fleet: what it is called, its columns, lines and fields, how it is read."""

    kind: ItemKind
    title: str
    enter: str
    columns: Sequence[str]
    line: Callable[[Any, Visit], tuple[str, ...]]
    typed: Sequence[Typed]
    read: Callable[[Fields, ZoneInfo], Item]


class Part:
    """Drawn anew after each change; only who may change the fleet gets the form."""

    def __init__(self, visit: Visit, fleet: Fleet, about: About, again: Again) -> None:
        self._visit, self._fleet, self._about, self._again = visit, fleet, about, again
        t, name = visit.t, about.kind.value
        with tag("section", "", "part", aria_labelledby=f"fleet-{name}"):
            tag("h2", t(about.title), id=f"fleet-{name}")
            self._table = tag("div", "", "scroll")
            if visit.may(Action.CHANGE_FLEET):
                self._details = tag("details")
                with self._details:
                    tag("summary", t(about.enter))
                    self._form = tag("div")
                self._draw_form(None)

    def draw(self, items: Sequence[Item]) -> None:
        """The table as it is now."""
        t, about = self._visit.t, self._about
        self._table.clear()
        with self._table:
            if not items:
                tag("p", t("Nothing is entered."), "empty")
                return
            with tag("table", "", "stacks"):
                with tag("thead"), tag("tr"):
                    for column in (*about.columns, ""):
                        tag("th", t(column) if column else "", scope="col")
                with tag("tbody"):
                    for one in items:
                        self._row(one)

    def _row(self, one: Item) -> None:
        visit, t, about = self._visit, self._visit.t, self._about
        with tag("tr"):
            cells = about.line(one, visit)
            for column, text in zip(about.columns, cells, strict=True):
                tag("td", text, data_label=t(column))
            with tag("td"):
                if visit.may(Action.CHANGE_FLEET):
                    button(t("Change"), partial(self._change, one), "link")
                    tag("span", " ")
                    button(t("Take out"), partial(self._remove, one), "link")

    async def _change(self, one: Item) -> None:
        self._draw_form(one)
        open_details(self._details)

    async def _remove(self, one: Item) -> None:
        visit = self._visit
        visit.must(Action.CHANGE_FLEET)
        key = str(one.airspace_id) if isinstance(one, Airspace) else one.name  # type: ignore[union-attr]
        try:
            await self._fleet.remove(self._about.kind, key, visit.user.name, now())
        except RefusedFleetError as refused:
            say(self._wrong, translated(str(refused), visit.t))
        await self._again()

    def _draw_form(self, one: Item | None) -> None:
        self._form.clear()
        with self._form, form(self._send, "stack"):
            self._wrong = tag("p", "", "wrong", role="alert")
            if self._about.kind is ItemKind.AIRSPACE:
                drawn = one.ring if isinstance(one, Airspace) else ()
                area(self._visit, "ring", spots_said(drawn))
                tag("input", type="hidden", name="airspace_id",
                    value=str(one.airspace_id) if isinstance(one, Airspace) else "")  # fmt: skip
            with tag("div", "", "fields"):
                for typed in self._about.typed:
                    entry(self._visit, typed, said(one, typed.name, self._visit))
            with tag("div", "", "actions"):
                tag("button", self._visit.t("Enter"), "first", type="submit")

    async def _send(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.CHANGE_FLEET)
        try:
            item = self._about.read(fields, ZoneInfo(visit.user.time_zone))
            await self._fleet.put(item, visit.user.name, now())
        except RefusedFleetError as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        self._draw_form(None)
        await self._again()


def entry(visit: Visit, typed: Typed, value: str) -> Element:
    """One field with what stands in it."""
    t = visit.t
    if typed.options is not None:
        chosen = {key: t(words) for key, words in typed.options.items()}
        return choice(t(typed.label), typed.name, chosen, value)
    more = {"inputmode": "decimal"} if typed.kind == "number" else {"type": typed.kind}
    hint = t(typed.hint) if typed.hint else ""
    return field(
        t(typed.label), typed.name, hint, value=value, maxlength=200,
        **more, **({"required": True} if typed.required else {}),
    )  # fmt: skip


def said(one: Item | None, name: str, visit: Visit) -> str:
    """What stands in a field for a thing that is there already."""
    if name.endswith(("_m", "_over")) and isinstance(one, Airspace):
        level: Level | None = getattr(one, name.rpartition("_")[0])
        if level is None:
            return ""
        return level.over.value if name.endswith("_over") else f"{level.metres:g}"
    value = getattr(one, name, None)
    if value is None:
        return ""
    if name in ("health", "retire_health"):
        return f"{value * 100:g}"
    if name.endswith("_at"):
        return visit.here(value).strftime(OWN_TIME)
    return f"{value:g}" if isinstance(value, float) else str(value)


OVER_OPTIONS = {over.value: words for over, words in OVERS.items()}
