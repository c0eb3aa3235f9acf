"""The desk's words in the languages of its users.

The source is English. Other catalogues are gettext ``.po`` files, read at run time, so no binary
is committed.
"""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "sq": "Shqip"}
"""Language code to the name its speakers use."""


def mark(message: str) -> str:
    """``message`` unchanged; says that it is to be translated where it is shown."""
    return message


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    with (LOCALES / language / "LC_MESSAGES" / "morina.po").open("rb") as source:
        compiled = BytesIO()
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Words:
    """Texts of one language; an unknown language is English."""

    __slots__ = ("_catalogue", "language")

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._catalogue = _catalogue(self.language)

    def __call__(self, message: str, **values: object) -> str:
        """``message`` translated, its ``{names}`` filled in after that."""
        text = self._catalogue.gettext(message) if message else ""
        return text.format(**values) if values else text

    def many(self, one: str, several: str, n: int, **values: object) -> str:
        """The form of a message that fits ``n``, with ``{n}`` and other names filled in."""
        return self._catalogue.ngettext(one, several, n).format(n=n, **values)


def preferred(accept_language: str) -> str:
    """The first of our languages a browser asks for (RFC 9110, 12.5.4), else English."""
    for wish in accept_language.split(","):
        code = wish.split(";")[0].strip().lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return "en"
