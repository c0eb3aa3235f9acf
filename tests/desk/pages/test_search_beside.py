"""What the search page tells beside findings: grades, labels and pinned reads."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest

from asked import purpose
from invented import NOW, read
from morina.accountability import User
from morina.desk.beside import PinnedReads, asked_plates, plates_of
from morina.desk.pages.search.answered import Asked, Desk
from morina.desk.pages.search.grades import alike, grade_words
from morina.desk.pages.search.passages import where_moved, where_seen
from morina.desk.pages.search.texts import by_grade
from morina.desk.pages.search.warned import pinned_words
from morina.desk.pages.visit import Visit
from morina.desk.services import Services
from morina.desk.words import Words
from morina.plates import Plate
from morina.records import Period
from morina.records.both_places import InAll
from morina.records.convoy import Convoy
from morina.records.finding import FindPassages, FoundText, found
from morina.records.journeys import FindJourneys
from morina.records.place import Place
from morina.records.questions import Answer, Coverage, Scope, Stop
from morina.records.texts import AnyText, Exact, LookAlikes, Near, Partial, TextQuestion, Wildcard

SCOPE = Scope(period=Period(NOW - timedelta(days=7), NOW))
PURPOSE = purpose()
PINNED = PinnedReads(plate="AA123BC", reads=3, review_at=date(2027, 3, 1))


def desk(language: str = "en") -> Desk:
    user = User(name="arta", full_name="Arta", time_zone="Europe/Tirane")
    visit = Visit(cast(Services, None), user, Words(language))
    return Desk(visit, {}, cast(Any, None), ())


def test_texts_alike_are_the_closest_first_then_the_most_frequent() -> None:
    asked = LookAlikes("AA123BC")
    texts = ["AA128BC", "AA123BC", "AAI28BC", "AAI23BC", "AAI23BC"]
    told = alike(found(read(text, "AL"), text, asked) for text in texts)
    assert [(one.text, one.grade, one.passages) for one in told] == [
        ("AA123BC", 0, 1), ("AAI23BC", 1, 2), ("AA128BC", 1, 1), ("AAI28BC", 2, 1),
    ]  # fmt: skip
    assert grade_words(0, Words("en")) == "as asked for"
    assert grade_words(2, Words("en")) == "2 characters differ"


def test_texts_found_by_a_pattern_keep_their_order_and_others_come_by_grade() -> None:
    near = Near("AA123BC")
    texts = ["AA128BC", "AA123BC", "AA173BC"]
    rows = [
        FoundText(text=text, country=None, passages=9 - n, first_at=NOW, last_at=NOW,
                  differences=near.differences(text))
        for n, text in enumerate(texts)
    ]  # fmt: skip
    assert [one.text for one in by_grade(rows)] == ["AA123BC", "AA128BC", "AA173BC"]
    plain = [replace(one, differences=()) for one in rows]
    assert by_grade(plain) == plain


@pytest.mark.parametrize(
    ("text", "whole"),
    [(LookAlikes("AA123BC"), ["AA123BC"]), (Wildcard("AA?2*"), []), (Partial("AB2"), []),
     (AnyText(), [])],
)  # fmt: skip
def test_only_whole_plates_are_looked_up(text: TextQuestion, whole: list[str]) -> None:
    assert asked_plates(FindPassages(scope=SCOPE, text=text)) == whole


def test_plates_of_other_questions_and_findings_are_looked_up_too() -> None:
    assert asked_plates(Convoy(scope=SCOPE, plate="AA123BC")) == ["AA123BC"]
    assert asked_plates(FindJourneys(scope=SCOPE, plate="AA123BC")) == ["AA123BC"]
    here = found(read("AB12CDE", "GB"), "AB12CDE", AnyText())
    assert plates_of(here) == {Plate("AB12CDE", "GB")}
    assert plates_of(found(read(None), "", AnyText())) == set()
    both = InAll(str(uuid4()), ("AA123BC", "AAI23BC"), ())
    assert plates_of(both) == {Plate("AA123BC", None), Plate("AAI23BC", None)}


def test_a_pin_of_another_case_does_not_name_it() -> None:
    said = pinned_words(desk(), PINNED)
    assert said == (
        "3 reads of AA123BC are pinned for another case until 1 Mar 2027 at least, whatever is "
        "forgotten here."
    )
    own = replace(PINNED, reads=1, case_number="C-1")
    assert pinned_words(desk(), own).startswith("1 read of AA123BC is pinned for this case")


def test_further_questions_are_asked_where_it_was_found() -> None:
    question = FindPassages(scope=SCOPE, text=Exact("AA123BC"))
    reads = [read("AA123BC", camera_id=camera) for camera in ("lane-1", "lane-2", "lane-1")]
    passed = tuple(found(one, "AA123BC", question.text) for one in reads)
    answer = Answer(found=passed, coverage=Coverage(asked=SCOPE.period, covered=SCOPE.period))
    asked = Asked(question, PURPOSE, 1, uuid4(), answer)
    assert where_seen(asked) == replace(SCOPE, cameras=frozenset({"lane-1", "lane-2"}))
    at_site = replace(SCOPE, place=Place(sites=frozenset({"Bridge"})))
    placed = replace(asked, question=replace(question, scope=at_site))
    assert where_seen(placed) == at_site == where_moved(placed)
    assert where_moved(asked) == where_seen(asked)
    cut = replace(answer, coverage=replace(answer.coverage, stopped=Stop.ROWS))
    assert where_moved(replace(asked, answer=cut)) == SCOPE
