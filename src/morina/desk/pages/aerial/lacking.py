"""What a flight lacks, what was made of it all the same, and what a person stated."""

from morina.desk.pages.aerial.words import FILMS, HEIGHTS, LACKS, ORDERS
from morina.desk.pages.markup import tag
from morina.desk.said import translated
from morina.desk.words import Words
from morina.sense.aerial import Sortie


def show_lacking(sortie: Sortie, t: Words) -> None:
    """Its fault, what its telemetry lacks, what could not be plotted and why, and its notes."""
    if sortie.fault:
        tag("p", translated(sortie.fault, t), "wrong")
    words = [t(LACKS[one]) for one in sortie.lacks if one in LACKS]
    if words:
        tag("p", t("The telemetry lacks: {what}.", what=", ".join(words)), "note")
    for one in sortie.lacks:
        if one not in LACKS:
            tag("p", translated(one, t), "note")
    if sortie.notes:
        with tag("details", "", "flight-notes"):
            tag("summary", t("How its telemetry was taken"))
            with tag("ul"):
                for note in sortie.notes:
                    tag("li", translated(note, t))


def stated_said(sortie: Sortie, t: Words) -> str:
    """What a person stated, in one line; empty where nobody did."""
    one = sortie.stated
    view = f"{one.view_across_deg:g}" if one.view_across_deg else ""
    view += f" x {one.view_down_deg:g}" if one.view_down_deg else ""
    begins = one.video_begins_s
    said = [
        t("the video begins at {n} s of the telemetry", n=f"{begins:g}") if begins is not None
        else "",
        t("heights count from {what}", what=t(HEIGHTS[one.heights_from])) if one.heights_from
        else "",
        t("take-off {n} m above the sea", n=f"{one.takeoff_m:g}") if one.takeoff_m is not None
        else "",
        t("took off from the ground at its first position") if one.takeoff_here else "",
        t("field of view {n} degrees", n=view) if view else "",
        t(ORDERS[one.order]) if one.order else "",
    ]  # fmt: skip
    return "; ".join(part for part in said if part)


def film_said(sortie: Sortie, t: Words) -> str:
    """By what it was looked through."""
    if sortie.stated.film:
        return t("{what}, as stated", what=t(FILMS[sortie.stated.film]))
    return t("grey pictures as thermal, those in colour as daylight; state it where that is wrong")
