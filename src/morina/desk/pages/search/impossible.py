"""Impossible journeys: one plate at two places too fast, and what that is likely to be."""

from morina.desk.pages.markup import button, tag
from morina.desk.pages.plates import sign
from morina.desk.pages.search.answered import Asked, Desk, asks, goes_on
from morina.desk.pages.search.labelling import show_labelling
from morina.desk.pages.search.track import PickedTrack, Stop
from morina.desk.pages.search.warned import show_label
from morina.desk.said import translated_sentences
from morina.desk.words import mark
from morina.records.clones import ImpossibleJourney, Judgement, Passage
from morina.records.finding import FindPassages
from morina.records.questions import Scope
from morina.records.texts import LookAlikes
from morina.watch.clones import label_of

JUDGEMENTS = {
    Judgement.CLONE: (mark("suspected clone"), "state late"),
    Judgement.MISREAD: (mark("likely a misread"), "state closed"),
    Judgement.FAULT: (mark("clock or place of a camera wrong"), "state closed"),
}


def impossible_title(desk: Desk, asked: Asked) -> str:
    """Of one plate, or of all."""
    t, question = desk.visit.t, asked.question
    if question.plate:
        return t("Impossible journeys of {plate}", plate=question.plate)
    day = desk.visit.here(question.scope.period.begins_at).date()
    return t("Impossible journeys of {day}", day=desk.visit.day(day))


def show_impossible(desk: Desk, asked: Asked) -> None:
    """Each journey with its judgement and why, beside the map of the one chosen."""
    t = desk.visit.t
    if not asked.answer.found:
        tag("p", t("No journey was too fast for one vehicle."), "part")
        goes_on(desk, asked, t("Older journeys"))
        return
    with tag("div", "", "found picked"):
        with tag("section", "", "part flush", aria_labelledby="journeys"):
            tag("h2", t("Journeys, newest first"), id="journeys")
            tag(
                "p",
                t(
                    "A machine found these and says what each is likely to be; a person decides."
                    " The keeper of a cloned plate is its victim."
                ),
                "empty",
            )
            journeys = tag("ol", "", "companions")
            goes_on(desk, asked, t("Older journeys"))
        where = PickedTrack(desk, tag("div", "", "", aria_live="polite"))
        with journeys:
            for one in asked.answer.found:
                _journey(desk, one, where, asked)
    where.draw(ends_of(asked.answer.found[0]))


def ends_of(one: ImpossibleJourney) -> list[Stop]:
    """Both places for the map, the first as 1."""
    return [Stop(n, each.camera_id, each.at) for n, each in enumerate((one.first, one.second), 1)]


def _journey(desk: Desk, one: ImpossibleJourney, where: PickedTrack, asked: Asked) -> None:
    t = desk.visit.t
    words, classes = JUDGEMENTS[one.judgement]
    with tag("li"):
        with tag("div", "", "who"):
            sign(one.plate.country, t)
            tag("span", one.plate.text, "text")
            tag("span", t(words), classes)
            show_label(desk, asked.beside.clones, one.plate)
        with tag("ol", "", "meetings"):
            _end(desk, 1, one.first)
            _end(desk, 2, one.second)
        tag("p", translated_sentences(one.why, t))
        with tag("div", "", "actions"):
            label = t("On the map: {plate}", plate=one.plate.text)
            button(t("On the map"), where.choose(ends_of(one)), aria_label=label)
            passages = FindPassages(
                scope=Scope(period=asked.question.scope.period), text=LookAlikes(one.plate.text)
            )
            asks(desk, t("Its passages and look-alikes"), passages)
        labelled = label_of([one.plate], asked.beside.clones)
        if one.judgement is not Judgement.FAULT and not labelled:
            show_labelling(desk.visit, one)


def _end(desk: Desk, number: int, one: Passage) -> None:
    t = desk.visit.t
    said = " ".join(word for word in (one.colour, one.make) if word)
    sure = t("confidence {share}", share=f"{one.confidence:.0%}")
    if one.verified:
        sure = t("verified by a person")
    with tag("li"):
        tag("span", str(number), "number")
        with tag("div"):
            tag("span", desk.camera(one.camera_id))
            tag("span", " " + ", ".join(part for part in (sure, said) if part), "muted")
        tag("time", desk.second(one.at), datetime=one.at.isoformat())
