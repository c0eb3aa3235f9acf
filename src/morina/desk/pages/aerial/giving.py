"""The tracks of a flight as a file for other programs, for a purpose of one's own."""

from morina.accountability import Action
from morina.desk.aerial import AerialServices
from morina.desk.pages.asking.reasons import reasons
from morina.desk.pages.markup import choice, tag
from morina.desk.pages.sending import Sending
from morina.desk.pages.visit import Visit
from morina.sense.aerial import Sortie


def show_giving(visit: Visit, aerial: AerialServices, sortie: Sortie) -> None:
    """Folded; the form goes straight to the route of the API that gives them. Nothing for who may
    not have them."""
    t = visit.t
    if aerial.given is None or not visit.may(Action.REVIEW_TRACKS):
        return
    where = f"/api/v1/aerial/sorties/{sortie.sortie_id}/given"
    forms = {
        "geojson": "GeoJSON", "kml": "KML",
        "vmti": t("VMTI (MISB ST 0903), for a flight with a clock"),
    }  # fmt: skip
    with tag("details", "", "part", id="giving"):
        tag("summary", t("Take the tracks out as a file"))
        said = t(
            "Way, ground seen, tracks and gaps. It is entered in the trail first; whoever takes a"
            " file answers for it being forgotten with the flight."
        )
        tag("p", said, "muted")
        with Sending(visit, where, {}) as sending:
            with tag("div", "", "fields"):
                choice(t("Format"), "form", forms)
            reasons(visit, "purpose.")
            sending.button(t("Take it out"), t("Making the file…"))
