"""What is shown in place of something that is not there."""

from nicegui import ui

from morina.desk.pages.frame import frame
from morina.desk.pages.markup import tag
from morina.desk.pages.visit import Visit


def show_missing(visit: Visit, why: str) -> None:
    """A page that says what is missing and leads back."""
    ui.status_code(404)
    with frame(visit, visit.t("Not found"), ""):
        tag("h1", visit.t("Not found"))
        tag("p", why)
        tag("a", visit.t("Back to the live page"), href="/", data_key="Escape")
