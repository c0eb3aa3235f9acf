"""Below an answer of passages: taken out as a signed file, or kept for the case."""

from collections.abc import Mapping
from datetime import timedelta

from morina.accountability import Action, Purpose
from morina.desk.pages.markup import choice, field, tag
from morina.desk.pages.search.answered import Asked, Desk
from morina.desk.pages.sending import Sending
from morina.desk.pages.visit import Visit, now
from morina.records.finding import FindPassages
from morina.records.texts import Exact

FORMATS = {"csv": "CSV", "parquet": "Parquet"}


def show_keeping(desk: Desk, asked: Asked) -> None:
    """The folded forms, for who may; nothing where no passage was found."""
    visit, found = desk.visit, asked.answer.found
    if not (isinstance(asked.question, FindPassages) and found and visit.may(Action.EXPORT)):
        return
    with tag("details"):
        tag("summary", visit.t("For the case: take it out, or keep it"))
        _exporting(visit, asked)
        if visit.services.forgotten and isinstance(asked.question.text, Exact):
            _pinning(visit, asked, visit.services.forgotten.review_days)


def _exporting(visit: Visit, asked: Asked) -> None:
    t, where = visit.t, f"/api/v1/records/questions/{asked.question_id}/export"
    with Sending(visit, where, {}) as sending:
        tag("p", t("All passages of this answer and of what follows it, with a list signed by the"
                   " node."), "hint")  # fmt: skip
        with tag("div", "", "fields"):
            choice(t("Format"), "format", FORMATS)
            with tag("label", "", "tick"):
                tag("input", name="pictures", type="checkbox")
                tag("span", t("with pictures"))
        sending.button(t("Take it out"), t("Making the file…"))


def _pinning(visit: Visit, asked: Asked, review_days: int) -> None:
    t, question = visit.t, asked.question
    begins, ends = question.scope.period.begins_at, question.scope.period.ends_at
    sent = {
        "purpose": _purpose(asked.purpose), "plate": question.text.text,
        "begins_at": begins.isoformat(), "ends_at": ends.isoformat(),
        "read_ids": [str(one.read.read_id) for one in asked.answer.found],
    }  # fmt: skip
    with Sending(visit, "/api/v1/records/pins", sent) as sending:
        tag("p", t("The passages of this answer stay, with their pictures, when others are"
                   " forgotten."), "hint")  # fmt: skip
        review = (now() + timedelta(days=review_days)).date().isoformat()
        with tag("div", "", "fields"):
            field(t("Review on"), "review_at", type="date", value=review)
        sending.button(t("Keep it for the case"), t("Keeping…"))


def _purpose(purpose: Purpose) -> Mapping[str, str]:
    return {
        "code": purpose.code, "case_number": purpose.case_number,
        "legal_basis": purpose.legal_basis, "justification": purpose.justification,
    }  # fmt: skip
