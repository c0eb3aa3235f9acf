"""On a passage: a person puts right what was read of it."""

from morina.accountability import Action, Purpose
from morina.accountability.purpose import RefusedPurposeError
from morina.desk.correcting import Correction, RefusedCorrectionError, correct
from morina.desk.pages.markup import Fields, button, field, form, say, tag
from morina.desk.pages.search.answered import Desk
from morina.desk.pages.visit import Visit
from morina.desk.said import translated
from morina.plates import NotAPlateError, Plate
from morina.records import NoSuchReadError
from morina.sense import Read


def show_correcting(desk: Desk, read: Read, purpose: Purpose) -> None:
    """A button for who may; its form, and what was put right, stand in its place."""
    if desk.visit.may(Action.CORRECT_READS):
        _Correcting(desk.visit, read, purpose)


class _Correcting:
    """The form is made when it is asked for: an answer has many passages."""

    def __init__(self, visit: Visit, read: Read, purpose: Purpose) -> None:
        self._visit, self._read, self._purpose = visit, read, purpose
        self._place = tag("div", "", "correcting")
        with self._place:
            button(visit.t("Correct"), self._open, "quiet")

    async def _open(self) -> None:
        t, read = self._visit.t, self._read
        self._place.clear()
        with self._place, form(self._correct):
            self._wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "fields"):
                text, country = (read.plate.text, read.plate.country) if read.plate else ("", None)
                field(t("What the picture shows; empty: no plate"), "text", value=text,
                      maxlength="40", autofocus=True)  # fmt: skip
                field(t("Country, two letters"), "country", value=country or "",
                      maxlength="2")  # fmt: skip
            with tag("div", "", "actions"):
                tag("button", t("Put right"), type="submit")
                button(t("Leave it"), self._leave, "quiet")

    async def _leave(self) -> None:
        self._place.clear()
        with self._place:
            button(self._visit.t("Correct"), self._open, "quiet")

    async def _correct(self, fields: Fields) -> None:
        visit = self._visit
        visit.must(Action.CORRECT_READS)
        try:
            text, country = fields["text"].strip(), fields["country"].strip().upper()
            plate = Plate.of(text, country or None) if text else None
            wanted = Correction.of(self._read, plate)
            await correct(visit.services, self._purpose, wanted)
        except (NotAPlateError, RefusedCorrectionError, RefusedPurposeError, NoSuchReadError) as no:
            say(self._wrong, translated(str(no), visit.t))
            return
        t, name = visit.t, plate.text if plate else visit.t("no plate")
        self._place.clear()
        with self._place:
            words = t("Put right: {plate}. What was read stays kept beside it.", plate=name)
            tag("p", words, "good", role="status")
