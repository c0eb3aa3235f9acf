"""What is asked of a plate's text, as callers send it."""

from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from morina.desk.api.sent import Line
from morina.records.finding import FindPassages, FindTexts
from morina.records.habits import FindHabits
from morina.records.kinds import Question, RefusedQuestionError
from morina.records.questions import Scope
from morina.records.texts import (
    AnyText,
    Exact,
    LookAlikes,
    Near,
    Partial,
    TextQuestion,
    Unread,
    Wildcard,
)


class Fits(StrEnum):
    """How a read's text must fit the one asked for."""

    EXACT = "exact"
    LOOK_ALIKES = "look_alikes"
    NEAR = "near"
    WILDCARD = "wildcard"
    PARTIAL = "partial"
    UNREAD = "unread"
    ANY = "any"


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextIn(_Sent):
    """The text and how reads must fit it.

    ``exact``, ``look_alikes``, ``near`` (one character more, fewer or other), ``wildcard`` (``?``
    one character, ``*`` any number), ``partial`` (these characters in any order, ``length`` in all
    if known), ``unread`` (no plate was read) and ``any``, the last two without text.
    """

    fits: Fits = Fits.EXACT
    text: Line = Field("", examples=["AA123BC"])
    length: int = Field(0, ge=0, le=100)

    def question(self) -> TextQuestion:
        """RefusedQuestionError where the text cannot be."""
        if self.length and self.fits is not Fits.PARTIAL:
            raise RefusedQuestionError("length", "is not for this", "send it with partial only")
        if self.text and self.fits in (Fits.UNREAD, Fits.ANY):
            raise RefusedQuestionError("text", f"is not for {self.fits.value}", "leave it out")
        match self.fits:
            case Fits.UNREAD:
                return Unread()
            case Fits.ANY:
                return AnyText()
            case Fits.NEAR:
                return Near(self.text)
            case Fits.WILDCARD:
                return Wildcard(self.text)
            case Fits.PARTIAL:
                return Partial(self.text, self.length)
            case _:
                return self.plate()

    def plate(self) -> Exact | LookAlikes:
        """One plate; RefusedQuestionError where more than one is meant."""
        if self.fits is Fits.LOOK_ALIKES:
            return LookAlikes(self.text)
        if self.fits is Fits.EXACT:
            return Exact(self.text)
        raise RefusedQuestionError("text.fits", "is not one plate", "send exact or look_alikes")


class QuestionIn(_Sent):
    """A question that is sent otherwise than it is asked."""

    scope: Scope
    text: TextIn
    after: Line = ""

    def question(self) -> Question:
        """As it is asked; RefusedQuestionError."""
        raise NotImplementedError


class PassagesIn(QuestionIn):
    """All passages in a scope whose text is the one asked for, newest first."""

    text: TextIn = TextIn(fits=Fits.ANY)

    def question(self) -> FindPassages:
        """See QuestionIn."""
        return FindPassages(scope=self.scope, text=self.text.question(), after=self.after)


class TextsIn(QuestionIn):
    """The texts of those passages, each once with how often, the most frequent first."""

    def question(self) -> FindTexts:
        """See QuestionIn."""
        return FindTexts(scope=self.scope, text=self.text.question(), after=self.after)


class HabitsIn(QuestionIn):
    """How often a plate passed in a scope, first, last, and its usual times in ``zone``."""

    zone: ZoneInfo = ZoneInfo("UTC")

    def question(self) -> FindHabits:
        """See QuestionIn."""
        return FindHabits(
            scope=self.scope, text=self.text.plate(), zone=self.zone, after=self.after
        )


SENT: dict[type, type[QuestionIn]] = {
    FindPassages: PassagesIn,
    FindTexts: TextsIn,
    FindHabits: HabitsIn,
}
"""By question, how it is sent; one that is not here is sent as its own fields."""
