"""The live page: what waits for a decision, and what passes."""

from nicegui import ui
from nicegui.client import Client
from nicegui.element import Element

from morina.accountability import Action
from morina.accountability.looking import Shown
from morina.desk.live import AlertChanged, Event, ReadsKept
from morina.desk.pages.board import Board
from morina.desk.pages.following import follow
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import say, tag
from morina.desk.pages.remembered import Counter
from morina.desk.pages.strip import Strip
from morina.desk.pages.visit import Visit, now
from morina.desk.passing import latest_reads, passing

DRAW_EVERY_S = 0.4
"""Reads are drawn at most this often, however many pass; alerts are drawn at once."""
FILL_EVERY_S = 15.0
"""Alerts are looked up this often besides, for steps taken elsewhere and events that were lost."""
ASK_ENGINES_EVERY_S = 10.0
COUNT_EVERY_S = 60.0
ALERTS_ASKED_FOR = 200


async def live_page(visit: Visit, client: Client) -> None:
    """Build the page and keep it true for as long as it is open."""
    t = visit.t
    cameras = {camera.camera_id: camera for camera in await visit.services.cameras.cameras()}
    with frame(visit, t("Live"), "/"):
        tag("h1", t("Live"), "unseen")
        trouble = tag("p", "", "wrong", role="alert")
        with tag("div", "", "live"):
            with tag("div"):
                board = Board(visit, cameras)
            strip = Strip(visit, cameras) if visit.may(Action.SEE_PASSING) else None
        remembered = Counter(visit)

    def on_event(event: Event) -> None:
        match event:
            case AlertChanged(alert, new):
                board.show(alert, new)
                if strip:
                    strip.withhold(board.withheld())
            case ReadsKept(reads) if strip:
                strip.add(passing(reads, now()))

    async def fill() -> None:
        board.fill(await visit.services.alerts.alerts(limit=ALERTS_ASKED_FOR))
        if strip:
            strip.withhold(board.withheld())

    follow(visit, client, on_event)
    await fill()
    if strip:
        await visit.services.looks.shown(visit.user.name, Shown.READS)
        strip.fill(await latest_reads(visit.services.reads, now(), Strip.LENGTH))
        ui.timer(DRAW_EVERY_S, strip.draw)
    ui.timer(FILL_EVERY_S, fill, immediate=False)
    ui.timer(ASK_ENGINES_EVERY_S, lambda: _ask_engines(visit, trouble))
    ui.timer(COUNT_EVERY_S, remembered.draw)


async def _ask_engines(visit: Visit, trouble: Element) -> None:
    engines = await visit.services.health.engines()
    down = "; ".join(f"{name}: {what}" for name, what in engines.items() if what != "up")
    say(trouble, visit.t("This node is in trouble. {engines}", engines=down) if down else "")
