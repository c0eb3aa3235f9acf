"""The video of a flight beside the map; static/aerial.js plays it and draws on both.

A browser plays no MPEG-TS, so the video is shown picture by picture as the node gives them.
"""

import json
from dataclasses import dataclass

from nicegui.element import Element

from morina.desk.map import add_script, show_map
from morina.desk.pages.aerial.words import KINDS
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit
from morina.sense.aerial import Sortie, SortieState

_SPEEDS = ("0.25", "0.5", "1", "2", "4", "8")


@dataclass(frozen=True, slots=True)
class Chart:
    """A map on which a point is chosen, and what is asked of the ground there is laid; ``screen``
    is an element of its page."""

    screen: Element

    def tell(self, what: str, *given: object) -> None:
        """Have the browser do something: spot, go, layer, gaps; of a flight also jump, point,
        select, reload, more."""
        words = ", ".join(json.dumps(one) for one in given)
        self.screen.client.run_javascript(f"window.aerial?.{what}({words})")


@dataclass(frozen=True, slots=True)
class Player(Chart):
    """``screen`` tells of points chosen: event ``pick`` in the video, ``spot`` on the map."""


def show_chart(visit: Visit, height: str) -> Chart:
    """A map alone."""
    t = visit.t
    shown = show_map((), height=height, translate=t)
    add_script(shown, "/static/aerial.js")
    shown.generic_layer(name="morinaGround", args=[{"words": {"spot": t("Point asked for")}}])
    return Chart(shown)


def show_player(visit: Visit, sortie: Sortie, at_s: float) -> Player:
    """The video on the left, the map on the right, one under the other on a small screen."""
    t = visit.t
    with tag("section", "", "part flush viewer", aria_label=t("Video and map")):
        with tag("figure", "", "screen", id="screen") as screen:
            _picture(visit, sortie)
            _controls(visit)
        with tag("div", "", "viewer-map"):
            shown = show_map((), height="100%", translate=t)
            add_script(shown, "/static/aerial.js")
    given = {
        "sortie": str(sortie.sortie_id), "width": sortie.width, "height": sortie.height,
        "seconds": sortie.seconds, "at": at_s, "words": _words(visit, sortie),
    }  # fmt: skip
    shown.generic_layer(name="morinaSortie", args=[given])
    return Player(screen)


def _picture(visit: Visit, sortie: Sortie) -> None:
    t = visit.t
    width, height = sortie.width or 16, sortie.height or 9
    with tag("div", "", "shot", style=f"aspect-ratio: {width} / {height}"):
        tag("img", id="shot", alt=t("Picture of the video"))
        tag(
            "svg", id="marks", viewBox=f"0 0 {width} {height}", tabindex="0", role="application",
            aria_label=t("Picture. Arrow keys move the cross, Enter asks where it lies."),
        )  # fmt: skip
    tag("p", "", "screen-said", id="screen-said", role="status")


def _controls(visit: Visit) -> None:
    t = visit.t
    with tag("div", "", "controls"):
        for key, does, words, sign in (
            ("[", "back", t("Ten seconds back"), "«"), (",", "before", t("Picture before"), "<"),
            ("p", "play", t("Play or pause"), "▶"), (".", "after", t("Next picture"), ">"),
            ("]", "ahead", t("Ten seconds ahead"), "»"),
        ):  # fmt: skip
            tag("button", sign, type="button", data_plays=does, data_key=key, aria_label=words,
                title=words)  # fmt: skip
        tag("input", id="slider", type="range", min="0", max="0", step="1", value="0",
            aria_label=t("Time in the video"))  # fmt: skip
        tag("output", "0:00.0", "num", id="clock")
        with tag("label", "", "speed"):
            tag("span", t("Speed"), "unseen")
            with tag("select", id="speed"):
                for speed in _SPEEDS:
                    tag("option", f"{speed}x", value=speed, selected=speed == "1")


def _words(visit: Visit, sortie: Sortie) -> dict[str, str]:
    t = visit.t
    nothing = t("Nothing of this flight is worked through yet.")
    if sortie.state is SortieState.READY:
        nothing = t("Nothing of this flight could be plotted; what lacks is said above.")
    return {
        "aircraft": t("Aircraft"), "place": t("Place of the point"), "spot": t("Point asked for"),
        "failed": t("The node did not answer. Is the connection up?"),
        "nothing": nothing,
        "no_video": t("This flight came without video; its path is on the map."),
        "no_footprint": t("What the picture shows on the ground is not known."),
        "cut": t("The picture looks beyond what is drawn."),
        **{f"kind_{kind.value}": t(words) for kind, words in KINDS.items()},
    }  # fmt: skip
