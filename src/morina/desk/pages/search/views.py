"""How the answer to each kind of question is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from morina.desk.pages.search.answered import Asked, Desk
from morina.desk.pages.search.both import both_title, show_both
from morina.desk.pages.search.impossible import impossible_title, show_impossible
from morina.desk.pages.search.passages import passages_next, passages_title, show_passages
from morina.desk.pages.search.texts import show_texts, texts_next, texts_title
from morina.desk.pages.search.travelled import show_travelled, travelled_next, travelled_title
from morina.desk.pages.search.trips import show_trips, trips_next, trips_title
from morina.desk.pages.search.usual import show_usual, usual_title
from morina.records.both_places import BothPlaces
from morina.records.clone_search import FindImpossible
from morina.records.convoy import Convoy
from morina.records.finding import FindPassages, FindTexts
from morina.records.habits import FindHabits
from morina.records.journeys import FindJourneys


@dataclass(frozen=True, slots=True)
class View:
    """How the answer to one kind of question is shown: its title, itself, what may be next."""

    title: Callable[[Desk, Asked], str]
    show: Callable[[Desk, Asked], None]
    next: Callable[[Desk, Asked], None] = lambda _desk, _asked: None


VIEWS: Mapping[type, View] = {
    FindPassages: View(passages_title, show_passages, passages_next),
    FindTexts: View(texts_title, show_texts, texts_next),
    Convoy: View(travelled_title, show_travelled, travelled_next),
    FindImpossible: View(impossible_title, show_impossible),
    FindJourneys: View(trips_title, show_trips, trips_next),
    FindHabits: View(usual_title, show_usual),
    BothPlaces: View(both_title, show_both),
}
