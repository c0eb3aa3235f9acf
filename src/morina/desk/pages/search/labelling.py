"""A person says that a plate may be cloned: the label protects its keeper on later alerts."""

from datetime import date, timedelta
from uuid import uuid4

from morina.accountability import Action
from morina.desk.pages.markup import Fields, field, form, say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.said import translated
from morina.records.clones import ImpossibleJourney
from morina.watch import SuspectedClone

REVIEW_DAYS = 90
"""When a label is to be looked at again unless the officer says otherwise."""


def show_labelling(visit: Visit, one: ImpossibleJourney) -> None:
    """The folded form; what is kept stands in its place."""
    if visit.may(Action.CORRECT_READS):
        _Labelling(visit, one)


class _Labelling:
    """The form for the label of one journey's plate."""

    def __init__(self, visit: Visit, one: ImpossibleJourney) -> None:
        self._visit = visit
        self._one = one
        t = visit.t
        review = (now() + timedelta(days=REVIEW_DAYS)).date().isoformat()
        self._place = tag("div")
        with self._place, tag("details"):
            tag("summary", t("Label it as a suspected clone"))
            with form(self._label):
                self._wrong = tag("p", "", "wrong", role="alert")
                with tag("div", "", "fields"):
                    field(t("Why two vehicles may bear it"), "reason", maxlength="2000")
                    field(t("Review on"), "review_on", type="date", value=review)
                with tag("div", "", "actions"):
                    tag("button", t("Label"), type="submit")

    async def _label(self, fields: Fields) -> None:
        visit, one = self._visit, self._one
        visit.must(Action.CORRECT_READS)
        try:
            clone = SuspectedClone(
                label_id=uuid4(),
                plate=one.plate,
                reason=fields["reason"].strip(),
                passages=(one.first.read_id, one.second.read_id),
                review_on=date.fromisoformat(fields["review_on"]),
                labelled_by=visit.user.name,
                labelled_at=now(),
            )
            await visit.services.clones.label(clone)
        except ValueError as refused:  # RefusedLabelError is one
            say(self._wrong, translated(str(refused), visit.t))
            return
        self._place.clear()
        with self._place:
            t, text = visit.t, one.plate.text
            words = t("{plate} is labelled as a suspected clone.", plate=text)
            tag("p", words, "good", role="status")
