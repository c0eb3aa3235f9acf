"""Answers this node gave partners by itself, drawn for review: what was asked, what was said."""

from collections.abc import Awaitable, Callable

from nicegui.element import Element

from morina.accountability import Action
from morina.desk.pages.asking.words import word
from morina.desk.pages.frame import focus
from morina.desk.pages.guard_words import facts, why_facts
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.exchange.questions import Answered, AnswersGiven

SHOWN = 50


class AnswersPart:
    """Those nobody reviewed yet; that they are shown enters the trail."""

    def __init__(self, visit: Visit, given: AnswersGiven) -> None:
        self._visit, self._given = visit, given
        self._told = tag("p", "", "", role="status")
        self._place = tag("section", aria_labelledby="answers-given")

    async def draw(self) -> None:
        """The sample as it is now."""
        visit, t = self._visit, self._visit.t
        visit.must(Action.REVIEW_USE)
        found = await self._given.sample(visit.user.name, open_only=True, limit=SHOWN)
        self._place.clear()
        with self._place:
            title = t("Answers to partners drawn for review")
            with tag("h2", f"{title} ", id="answers-given", tabindex=-1):
                tag("span", str(len(found)), "count")
            if not found:
                tag("p", t("Nothing is open."), "muted")
            for one in found:
                with tag("article", "", "part", data_answer=str(one.question_id)):
                    self._one(one)

    def _one(self, one: Answered) -> None:
        visit, t = self._visit, self._visit.t
        tag("h3", f"{one.partner}: {one.named.words}")
        held_back = t("yes") if one.held_back else t("no")
        facts(visit, {
            mark("Asked for by"): one.officer,
            mark("Answered"): visit.local(one.answered_at),
            mark("Answer"): t(word(one.result)),
            mark("Something was held back"): held_back,
            **why_facts(one.why, visit),
        })  # fmt: skip
        wrong = tag("p", "", "wrong", role="alert")
        with form(self._reviews(one, wrong), "stack"):
            field(t("What you found, in a few words"), "words", required=True, maxlength=200)
            with tag("div", "", "actions"):
                tag("button", t("Close with this finding"), "first", type="submit")

    def _reviews(self, one: Answered, wrong: Element) -> Callable[[Fields], Awaitable[None]]:
        async def review(fields: Fields) -> None:
            visit = self._visit
            visit.must(Action.REVIEW_USE)
            words = fields.get("words", "").strip()
            try:
                await self._given.review(one.question_id, visit.user.name, words, now())
            except (LookupError, ValueError) as refused:
                say(wrong, translated(str(refused), visit.t))
                return
            say(self._told, visit.t("Your review is written down."))
            await self.draw()
            focus(self._place, "#answers-given")

        return review
