"""Texts of others in files that people open with a spreadsheet program."""

_RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes such a program run a cell as a formula (OWASP, CSV injection)."""


def defused(text: str) -> str:
    """``text`` with an apostrophe before what would be run; nothing else changes."""
    return f"'{text}" if text.lstrip(" ").startswith(_RUN) else text
