"""How results are printed."""

from enum import StrEnum


class Format(StrEnum):
    """``table`` for people, ``jsonl`` and ``csv`` for programs."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
