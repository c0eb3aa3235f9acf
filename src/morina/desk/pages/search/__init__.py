"""The page on which the records are asked."""

from morina.desk.pages.search.page import search_page

__all__ = ["search_page"]
