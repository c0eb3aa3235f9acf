"""The live page: what waits for a decision, and what passes."""

from nicegui import ui
from nicegui.client import Client
from nicegui.element import Element

from morina.desk.live import AlertChanged, Event, ReadsKept
from morina.desk.pages.board import Board
from morina.desk.pages.following import follow
from morina.desk.pages.frame import frame
from morina.desk.pages.markup import say, tag
from morina.desk.pages.strip import Strip
from morina.desk.pages.visit import Visit

DRAW_EVERY_S = 0.4
"""Reads are drawn at most this often, however many pass; alerts are drawn at once."""
FILL_EVERY_S = 15.0
"""Alerts are looked up this often besides, for steps taken elsewhere and events that were lost."""
ASK_ENGINES_EVERY_S = 10.0
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
            strip = Strip(visit, cameras)

    def on_event(event: Event) -> None:
        match event:
            case AlertChanged(alert, new):
                board.show(alert, new)
                strip.withhold(board.withheld())
            case ReadsKept(reads):
                strip.add(reads)

    async def fill() -> None:
        board.fill(await visit.services.alerts.alerts(limit=ALERTS_ASKED_FOR))
        strip.withhold(board.withheld())

    follow(visit, client, on_event)
    await fill()
    strip.fill(await visit.services.reads.latest(Strip.LENGTH))
    ui.timer(DRAW_EVERY_S, strip.draw)
    ui.timer(FILL_EVERY_S, fill, immediate=False)
    ui.timer(ASK_ENGINES_EVERY_S, lambda: _ask_engines(visit, trouble))


async def _ask_engines(visit: Visit, trouble: Element) -> None:
    engines = await visit.services.health.engines()
    down = "; ".join(f"{name}: {what}" for name, what in engines.items() if what != "up")
    say(trouble, visit.t("This node is in trouble. {engines}", engines=down) if down else "")
