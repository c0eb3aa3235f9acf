"""Attachments: what they are by their content, whatever they are called. Nothing opens them."""

import re
from unicodedata import category

from morina.exchange.operations.refusing import RefusedItemError

LARGEST = 2_500_000
"""Bytes of an attachment where nothing else is said; sealed it becomes more than twice as long."""

_BEGINS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_PDF = re.compile(rb"%PDF-[12]\.\d")
_ENDS = {"image/png": b"IEND\xaeB`\x82", "image/jpeg": b"\xff\xd9"}
_SUFFIX = {"image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf",
           "text/plain": ".txt"}  # fmt: skip
_UNSAFE = re.compile(r"[^\w .()+-]")


def media_type(content: bytes, largest: int = LARGEST) -> str:
    """What ``content`` is: PNG, JPEG, PDF or plain text in UTF-8; RefusedItemError for the rest.

    It has to begin as its format does and, of pictures, end so: a page or a program with a
    picture's first bytes is not taken for one. What browsers might run is served as a download.
    """
    if not 0 < len(content) <= largest:
        raise RefusedItemError(
            "content", f"the file has {len(content)} bytes; 1 to {largest} are taken"
        )
    for begins, kind in _BEGINS:
        if content.startswith(begins) and content.rstrip(b"\0").endswith(_ENDS[kind]):
            return kind
    if _PDF.match(content) and b"%%EOF" in content[-2048:]:
        return "application/pdf"
    if _is_text(content):
        return "text/plain"
    raise RefusedItemError(
        "content", "the file is no PNG, JPEG, PDF or plain text in UTF-8 by its content; send one"
    )


def safe_name(name: str, kind: str) -> str:
    """A name without folders, control characters or an ending that says something else."""
    plain = _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")[:120]
    suffix = _SUFFIX[kind]
    same = plain.lower().endswith((suffix, ".jpeg" if suffix == ".jpg" else suffix))
    return plain if same and plain else f"{plain or 'file'}{suffix}"


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(c in "\n\r\t" or category(c) not in ("Cc", "Cs") for c in text)
