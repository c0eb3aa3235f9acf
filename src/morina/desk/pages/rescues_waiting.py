"""On every page: rescues to which nobody is on the way, louder the longer the oldest waits."""

from collections.abc import Callable
from json import dumps

from nicegui import ui

from morina.accountability import Action
from morina.desk.pages.markup import say, tag
from morina.desk.pages.visit import Visit, now
from morina.desk.rescue import LOUDEST, loudest

PATH = "/rescues"
ASK_EVERY_S = 5.0
AGAIN_AFTER = 12
"""At its loudest it sounds again after so many looks: once a minute."""


def show_waiting(visit: Visit, here: str) -> Callable[[], object]:
    """A line that leads there, for who names tracks and who works rescues; nothing while none
    waits. It says how many and since when, and no place; smaller where ``here`` is there.

    What is returned begins to look, and is called once the page is whole: a timer waits for the
    browser, and NiceGUI answers with what there is as soon as something does.
    """
    aerial = visit.services.aerial
    may = visit.may(Action.REVIEW_TRACKS, Action.WORK_RESCUES)
    if aerial is None or aerial.tasks is None or not may:
        return lambda: None
    tasks, t, after_s = aerial.tasks, visit.t, aerial.rescue_after_s
    heard = {"loudness": 0, "looks": 0}
    there = {"data-here": ""} if here == PATH else {}
    there |= {"title": t("Rescues")}
    with tag("a", "", "rescues-waiting", href=PATH, role="status", data_loud="0", **there) as line:
        words = tag("strong")
        since = tag("time")
    line.set_visibility(False)

    async def ask() -> None:
        try:
            waiting = await tasks.waiting()
        except (ConnectionError, TimeoutError):
            return  # the engines do not answer; what was shown stays
        line.set_visibility(bool(waiting))
        if not waiting:
            heard["loudness"] = 0
            return
        loud = loudest(waiting, now(), after_s)
        said = t.many("{n} rescue waits", "{n} rescues wait", len(waiting))
        say(words, said)
        since.props["data-since"] = waiting[0].isoformat()
        line.props["data-loud"] = str(loud)
        since.update()
        line.update()
        heard["looks"] += 1
        if loud > heard["loudness"] or (loud == LOUDEST and heard["looks"] % AGAIN_AFTER == 0):
            line.client.run_javascript(f"desk.alarm({dumps(said)})")
        heard["loudness"] = loud

    return lambda: ui.timer(ASK_EVERY_S, ask)
