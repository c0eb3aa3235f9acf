"""What the docs say is true."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from morina.accountability.trail import Act
from morina.cli import app
from morina.wiring.decoding import MAKERS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("decisions/*.md")])


def commands() -> list[str]:
    """Every command a user can give."""
    group = typer.main.get_command(app)
    found = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]  # it is a group
        if not command.hidden:
            inner = getattr(command, "commands", None)
            found += [f"{name} {one}" for one in inner] if inner else [name]
    return found


def test_every_command_is_in_the_operations_page() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    assert len(commands()) > 10
    for command in commands():
        assert f"| `morina {command}` |" in page


def test_every_act_of_the_trail_is_in_its_page() -> None:
    page = (ROOT / "docs" / "accountability.md").read_text()
    for act in Act:
        assert f"| `{act}` |" in page


@pytest.mark.parametrize("maker", sorted(MAKERS))
def test_every_maker_has_a_page_and_a_row_of_what_is_verified(maker: str) -> None:
    pages = ROOT / "docs" / "cameras"
    assert re.search(
        rf"^\| `{maker}` \| \[.+\]\({maker}\.md\) \|", (pages / "README.md").read_text(), re.M
    )
    page = (pages / f"{maker}.md").read_text()
    assert f"Maker's name in Morina: `{maker}`" in re.sub(r"\s+", " ", page)
    assert "## Verified and assumed" in page


def test_the_session_in_the_readme_is_what_the_command_prints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readme = (ROOT / "README.md").read_text()
    session = re.search(r"```console\n\$ morina (read .*)\n([^`]+)```", readme)
    assert session is not None
    monkeypatch.chdir(ROOT)
    printed = CliRunner().invoke(app, shlex.split(session[1]))
    assert printed.exit_code == 0
    assert printed.stdout.split() == session[2].split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_committed_text_names_a_machine_or_an_index() -> None:
    shared = "/".join(["..", "shared"])
    for page in PAGES:
        text = page.read_text()
        assert "/tmp/" not in text  # noqa: S108 - that is what is looked for
        assert shared not in text, page
