"""The use of the records overseen: alarms of misuse, questions drawn for review, watched plates."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from morina.accountability import Action
from morina.accountability.overseeing import (
    Finding,
    Fits,
    NoSuchReviewError,
    Raised,
    RefusedReviewError,
    Review,
    Sampled,
)
from morina.accountability.trail import why_of
from morina.desk.pages.answers_given import AnswersPart
from morina.desk.pages.frame import frame
from morina.desk.pages.guard_words import FINDINGS, FITS, RULES, facts, why_facts
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.pages.watched import WatchedPart
from morina.desk.said import translated
from morina.desk.services import Guarding
from morina.desk.words import mark

SHOWN = 50
Write = Callable[[Review], Awaitable[None]]


async def oversight_page(visit: Visit) -> None:
    """What nobody reviewed yet."""
    t, guard = visit.t, visit.services.guard
    with frame(visit, t("Oversight"), "/oversight"):
        with tag("div", "", "head"):
            tag("h1", t("Oversight"))
            tag("span", t("An alarm is a question, never a finding; a person judges."), "muted")
        if guard is None:
            tag("p", t("This node keeps no approvals."), "wrong")
            return
        visit.must(Action.REVIEW_USE)
        page = _Page(visit, guard)
        await page.draw()
        exchange = visit.services.exchange
        if exchange is not None and exchange.answers_given is not None:
            await AnswersPart(visit, exchange.answers_given).draw()
        await WatchedPart(visit, guard.overseer).draw()


class _Page:
    """Alarms and the sample, each with the form that closes it."""

    def __init__(self, visit: Visit, guard: Guarding) -> None:
        self._visit, self._oversight = visit, guard.overseer.oversight
        self._told = tag("p", "", "", role="status")
        self._lists = tag("div")

    async def draw(self) -> None:
        """What is open now."""
        self._visit.must(Action.REVIEW_USE)
        t, me = self._visit.t, self._visit.user.name
        alarms = await self._oversight.alarms(by=me, open_only=True, limit=SHOWN)
        sample = await self._oversight.sample(by=me, open_only=True, limit=SHOWN)
        self._lists.clear()
        with self._lists:
            self._heading(t("Alarms"), "alarms", len(alarms))
            for alarm in alarms:
                self._alarm(alarm)
            self._heading(t("Questions drawn for review"), "sample", len(sample))
            for sampled in sample:
                self._sampled(sampled)

    def _heading(self, title: str, name: str, count: int) -> None:
        with tag("h2", f"{title} ", id=name):
            tag("span", str(count), "count")
        if not count:
            tag("p", self._visit.t("Nothing is open."), "muted")

    def _alarm(self, one: Raised) -> None:
        visit, alarm = self._visit, one.alarm
        with tag("article", "", "part", data_alarm=str(one.alarm_id)):
            tag("h3", visit.t(RULES[alarm.rule]))
            tag("p", translated(alarm.said, visit.t))
            numbers = ", ".join(map(str, alarm.numbers))
            facts(visit, {
                mark("Who"): alarm.officer,
                mark("When"): visit.local(alarm.at),
                mark("Consultations"): numbers,
            })  # fmt: skip
            if alarm.numbers:
                self._behind(one)

            async def close(review: Review) -> None:
                await self._oversight.close_alarm(one.alarm_id, review)

            self._review(alarm.officer, FINDINGS, Finding, close)

    def _behind(self, one: Raised) -> None:
        """What the alarm rests on, once it is asked for: reading it is entered."""
        visit, t = self._visit, self._visit.t

        async def show() -> None:
            visit.must(Action.REVIEW_USE)
            found = await self._oversight.behind(one.alarm_id, visit.user.name)
            place.clear()
            with place:
                for asked in found[:SHOWN]:
                    tag("p", f"{visit.local(asked.asked_at)} · {asked.question}")
                    facts(visit, why_facts(why_of(asked.purpose), visit))

        place = tag("div")
        with place:
            button(t("Show what was asked"), show, "link")

    def _sampled(self, one: Sampled) -> None:
        visit, asked = self._visit, one.consultation
        why = asked.purpose
        with tag("article", "", "part", data_number=str(asked.number)):
            tag("h3", asked.question)
            facts(visit, {
                mark("Who"): why.officer,
                mark("When"): visit.local(asked.asked_at),
                **why_facts(why_of(asked.purpose), visit),
                mark("Consultations"): str(asked.number),
            })  # fmt: skip

            async def judge(review: Review) -> None:
                await self._oversight.judge(asked.number, review)

            self._review(why.officer, FITS, Fits, judge)

    def _review(
        self, about: str, words: Mapping[Fits, str] | Mapping[Finding, str],
        known: type[StrEnum], write: Write,
    ) -> None:  # fmt: skip
        visit, t = self._visit, self._visit.t
        if about == visit.user.name:
            tag("p", t("It is about your own questions; another person reviews it."), "muted")
            return

        async def send(fields: Fields) -> None:
            visit.must(Action.REVIEW_USE)
            if fields.get("found") not in set(known):
                say(wrong, t("Choose what you found."))
                return
            try:
                said = fields.get("words", "").strip()
                await write(Review(visit.user.name, now(), fields["found"], said))
            except (RefusedReviewError, NoSuchReviewError) as refused:
                say(wrong, translated(str(refused), t))
                return
            say(self._told, t("Your review is written down."))
            await self.draw()

        with form(send, "stack"):
            wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "fields"):
                options = {"": t("choose")} | {one.value: t(text) for one, text in words.items()}
                choice(t("Finding"), "found", options)
                field(t("Why, in a few words"), "words", maxlength=200)
            with tag("div", "", "actions"):
                tag("button", t("Close with this finding"), "first", type="submit")
