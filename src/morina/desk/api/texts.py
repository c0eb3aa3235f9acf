"""What is asked of a plate's text, and of places, as callers send it."""

from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import Field

from morina.desk.api.sent import Line, Sent
from morina.records.both_places import Area, BothPlaces
from morina.records.figures import Period
from morina.records.finding import FindPassages, FindTexts
from morina.records.habits import FindHabits
from morina.records.kinds import Question, RefusedQuestionError
from morina.records.place import Place
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


class TextIn(Sent):
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


class QuestionIn(Sent):
    """A question that is sent otherwise than it is asked."""

    after: Line = ""

    def question(self) -> Question:
        """As it is asked; RefusedQuestionError."""
        raise NotImplementedError


class PassagesIn(QuestionIn):
    """All passages in a scope whose text is the one asked for, newest first."""

    scope: Scope
    text: TextIn = TextIn(fits=Fits.ANY)

    def question(self) -> FindPassages:
        """See QuestionIn."""
        return FindPassages(scope=self.scope, text=self.text.question(), after=self.after)


class TextsIn(QuestionIn):
    """The texts of those passages, each once with how often, the most frequent first."""

    scope: Scope
    text: TextIn

    def question(self) -> FindTexts:
        """See QuestionIn."""
        return FindTexts(scope=self.scope, text=self.text.question(), after=self.after)


class HabitsIn(QuestionIn):
    """How often a plate passed in a scope, first, last, and its usual times in ``zone``."""

    scope: Scope
    text: TextIn
    zone: ZoneInfo = ZoneInfo("UTC")

    def question(self) -> FindHabits:
        """See QuestionIn."""
        return FindHabits(
            scope=self.scope, text=self.text.plate(), zone=self.zone, after=self.after
        )


class AreaIn(Sent):
    """Some cameras, by id or by their place, during some time."""

    name: Line
    period: Period
    cameras: frozenset[str] = frozenset()
    place: Place | None = None


class BothPlacesIn(QuestionIn):
    """Which vehicles were in each of two to four areas; see records.md."""

    areas: tuple[AreaIn, ...]
    in_order: bool = False
    apart: timedelta = timedelta()
    look_alikes: bool = False

    def question(self) -> BothPlaces:
        """See QuestionIn."""
        areas = tuple(Area(one.name, one.cameras, one.period, one.place) for one in self.areas)
        return BothPlaces(
            areas=areas, in_order=self.in_order, apart=self.apart,
            look_alikes=self.look_alikes, after=self.after,
        )  # fmt: skip


SENT: dict[type, type[QuestionIn]] = {
    FindPassages: PassagesIn,
    FindTexts: TextsIn,
    FindHabits: HabitsIn,
    BothPlaces: BothPlacesIn,
}
"""By question, how it is sent; one that is not here is sent as its own fields."""
