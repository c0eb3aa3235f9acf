"""Texts as cameras send them: plates, and the words for none."""

import unicodedata
from collections.abc import Collection

from morina.plates import NotAPlateError
from morina.plates import plate_text as text_of_plate
from morina.sense.cameras.reports import PayloadError

LONGEST_FIELD = 256

UNREAD = frozenset(
    {"", "unknown", "unread", "unlicensed", "noplate", "noplates", "notdefined", "undefined"}
    | {"notread", "none", "null", "nan", "notrecognized", "notrecognised"}
)
"""What makers write where they read nothing, in plain form: small letters only."""


def clean(text: str, name: str = "a field", longest: int = LONGEST_FIELD) -> str:
    """``text`` without blanks at its ends; what cannot be shown or stored becomes U+FFFD.

    Raises PayloadError when it is longer than ``longest`` characters.
    """
    bare = text.strip().strip("\0").strip()
    if len(bare) > longest:
        raise PayloadError(
            f"{name} is {len(bare)} characters long, at most {longest} are taken; "
            "check which format the camera is set to send"
        )
    if bare.isprintable():
        return bare
    return "".join(c if c.isprintable() else "\ufffd" for c in bare)


def plain(text: str) -> str:
    """Small letters and digits only, to compare words makers spell in several ways."""
    return "".join(c for c in text.casefold() if c.isalnum())


def word_of(text: str | None) -> str | None:
    """A make, model or colour as sent; None where it says unknown or nothing."""
    return None if text is None or plain(text) in UNREAD else text


def small(text: str | None) -> str | None:
    """As ``word_of``, in small letters: for directions and colours."""
    said = word_of(text)
    return said.casefold() if said else None


def plate_text(raw: str, unread: Collection[str] = ()) -> str | None:
    """The plate in ``raw``: upper-case letters and digits, separators dropped.

    None for an unread passage: a word of UNREAD or ``unread``, or a text with characters that are
    on no plate (``AA4?7KD`` must not become a plate of six) or more than any plate has.
    """
    if len(raw) > LONGEST_FIELD:
        return None
    composed = unicodedata.normalize("NFC", raw.strip().strip("\0"))
    if len(composed.upper()) != len(composed):
        return None  # a letter such as the German sharp s would become two
    word = plain(composed)
    if word in UNREAD or word in {plain(one) for one in unread}:
        return None
    try:
        return text_of_plate(composed)
    except NotAPlateError:
        return None
