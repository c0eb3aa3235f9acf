"""How a page is served."""

from nicegui import ui

BUILT_WITHIN_S = 30.0
"""A page that takes longer is an error: NiceGUI's own 3 s are too few on a small, busy machine."""


def page(path: str) -> ui.page:
    """Marks what builds the page at ``path``."""
    return ui.page(path, response_timeout=BUILT_WITHIN_S)
