"""No GPL or AGPL code is a dependency of the product."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"
COPYLEFT = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
WEAKER = re.compile(r"LGPL|Lesser", re.IGNORECASE)
LOOKED_AT = {"docutils": "public domain; the GPL is for an Emacs file that is not installed"}


def licences(name: str) -> list[str]:
    about = metadata(name)
    stated = [about.get("License-Expression") or (about.get("License") or "").split("\n")[0]]
    return stated + [c for c in about.get_all("Classifier", []) if c.startswith("License ::")]


def test_every_locked_dependency_states_a_licence_that_is_not_the_gpl() -> None:
    names = re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(), re.MULTILINE)
    assert len(names) > 50
    for name in names:
        try:
            stated = [text for text in licences(name) if text]
        except PackageNotFoundError:
            continue  # for another platform or Python
        assert stated, f"{name} states no licence"
        strong = [text for text in stated if COPYLEFT.search(text) and not WEAKER.search(text)]
        assert not strong or name in LOOKED_AT, f"{name}: {strong}"


def test_the_gpl_would_be_noticed() -> None:
    for text in ("GPL-3.0-only", "AGPL-3.0", "GNU General Public License v2 (GPLv2)"):
        assert COPYLEFT.search(text)
        assert not WEAKER.search(text)
    assert WEAKER.search("LGPL-3.0-only")
