"""What the camera saw: the plate patch, and the overview image with the plate marked."""

from morina.desk.pages.markup import tag
from morina.desk.pages.plates import picture
from morina.desk.words import Words
from morina.sense import Evidence

_FIT_DRAWING = (
    "(e) => e.target.nextElementSibling.setAttribute('viewBox',"
    " `0 0 ${e.target.naturalWidth} ${e.target.naturalHeight}`)"
)
"""The corners are in pixels of the picture, and only the browser knows how many it has."""


def show_evidence(evidence: Evidence | None, t: Words) -> None:
    """Patch above overview; without evidence, what that means for the alert."""
    with tag("section", "", "part flush", aria_labelledby="evidence"):
        tag("h2", t("Plate patch"), id="evidence")
        if evidence is None:
            tag(
                "p",
                t(
                    "This read came without its evidence frame: there is no picture of the plate,"
                    " so the alert cannot be confirmed."
                ),
                "empty",
            )
            return
        tag("img", "", "big-patch", src=picture(evidence.patch), alt=t("plate patch, enlarged"))
        with tag("figure", "", "overview"):
            tag(
                "img", "", src=picture(evidence.overview),
                alt=t("overview image; the plate is marked"),
            ).on("load", js_handler=_FIT_DRAWING)  # fmt: skip
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in _outline(evidence))
            with tag("svg", preserveAspectRatio="xMidYMid meet", aria_hidden="true"):
                tag("polygon", "", "halo", points=points)
                tag("polygon", "", "box", points=points)


def _outline(evidence: Evidence) -> tuple[tuple[float, float], ...]:
    """The box around the plate, a little larger, so that the line hides nothing of it."""
    x0, y0, x1, y1 = evidence.box
    margin = max(4.0, (y1 - y0) * 0.15)
    left, right, top, bottom = x0 - margin, x1 + margin, y0 - margin, y1 + margin
    return ((left, top), (right, top), (right, bottom), (left, bottom))
