"""Pictures that lie beside a document: ``a.jpg`` and ``a_plate.jpg`` beside ``a.xml``."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from morina.sense.cameras.left_files import Left
from morina.sense.cameras.reports import ImageKind

_KIND = re.compile(r"[_-](plate|patch|overview)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Beside:
    """Which files belong together: those of one folder and one name but for its ending."""

    groups: Mapping[tuple[Path, str], Sequence[Left]]

    @classmethod
    def of(cls, files: Sequence[Left]) -> Self:
        """As they lie."""
        groups: dict[tuple[Path, str], list[Left]] = defaultdict(list)
        for file in files:
            groups[_group(file)].append(file)
        return cls(groups)

    def pictures(self, document: Left) -> Sequence[Left]:
        """Those beside a document; a picture has none beside it."""
        if document.is_picture:
            return ()
        return [one for one in self.groups[_group(document)] if one.is_picture]

    def has_document(self, picture: Left) -> bool:
        """Whether a document lies beside a picture, which then is taken with it."""
        return picture.is_picture and any(
            not one.is_picture for one in self.groups[_group(picture)]
        )


def kind_of(picture: Left) -> ImageKind:
    """The plate patch where its name says so, else the overview image."""
    said = _KIND.search(picture.inside.stem)
    return "patch" if said and said[1].lower() != "overview" else "overview"


def _group(file: Left) -> tuple[Path, str]:
    return file.inside.parent, _KIND.sub("", file.inside.stem).casefold()
