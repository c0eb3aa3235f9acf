"""The page on which the records are asked: a question, its purpose, progress and answer."""

from collections.abc import Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

from morina.accountability import Consultation, Purpose, RefusedPurposeError
from morina.accountability.approvals import ApprovalNeededError, RefusedApprovalError
from morina.accountability.clearing import NotClearedError
from morina.desk.beside import asked_plates, beside
from morina.desk.pages.frame import focus, frame
from morina.desk.pages.labels import PURPOSES
from morina.desk.pages.markup import Fields, button, form, say, tag
from morina.desk.pages.search.answered import Asked, Desk, under_words
from morina.desk.pages.search.approving import Approving, approved_question
from morina.desk.pages.search.controls import Controls
from morina.desk.pages.search.covered import show_covered
from morina.desk.pages.search.fields import (
    apart_of,
    areas_of,
    back_of,
    day_of,
    purpose_of,
    scope_of,
    text_of,
)
from morina.desk.pages.search.keeping import show_keeping
from morina.desk.pages.search.views import VIEWS
from morina.desk.pages.search.waiting import Waiting
from morina.desk.pages.search.warned import show_beside
from morina.desk.pages.search.where import Places, where_of
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.desk.words import mark
from morina.records.asking import TooManyQuestionsError
from morina.records.both_places import BothPlaces
from morina.records.clone_search import FindImpossible
from morina.records.finding import FindPassages, FindTexts
from morina.records.kinds import Question, RefusedQuestionError
from morina.records.leave import BY_HAND, Leave
from morina.records.placing import grouped
from morina.records.questions import Scope
from morina.records.texts import Near, Partial, Wildcard
from morina.sense.cameras import Camera

SUGGESTED_FROM = 30
"""So many of the officer's last questions are looked at for cases to suggest."""


WAYS = (
    ("plate", mark("A plate, or a place"), FindPassages),
    ("day", mark("Impossible journeys of a day"), FindImpossible),
    ("areas", mark("At two places"), BothPlaces),
)
"""What the form can ask, each where this node answers such a question."""

REFUSED = {
    "code": mark("Choose what the question is for."),
    "case_number": mark("Give the case number: every question needs it."),
    "legal_basis": mark("Name the legal basis: every question needs it."),
    "justification": mark("Say in a sentence what is looked for, and why."),
}
FIELDS = {"text": "plate", "sites": "where", "place": "where", "areas": "where1",
          "purpose.code": "code"}  # fmt: skip
"""What a refused question calls a field, and what the form does where that is another name."""


async def search_page(visit: Visit, approval: str = "") -> None:
    """The form, and below it the answer; ``approval`` is the id of one to ask under."""
    t = visit.t
    cameras = await visit.services.cameras.cameras()
    asking = visit.services.search.asking
    before = await asking.consultations.newest(officer=visit.user.name, limit=SUGGESTED_FROM)
    with frame(visit, t("Search"), "/search"):
        with tag("div", "", "head"):
            tag("h1", t("Search"))
            tag("span", t("Every question is written down under your name."), "muted")
        page = _Page(visit, cameras, before)
        if found := await approved_question(visit, approval):
            page.approving.state(found)


