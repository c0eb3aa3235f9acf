"""Why tracks of a flight are named: said once, then each key names one under it."""

from morina.accountability import Purpose, RefusedPurposeError
from morina.accountability.clearing import NotClearedError
from morina.desk.pages.labels import PURPOSES
from morina.desk.pages.markup import Fields, button, choice, field, form, say, tag
from morina.desk.pages.search.fields import purpose_of
from morina.desk.pages.visit import Visit
from morina.desk.rescue import cleared
from morina.desk.said import translated
from morina.sense.aerial import Sortie

_REFUSED = (RefusedPurposeError, NotClearedError, ConnectionError, TimeoutError)
MOST_TYPED = 200


class ReviewPurpose:
    """``purpose`` is None until one was said and will do."""

    def __init__(self, visit: Visit, sortie: Sortie) -> None:
        self._visit, self._sortie = visit, sortie
        self.purpose: Purpose | None = None
        self._place = tag("div")
        self._ask()

    def _ask(self) -> None:
        visit, t = self._visit, self._visit.t
        barred = visit.services.search.asking.rules.clearance.barred
        codes = {one.value: t(words) for one, words in PURPOSES.items() if one not in barred}
        self._place.clear()
        with self._place, form(self._said, "stack", aria_label=t("What for")):
            with tag("div", "", "fields"):
                choice(t("What for"), "code", {"": t("choose"), **codes})
                case = self._sortie.case_number
                field(t("Case number"), "case_number", value=case, required=True,
                      maxlength=MOST_TYPED)  # fmt: skip
                field(t("Legal basis"), "legal_basis", required=True, maxlength=MOST_TYPED)
                field(t("What is looked for, and why"), "justification", required=True,
                      maxlength=MOST_TYPED)  # fmt: skip
            self._wrong = tag("p", "", "wrong", role="alert")
            with tag("div", "", "actions"):
                tag("button", t("Name tracks for this"), type="submit")

    async def _said(self, fields: Fields) -> None:
        visit = self._visit
        try:
            typed = purpose_of(fields, visit.user.name)
            self.purpose = await cleared(visit.services, typed)
        except _REFUSED as refused:
            say(self._wrong, translated(str(refused), visit.t))
            return
        self._shown(self.purpose)

    def _shown(self, purpose: Purpose) -> None:
        t = self._visit.t

        async def change() -> None:
            self.purpose = None
            self._ask()

        self._place.clear()
        with self._place, tag("p", "", "muted"):
            code = t(PURPOSES[purpose.code])
            tag("span", f"{code}, {purpose.case_number}: {purpose.justification} ")
            button(t("Change"), change, "link")
