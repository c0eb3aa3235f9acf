"""The label of a suspected clone, on an alert's page and on its row."""

from morina.alerts import Alert, revealed_to
from morina.desk.cloned import SHORT, WARNING
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit, now


def show_clone(alert: Alert, visit: Visit) -> None:
    """The warning; who said so and why once the officer may see the plate. Nothing otherwise."""
    clone, t = alert.clone, visit.t
    if clone is None:
        return
    with tag("section", "", "wrong", role="note"):
        tag("strong", t(WARNING))
        if not revealed_to(alert, visit.user.name):
            return
        who, at = clone.labelled_by, visit.local(clone.labelled_at)
        tag("p", t("Labelled by {name}, {at}: {reason}", name=who, at=at, reason=clone.reason))
        day = visit.day(clone.review_on)
        if clone.review_on <= now().date():
            tag("p", t("To be looked at again since {day}.", day=day))
        else:
            tag("p", t("To be looked at again on {day}.", day=day))


def short_warning(alert: Alert, visit: Visit) -> str:
    """For a row; empty where nobody suspects a clone."""
    return visit.t(SHORT) if alert.clone else ""
