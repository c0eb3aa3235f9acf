"""How one flight is, and what may be done with it; kept true for as long as the page is open."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from nicegui import ui
from nicegui.element import Element

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.flying import UNRECORDED, take_off, unrecorded
from morina.desk.pages.aerial.anew import show_again, show_forgetting
from morina.desk.pages.aerial.fleet_words import refusal_said
from morina.desk.pages.aerial.handing_in import show_handing_in
from morina.desk.pages.aerial.lacking import film_said, show_lacking, stated_said
from morina.desk.pages.aerial.stating import show_stating
from morina.desk.pages.aerial.taking_off import show_taking_off
from morina.desk.pages.aerial.words import state_said
from morina.desk.pages.frame import toast
from morina.desk.pages.markup import button, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.sense.aerial import STEPS, RefusedSortieError, Sortie, SortieState, SortieStep
from morina.sense.aerial.fleet.refusing import ReasonNeededError
from morina.sense.aerial.reviewing import SpokenOfError

ASK_EVERY_S = 1.0
_AT_WORK = (SortieState.WAITING, SortieState.WORKING, SortieState.FLYING)
Changed = Callable[[Sortie], Awaitable[None]]


def _still(sortie: Sortie) -> Sortie:
    """Without what grows all the time."""
    grows = {"done": 0.0, "seconds": 0.0, "looked": 0, "skipped": 0}
    flies = sortie.state is SortieState.FLYING
    return replace(sortie, **grows, ended_at=None if flies else sortie.ended_at)  # type: ignore[arg-type]


class Standing:
    """State, progress and what is missing at once; facts and acts where ``below`` is called.

    ``changed`` is told when more of the flight may be seen.
    """

    def __init__(
        self, visit: Visit, aerial: AerialServices, sortie: Sortie, changed: Changed
    ) -> None:
        self._visit, self._aerial, self._sortie, self._changed = visit, aerial, sortie, changed
        self._above = tag("div", "", "", role="status")
        self._stating = tag("div")
        self._below: Element | None = None
        self._looks: Element | None = None
        ui.timer(ASK_EVERY_S, self._ask, immediate=False)

    def below(self) -> None:
        """Draw what there is to know, and what may be done, here."""
        self._below = tag("section", "", "part", aria_label=self._visit.t("The flight"))
        self._draw()

    async def _ask(self) -> None:
        if self._sortie.state in _AT_WORK:
            await self.look()

    async def look(self) -> None:
        """The flight as it is now; drawn anew where more than its progress changed."""
        self._visit.must(Action.SEE_SORTIES)
        before = self._sortie
        self._sortie = await self._aerial.sorties.sortie(before.sortie_id)
        if _still(before) != _still(self._sortie):
            self._draw()
        else:
            self._say()
        if (before.state, before.width) != (self._sortie.state, self._sortie.width):
            await self._changed(self._sortie)

    def _draw(self) -> None:
        t, sortie = self._visit.t, self._sortie
        self._above.clear()
        with self._above:
            with tag("p", "", "sortie-state"):
                self._said = tag("strong")
                self._bar = tag("progress", max="1", aria_label=t("Worked through"))
            self._say()
            show_lacking(sortie, t)
            if unrecorded(self._aerial, sortie):
                tag("p", translated(UNRECORDED, t), "note", id="unrecorded")
        self._stating.clear()
        if self._visit.may(Action.FLY):
            with self._stating:
                show_stating(self._visit, self._aerial, sortie, self.look)
        if self._below is not None:
            self._below.clear()
            with self._below:
                self._facts()
                if self._visit.may(Action.FLY):
                    self._acts()

    def _say(self) -> None:
        sortie = self._sortie
        say(self._said, state_said(sortie, self._visit.t))
        self._bar.props["value"] = f"{sortie.done:.3f}"
        self._bar.set_visibility(sortie.state is SortieState.WORKING)
        self._bar.update()
        if self._looks is not None:
            say(self._looks, self._looked_said())

    def _looked_said(self) -> str:
        """How it is looked through while it flies."""
        t, one = self._visit.t, self._sortie
        return t(
            "Pictures looked at: {looked}; passed over to keep up: {skipped}",
            looked=one.looked, skipped=one.skipped,
        )  # fmt: skip

    def _facts(self) -> None:
        visit, t, sortie = self._visit, self._visit.t, self._sortie
        size = f"{sortie.width} x {sortie.height}" if sortie.width else ""
        rows = [
            (t("Case number"), sortie.case_number), (t("Looks for"), sortie.task),
            (t("Planned by"), sortie.officer), (t("Cleared"), self._cleared_said()),
            (t("Flown"), visit.local(sortie.began_at) if sortie.began_at else ""),
            (t("Airframe"), sortie.airframe), (t("Pilot"), sortie.pilot),
            (t("Telemetry"), sortie.source), (t("Picture, pixels"), size),
            (t("Looked at as"), film_said(sortie, t) if size else ""),
            (t("Stated"), stated_said(sortie, t)),
            (t("Forgotten on"), visit.local(sortie.forget_at) if sortie.forget_at else ""),
        ]  # fmt: skip
        with tag("dl", "", "facts sortie-facts"):
            for name, value in rows:
                if value:
                    tag("dt", name)
                    tag("dd", value)
            self._looks = None
            if sortie.state is SortieState.FLYING or (sortie.looked and sortie.state in _AT_WORK):
                tag("dt", t("Looked through live"))
                self._looks = tag("dd", self._looked_said(), id="looked-live")

    def _cleared_said(self) -> str:
        """By whom, and whether the fleet was asked; empty where it is not cleared."""
        t, name = self._visit.t, self._sortie.cleared_by
        if not name:
            return ""
        if self._sortie.fleet_checked:
            return t("by {name}, after the checks of the fleet", name=name)
        return t("by {name}, without a fleet check", name=name)

    def _acts(self) -> None:
        t, state = self._visit.t, self._sortie.state
        with tag("div", "", "actions"):
            for step, words in (
                (SortieStep.CLEAR, t("Clear it to fly")), (SortieStep.CANCEL, t("Cancel it")),
                (SortieStep.FLY, self._fly_said()),
                (SortieStep.RECEIVE, self._received_said()),
            ):  # fmt: skip
                if words and (state, step) in STEPS:
                    button(words, lambda step=step: self._step(step))  # type: ignore[misc]
        self._confirms = tag("div")
        if (state, SortieStep.RECEIVE) in STEPS:
            show_handing_in(self._visit, self._sortie, self.look)
        show_forgetting(self._visit, self._aerial, self._sortie)

    def _fly_said(self) -> str:
        """What taking off means."""
        t = self._visit.t
        alone = unrecorded(self._aerial, self._sortie)
        return t("It flies") if alone else t("It flies: record it live")

    def _received_said(self) -> str:
        """What receiving it means now; empty where nobody decides that."""
        match self._sortie.state:
            case SortieState.FLYING:
                return self._visit.t("It has landed")
            case SortieState.READY | SortieState.FAILED:
                return self._visit.t("Work it through again")
        return ""

    async def _step(self, step: SortieStep) -> None:
        visit, fleet = self._visit, self._aerial.fleet
        visit.must(Action.FLY)
        if step is SortieStep.CLEAR and fleet and not (await fleet.state()).is_empty:
            ui.navigate.to(f"/fleet?sortie={self._sortie.sortie_id}")
            return
        sortie_id, by = self._sortie.sortie_id, (visit.user.name, now())
        try:
            if step is SortieStep.FLY:
                await take_off(self._aerial, sortie_id, by)
            else:
                await self._aerial.sorties.step(sortie_id, step, *by)
        except (SpokenOfError, ReasonNeededError) as asked:
            self._confirm(asked)
            return
        except RefusedSortieError as refused:
            toast(self._above, refusal_said(str(refused), visit.t))
        await self.look()

    def _confirm(self, asked: SpokenOfError | ReasonNeededError) -> None:
        """Ask for the reason it is done for all the same."""
        given = self._visit, self._aerial, self._sortie
        self._confirms.clear()
        with self._confirms:
            if isinstance(asked, ReasonNeededError):
                show_taking_off(*given, asked, self.look)
            else:
                show_again(*given, self.look)
