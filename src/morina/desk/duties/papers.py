"""Papers the authority must be able to show, made of lines that each say where they are from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from morina.desk.authority import STATEMENTS, Authority
from morina.desk.words import mark


class From(StrEnum):
    """Where a line of a paper is from."""

    NODE = "node"
    SETTINGS = "settings"
    TEST = "test"
    AUTHORITY = "authority"
    MISSING = "missing"


SOURCES: Mapping[From, str] = {
    From.NODE: mark("evidence of the node"),
    From.SETTINGS: mark("from the settings"),
    From.TEST: mark("held by tests"),
    From.AUTHORITY: mark("statement of the authority, which no machine can check"),
    From.MISSING: mark("missing"),
}
"""What is said beside each line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said: a text with places for values."""

    text: str
    source: From
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self) -> dict[str, str]:
        """As JSON, in English."""
        return {"text": self.text.format(**self.values), "from": self.source.value}


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a paper, with the article it answers."""

    title: str
    article: str
    lines: tuple[Line, ...]

    def said(self) -> dict[str, Any]:
        """As JSON."""
        lines = [one.said() for one in self.lines]
        return {"title": self.title, "article": self.article, "lines": lines}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to be printed."""

    title: str
    parts: tuple[Part, ...]

    def said(self) -> dict[str, Any]:
        """As JSON, in English."""
        missing = sum(line.source is From.MISSING for part in self.parts for line in part.lines)
        parts = [one.said() for one in self.parts]
        return {"title": self.title, "missing": missing, "parts": parts}


def node(text: str, **values: object) -> Line:
    """What the node itself shows."""
    return Line(text, From.NODE, values)


def setting(text: str, **values: object) -> Line:
    """What follows from the settings."""
    return Line(text, From.SETTINGS, values)


def tests(*names: str) -> Line:
    """Tests that hold it, by file."""
    return Line("{names}", From.TEST, {"names": ", ".join(names)})


def stated(authority: Authority, name: str) -> Line:
    """The authority's statement of that name, or that it is missing."""
    if said := authority.statements.get(name, "").strip():
        return Line("{said}", From.AUTHORITY, {"said": said})
    missing = mark("{what}: write it under duties.statements.{name}")
    return Line(missing, From.MISSING, {"what": STATEMENTS[name], "name": name})


def named(text: str, value: str, key: str) -> Line:
    """A name or address that the settings give, or that it is missing."""
    if value.strip():
        return setting(text, value=value)
    missing = mark("{what}: write it under duties.{name}")
    return Line(missing, From.MISSING, {"what": text.partition(":")[0], "name": key})


def part(title: str, article: str, lines: Iterable[Line]) -> Part:
    """A section."""
    return Part(title, article, tuple(lines))
