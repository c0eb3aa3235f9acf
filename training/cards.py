"""Writes what was measured into the model cards.

    python -m training.cards --reader reader.json --finder finder.json --out FOLDER

The files are those that ``evaluate_reader`` and ``evaluate_finder`` write with ``--json``. The
cards READER.md and FINDER.md in FOLDER get their figures between the lines ``<!-- measured -->``
and ``<!-- /measured -->``; all else in them is written by hand. Where FOLDER has no card yet, the
prose is that of the shipped one. Beside them: a reliability diagram, and FAILURES.md.
"""

import argparse
import json
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

import morina
from training import evaluate_finder, evaluate_reader
from training.cards_diagram import diagram
from training.cards_failures import PICTURES, Section, of_finder, of_reader, page, pictures

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
SHIPPED = Path(morina.__file__).parent / "sense" / "recogniser" / "models"
DIAGRAM = "reader-calibration.svg"
FAILURES = "FAILURES.md"


class CardError(ValueError):
    """A card has no place for the figures; the message says what to put where."""


def with_figures(card: str, figures: str, name: str) -> str:
    """The card with ``figures`` between its two marks; CardError when they are not there."""
    if card.count(BEGIN) != 1 or card.count(END) != 1 or card.index(BEGIN) > card.index(END):
        raise CardError(f"{name}: put the lines {BEGIN} and {END}, once each, where figures belong")
    before, rest = card.split(BEGIN)
    return f"{before}{BEGIN}\n{figures.strip()}\n{END}{rest.split(END)[1]}"


def reader_figures(found: evaluate_reader.Figures) -> str:
    """The measured part of the reader's card."""
    told = found["calibration"]
    where = "on the other half of the plates" if told["chosen"] else "before this run"
    return "\n".join(
        [
            *evaluate_reader.rows(found["groups"]),
            "",
            "By country sign (? where nobody noted it):",
            "",
            *evaluate_reader.rows(found["countries"]),
            "",
            f"{found['ms_a_crop']} ms a crop on one thread. Expected calibration error over "
            f"{len(told['bins'])} bins {told['error']} ({told['error_at_70_px']} with plates "
            f"shrunk to 70 px) on {told['plates']} plates; the temperature, "
            f"{told['temperature']:.2f}, was chosen {where}.",
            "",
            f"![Share read right by confidence]({DIAGRAM})",
            "",
            f"Every plate read wrongly: [{FAILURES}]({FAILURES}).",
        ]
    )


def finder_figures(found: evaluate_finder.Figures) -> str:
    """The measured part of the finder's card."""
    own, bent = found["finder"], found["corners"]
    lines = [f"Threshold {own['threshold']:.2f}:", "", *evaluate_finder.seen_rows("finder", own)]
    if found["peer"] is not None:
        said = found["peer"]["threshold"]
        lines += [f"The peer, threshold {said:.2f}:", ""]
        lines += evaluate_finder.seen_rows("peer", found["peer"])
    return "\n".join(
        [
            *lines,
            f"Rendered scenes, plates at least 45 px wide in a picture of 1280: {bent_told(bent)}",
            "",
            f"Every plate not found: [{FAILURES}]({FAILURES}).",
        ]
    )


def bent_told(bent: evaluate_finder.Corners) -> str:
    """How far corners are off."""
    if not bent["found"]:
        return f"none of {bent['scenes']} found."
    return (
        f"{bent['found']} of {bent['scenes']} found; corners off by {bent['middle']:.3f} of the "
        f"plate's height (the middle plate; mean of its four corners), nine in ten under "
        f"{bent['ninth']:.3f}."
    )


def write_card(name: str, figures: str, folder: Path) -> None:
    """Put the figures into one card."""
    old = folder / name if (folder / name).exists() else SHIPPED / name
    card = with_figures(old.read_text(encoding="utf-8"), figures, str(old))
    (folder / name).write_text(card, encoding="utf-8")


def write_failures(sections: Sequence[Section], folder: Path) -> None:
    """Make the page of failures anew; what a person saw is kept, also from the shipped page."""
    known = [at / FAILURES for at in (folder, SHIPPED) if (at / FAILURES).exists()]
    before = known[0].read_text(encoding="utf-8") if known else ""
    (folder / FAILURES).write_text(page(sections, before), encoding="utf-8")


def write_reader(found: evaluate_reader.Figures, folder: Path) -> None:
    """The reader's card, its diagram, and pictures of rendered plates read wrongly."""
    write_card("READER.md", reader_figures(found), folder)
    (folder / DIAGRAM).write_text(diagram(found["calibration"]["bins"]), encoding="utf-8")
    (folder / PICTURES).mkdir(exist_ok=True)
    for old in (folder / PICTURES).glob("*.png"):
        old.unlink()
    for name, one in pictures(found).items():
        (folder / name).write_bytes(b64decode(str(one["png"])))


def main() -> None:
    """Write what was given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reader", type=Path, help="what evaluate_reader --json wrote")
    parser.add_argument("--finder", type=Path, help="what evaluate_finder --json wrote")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the cards")
    given = parser.parse_args()
    sections: list[Section] = []
    if given.reader is not None:
        read: evaluate_reader.Figures = json.loads(given.reader.read_text(encoding="utf-8"))
        write_reader(read, given.out)
        sections += of_reader(read)
    if given.finder is not None:
        seen: evaluate_finder.Figures = json.loads(given.finder.read_text(encoding="utf-8"))
        write_card("FINDER.md", finder_figures(seen), given.out)
        sections += of_finder(seen)
    write_failures(sections, given.out)
    print(f"cards are in {given.out}")


if __name__ == "__main__":
    main()
