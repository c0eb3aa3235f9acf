"""Plates that are watched over: put on the list by text, shown by note, taken off by mark."""

from collections.abc import Awaitable, Callable

from morina.accountability import Action
from morina.accountability.overseeing import Overseer
from morina.accountability.watched import RefusedWatchError, Watch, Watched, told_to
from morina.desk.pages.guard_words import WATCHES
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.plates import NotAPlateError, plate_text

COLUMNS = (mark("Why watched"), mark("Note"), mark("Whose household"), mark("Put by"), "")


class WatchedPart:
    """The list and the form that adds to it. No plate is shown: none is kept."""

    def __init__(self, visit: Visit, overseer: Overseer) -> None:
        self._visit, self._overseer = visit, overseer
        t = visit.t
        with tag("section", "", "part", aria_labelledby="watched"):
            tag("h2", t("Plates that are watched over"), id="watched")
            tag("p", t("Own staff, diplomats, press, as the authority decides; and plates of an"
                       " officer's household. Kept as marks: the list does not tell a plate."),
                "muted")  # fmt: skip
            with tag("details"):
                tag("summary", t("Watch over a plate"))
                with form(self._put, "stack") as self._form:
                    self._wrong = tag("p", "", "wrong", role="alert")
                    with tag("div", "", "fields"):
                        kinds = {one.value: t(words) for one, words in WATCHES.items()}
                        choice(t("Why watched"), "watch", kinds)
                        field(t("Plate"), "plate", required=True, maxlength=20)
                        hint = t("the account's name; only for a household")
                        field(t("Whose household"), "officer", hint, maxlength=64)
                        hint = t("why it is on the list, without the plate")
                        field(t("Note"), "note", hint, required=True, maxlength=200)
                    with tag("div", "", "actions"):
                        tag("button", t("Put on the list"), "first", type="submit")
            self._table = tag("div", "", "scroll")

    async def draw(self) -> None:
        """The list as it is now."""
        t = self._visit.t
        listed = told_to(self._visit.user.name, await self._overseer.watched.all())
        self._table.clear()
        with self._table, tag("table", "", "stacks"):
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", t(column) if column else "", scope="col")
            with tag("tbody"):
                for one in listed:
                    self._row(one)

    def _row(self, one: Watched) -> None:
        visit, t = self._visit, self._visit.t
        with tag("tr"):
            tag("td", t(WATCHES[one.watch]), data_label=t("Why watched"))
            tag("td", one.note, data_label=t("Note"))
            tag("td", one.officer, data_label=t("Whose household"))
            tag("td", f"{one.by}, {visit.local(one.at)}", data_label=t("Put by"))
            with tag("td"):
                button(t("Take off the list"), self._removes(one), "link")

    def _removes(self, one: Watched) -> Callable[[], Awaitable[None]]:
        async def remove() -> None:
            self._visit.must(Action.REVIEW_USE)
            by = self._visit.user.name
            await self._overseer.watched.remove(one.watch, one.mark, one.officer, by)
            await self.draw()

        return remove

    async def _put(self, fields: Fields) -> None:
        visit, t = self._visit, self._visit.t
        visit.must(Action.REVIEW_USE)
        try:
            plate, note = plate_text(fields["plate"]), fields["note"].strip()
            if plate in "".join(filter(str.isalnum, note.upper())):
                say(self._wrong, t("Leave the plate out of the note."))
                return
            await self._overseer.watched.put(Watched(
                watch=Watch(fields["watch"]), mark=self._overseer.marks.of(plate), note=note,
                by=visit.user.name, at=now(), officer=fields.get("officer", "").strip(),
            ))  # fmt: skip
        except (NotAPlateError, RefusedWatchError) as refused:
            say(self._wrong, translated(str(refused), t))
            return
        say(self._wrong, "")
        self._form.run_method("reset")
        await self.draw()
