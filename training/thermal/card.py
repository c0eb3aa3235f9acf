"""Write what ``evaluate`` measured into the thermal detector's card.

python -m training.thermal.card --figures thermal.json --out FOLDER

The figures go between the two marks of THERMAL.md; all else in it is written by hand. Where FOLDER
has no card yet, the prose is that of the shipped one.
"""

import argparse
import json
from pathlib import Path

from morina.sense.aerial.seeing.thermal import WEIGHTS
from training.cards import with_figures
from training.thermal.evaluate import Figures, rows

CARD = "THERMAL.md"
_TRUTHFUL_FROM = 10
"""Detections a span of confidence needs to be shown."""


def figures_told(found: Figures) -> str:
    """The measured part of the card."""
    lines = [
        f"On {found['frames']} frames of the {found['part']} sweeps:",
        "",
        *rows(found),
        "| kind | confidence | detections | mean confidence | share right |",
        "|---|---|---|---|---|",
    ]
    for kind, one in found["kinds"].items():
        for span in one["bins"]:
            if span["count"] >= _TRUTHFUL_FROM:
                lines.append(
                    f"| {kind} | {span['low']:.1f} to {span['high']:.1f} | {span['count']} | "
                    f"{span['said']:.2f} | {span['right']:.2f} |"
                )
    return "\n".join(
        [
            *lines,
            "",
            f"{found['ms']} ms a frame on one thread, picture in, detections out; nine in ten "
            f"under {found['ms_nine_in_ten']}. {found['bytes'] / 1e6:.1f} MB.",
        ]
    )


def main() -> None:
    """Write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--figures", type=Path, required=True, help="what evaluate --json wrote")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the card")
    given = parser.parse_args()
    folder: Path = given.out
    old = folder / CARD if (folder / CARD).exists() else WEIGHTS.parent / CARD
    found: Figures = json.loads(given.figures.read_text(encoding="utf-8"))
    card = with_figures(old.read_text(encoding="utf-8"), figures_told(found), str(old))
    (folder / CARD).write_text(card, encoding="utf-8")
    print(f"the card is in {folder}")


if __name__ == "__main__":
    main()
