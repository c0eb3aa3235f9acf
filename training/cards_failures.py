"""The page of failures: what was read or found wrongly, and what a person saw when looking.

Photographs are not shown, they are not ours to publish; of plates made up there are small pictures.
What a person wrote into the last column stays when the page is made anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.evaluate_finder import Figures as FinderFigures
from training.evaluate_reader import Figures as ReaderFigures
from training.evaluate_reader import RenderedWrong

PICTURES = "failures"
"""The folder of small pictures beside the page."""

SHOWN = 40
"""Of the things taken for plates so many are listed, the surest."""

HEAD = (
    "# Failures looked at\n\n"
    "Validation plates that were read or found wrongly by the networks beside this page. The last\n"
    "column is written by hand, by whoever looked at the picture; `python -m training.cards`\n"
    "makes the rest and keeps that column. Photographs are not shown here, only named.\n"
)
SAW = "a person saw"

_READ = "The reader: photographed plates read wrongly"
_DRAWN = "The reader: rendered plates read wrongly"
_LOST = "The finder: plates not found"
_TAKEN = "The finder: taken for plates"


@dataclass(frozen=True, slots=True)
class Section:
    """A table. The first ``keys`` columns say which plate it is, whatever a network made of it."""

    title: str
    columns: tuple[str, ...]
    keys: int
    rows: tuple[tuple[str, ...], ...]


def of_reader(found: ReaderFigures) -> list[Section]:
    """What the reader read wrongly."""
    read = tuple(
        (one["text"], one["sign"], str(one["width"]), one["read"], f"{one['sure']:.2f}")
        for one in found["wrong"]
    )
    drawn = tuple(
        (one["text"], one["sign"], one["read"], f"{one['sure']:.2f}", f"![]({name})")
        for name, one in pictures(found).items()
    )
    return [
        Section(_READ, ("text", "sign", "width px", "read", "how sure"), 3, read),
        Section(_DRAWN, ("text", "country", "read", "how sure", "picture"), 2, drawn),
    ]


def pictures(found: ReaderFigures) -> dict[str, RenderedWrong]:
    """Rendered plates read wrongly, by the name of their picture's file."""
    return {f"{PICTURES}/{one['sign']}-{one['text']}.png": one for one in found["rendered_wrong"]}


def of_finder(found: FinderFigures) -> list[Section]:
    """What the finder did not find, and what it found that is no plate."""
    lost = tuple(
        (it["photograph"], it["text"], it["sign"], str(it["width"]), f"{it['nearest']:.2f}")
        for it in found["missed"]
    )
    taken = tuple(
        (it["photograph"], " ".join(map(str, it["box"])), f"{it['sure']:.2f}")
        for it in found["taken"][:SHOWN]
    )
    return [
        Section(_LOST, ("photograph", "text", "sign", "width px", "nearest IoU"), 4, lost),
        Section(_TAKEN, ("photograph", "box px", "how sure"), 2, taken),
    ]


def page(sections: Sequence[Section], before: str = "") -> str:
    """The page with these sections; others of the page as it was, and what a person saw, stay."""
    old = _sections_of(before)
    made = {section.title: _section(section, old.get(section.title, "")) for section in sections}
    every = {title: made.get(title, old.get(title)) for title in (_READ, _DRAWN, _LOST, _TAKEN)}
    return "\n".join([HEAD, *(f"## {title}\n{text}" for title, text in every.items() if text)])


def _sections_of(text: str) -> dict[str, str]:
    parts = (part.split("\n", 1) for part in text.split("\n## ")[1:])
    return {part[0]: part[1].strip("\n") + "\n" for part in parts if len(part) > 1}


def _section(section: Section, before: str) -> str:
    saw = _seen_by_people(before, section.keys)
    columns = (*section.columns, SAW)
    lines = [_row(columns), "|" + "---|" * len(columns)]
    lines += [_row((*row, saw.get(_plain(row[: section.keys]), ""))) for row in section.rows]
    return "\n".join(lines) + "\n" if section.rows else "None.\n"


def _seen_by_people(text: str, keys: int) -> Mapping[tuple[str, ...], str]:
    rows = [line.strip().strip("|").split("|") for line in text.splitlines() if "|" in line]
    return {_plain(row[:keys]): row[-1].strip() for row in rows[2:]}


def _plain(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip().replace("|", "/") for cell in cells)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cells))} |"