class _Page:
    """One visit to the page. The purpose given once is that of all its questions."""

    def __init__(
        self, visit: Visit, cameras: Sequence[Camera], before: Sequence[Consultation]
    ) -> None:
        self._visit = visit
        self._known = _places(visit, cameras)
        self._before = before
        self._controls = Controls(visit, self._known)
        kinds = tuple(kind.question for kind in visit.services.search.asking.kinds)
        shown = tuple(kind for kind in kinds if kind in VIEWS and visit.may_ask(kind))
        self._desk = Desk(visit, {one.camera_id: one for one in cameras}, self.ask, shown)
        self._ways = [way for way in WAYS if way[2] in shown]
        self._way = "plate"
        self._purpose: Purpose | None = None
        self._asked: list[Asked] = []
        with form(self._send, "part search", novalidate=True):
            self._controls.whole = tag("p", "", "wrong", role="alert")
            self._choice = tag("div")
            self._fields = tag("div")
            self._why = tag("div")
            with tag("div", "", "actions"):
                tag("button", visit.t("Search"), "first", type="submit")
        self.approving = Approving(visit, tag("div"), self._ask_under)
        self._waiting = Waiting(visit, tag("div"))
        self._answer = tag("div")
        self._choose("plate")
        self._draw_purpose()

    def _choose(self, way: str) -> None:
        """Show the fields of one kind of question."""
        draw = {"plate": self._controls.plate, "day": self._controls.day,
                "areas": self._controls.areas}  # fmt: skip
        self._way = way
        self._choice.clear()
        if len(self._ways) > 1:
            with self._choice, tag("div", "", "ways", role="group"):
                for name, words, _ in self._ways:
                    pressed = {"aria-pressed": str(name == way).lower()}
                    button(self._visit.t(words), self._chooses(name), "verdict", **pressed)
        self._fields.clear()
        with self._fields:
            draw[way]()
        # Not by autofocus: what is typed before the page is connected may be lost to a reload.
        focus(self._fields, "form.search .asks :is(input, select)")

    def _chooses(self, way: str) -> Callable[[], Awaitable[None]]:
        async def choose() -> None:
            self._choose(way)

        return choose

    def _draw_purpose(self, change: bool = False) -> None:
        """The fields of a purpose until there is one, then just what it is."""
        t, purpose = self._visit.t, self._purpose
        self._why.clear()
        with self._why:
            if purpose is None or change:
                self._purpose = None
                self._controls.purpose(purpose, self._before)
                return
            with tag("p", "", "purpose-kept"):
                tag("span", purpose_words(purpose, self._visit))
                button(t("Change the purpose"), self._change, "link")

    async def _change(self) -> None:
        self._draw_purpose(change=True)
        focus(self._why, "[name=case_number]")

    async def _send(self, fields: Fields) -> None:
        """The form was sent."""
        controls = self._controls
        controls.clear()
        try:
            question = self._question(fields)
        except RefusedQuestionError as refused:
            self._refuse(refused)
            return
        except ValueError as refused:
            controls.refuse("period", translated(str(refused), self._visit.t))
            return
        if self._purpose is None:
            try:
                self._purpose = purpose_of(fields, self._visit.user.name)
            except RefusedPurposeError as refused:
                self._refuse_purpose(refused.field)
                return
            self._draw_purpose()
        await self.ask(question)

    def _question(self, fields: Fields) -> Question:
        """What the form stands for; RefusedQuestionError, ValueError for periods."""
        zone = ZoneInfo(self._visit.user.time_zone)
        if self._way == "day":
            at = where_of(fields, "where", self._known)
            scope = Scope(period=day_of(fields, zone), cameras=at.cameras, place=at.place)
            return FindImpossible(scope=scope)
        if self._way == "areas":
            return BothPlaces(
                areas=areas_of(fields, self._known, zone), in_order="in_order" in fields,
                apart=apart_of(fields), look_alikes="look_alikes" in fields,
            )  # fmt: skip
        back = back_of(self._visit.services)
        scope = scope_of(fields, self._known, now(), zone, back.days)
        text = text_of(fields)
        by_text = isinstance(text, Near | Partial | Wildcard) and FindTexts in self._desk.kinds
        return (FindTexts if by_text else FindPassages)(scope=scope, text=text)

    def _refuse_purpose(self, field: str) -> None:
        words = REFUSED[field]
        self._controls.refuse(field, self._visit.t(words))

    def _refuse(self, refused: RefusedQuestionError | NotClearedError) -> None:
        words = translated(f"{refused.fault}; {refused.mend}", self._visit.t)
        self._controls.refuse(FIELDS.get(refused.place, refused.place), words)

    async def _ask_under(self, purpose: Purpose, question: Question, leave: Leave) -> None:
        """Ask what was approved, under the purpose it was approved for."""
        self._purpose = purpose
        self._draw_purpose()
        await self.ask(question, leave)

    async def ask(self, question: Question, leave: Leave = BY_HAND) -> None:
        """Ask under the purpose of the visit, and show what became of it."""
        if self._purpose is None:
            self._refuse_purpose("code")
            return
        purpose, t = self._purpose, self._visit.t
        self._controls.clear()
        self._answer.clear()
        self.approving.clear()
        try:
            state = await self._waiting.answer(purpose, question, leave)
        except (RefusedQuestionError, NotClearedError) as refused:
            self._refuse(refused)
            return
        except RefusedPurposeError as refused:
            self._draw_purpose(change=True)
            self._refuse(RefusedQuestionError(refused.field, refused.fault, refused.mend))
            return
        except ApprovalNeededError as needed:
            self.approving.needed(needed.request)
            focus(self._answer, "#approval")
            return
        except RefusedApprovalError as refused:
            self.approving.refused(refused)
            return
        except TooManyQuestionsError:
            say(self._controls.whole, t("Too many questions of yours wait: cancel one first."))
            return
        except (ConnectionError, TimeoutError):
            say(self._controls.whole, t("It could not be written down, so it was not asked."))
            return
        if state is None:
            return
        if state.answer is None:
            self._failed(state.number, translated(state.failed, t))
            return
        told = await beside(self._visit.services, question, state.answer.found, purpose.case_number)
        asked = Asked(question, purpose, state.number, state.question_id, state.answer, told)
        self._asked.append(asked)
        self._draw_answer()

    def _failed(self, number: int, why: str) -> None:
        t = self._visit.t
        with self._answer, tag("section", "", "part", role="alert"):
            tag("p", t("There is no answer to consultation no. {number}: {why}.",
                       number=number, why=why))  # fmt: skip
            if self._asked:
                button(t("Back to the answer before"), self._again)

    async def _again(self) -> None:
        self._draw_answer()

    async def _back(self) -> None:
        self._asked.pop()
        self._draw_answer()

    def _draw_answer(self) -> None:
        """The last answer: what was asked and covered, what may be next, and the findings."""
        t, asked, desk = self._visit.t, self._asked[-1], self._desk
        view = VIEWS[type(asked.question)]
        self._answer.clear()
        with self._answer:
            with tag("section", "", "part answered", aria_labelledby="answer"):
                tag("h2", view.title(desk, asked), id="answer", tabindex=-1)
                tag("p", under_words(asked, self._visit), "muted")
                show_beside(desk, asked, asked_plates(asked.question))
                show_covered(desk, asked.answer)
                with tag("div", "", "actions"):
                    if len(self._asked) > 1:
                        button(t("Back to the answer before"), self._back)
                    view.next(desk, asked)
                show_keeping(desk, asked)
            view.show(desk, asked)
        focus(self._answer, "#answer")


def _places(visit: Visit, cameras: Sequence[Camera]) -> Places:
    """Where can be looked, by site and name."""
    forgotten = visit.services.forgotten
    groups = grouped(cameras, forgotten.policies) if forgotten else {}
    return Places(tuple(sorted(cameras, key=lambda one: (one.site, one.name))), groups)


def purpose_words(purpose: Purpose, visit: Visit) -> str:
    """For which case further questions are asked."""
    return visit.t(
        "Asked for case {case}: {code}, {basis}.",
        case=purpose.case_number,
        code=visit.t(PURPOSES[purpose.code]),
        basis=purpose.legal_basis,
    )
