"""What is shown in place of something that is not there."""

from nicegui import ui

from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit


def show_missing(visit: Visit, why: str, status: int = 404) -> None:
    """A page that says what is missing and leads back; ``status`` is that of HTTP."""
    title = visit.t("Not found") if status == 404 else visit.t("This did not work")
    ui.status_code(status)
    with frame(visit, title, ""):
        tag("h1", title)
        tag("p", why)
        tag("a", visit.t("Back to the live page"), href="/", data_key="Escape")
