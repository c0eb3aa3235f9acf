"""Below a confirmed alert: given to another system as a MISP event, for a purpose, to somebody
named."""

from morina.accountability import Action
from morina.alerts import Alert
from morina.desk.pages.asking.reasons import reasons
from morina.desk.pages.markup import field, tag
from morina.desk.pages.sending import Sending
from morina.desk.pages.visit import Visit
from morina.exchange.sightings import confirmed_by


class GivingPart:
    """Empty for who may take nothing out, and while no confirmation by a person stands."""

    def __init__(self, visit: Visit) -> None:
        self._visit, self._drawn = visit, False
        self._place = tag("div")

    def draw(self, alert: Alert) -> None:
        """The alert as it is now; what is being typed stays as long as it may be given."""
        shows = self._may_give(alert)
        if shows is self._drawn:
            return
        self._drawn = shows
        self._place.clear()
        if shows:
            with self._place, tag("section", "", "part", aria_labelledby="giving"):
                self._show(alert)

    def _may_give(self, alert: Alert) -> bool:
        visit = self._visit
        return (
            visit.services.exchange is not None
            and visit.may(Action.EXPORT)
            and confirmed_by(alert) is not None
        )

    def _show(self, alert: Alert) -> None:
        t, owner = self._visit.t, alert.listed.hotlist.owner_node
        tag("h2", t("For another system"), id="giving")
        if owner:
            tag("p", t("It is an entry of {partner}: only its owner gives it to others.",
                       partner=owner), "muted")  # fmt: skip
            return
        with tag("details"):
            tag("summary", t("Give it as a MISP event"))
            sent = {"alert_ids": [str(alert.alert_id)]}
            with Sending(self._visit, "/api/v1/alerts/misp", sent) as sending:
                tag("p", t("Vehicle, place and sighting leave this node. To whom and why enters"
                           " the trail."), "hint")  # fmt: skip
                with tag("div", "", "fields"):
                    field(t("Given to"), "to", required=True, maxlength=200)
                    field(t("Title of the event"), "info", required=True, maxlength=200)
                reasons(self._visit)
                sending.button(t("Give it"), t("Making the file…"))
