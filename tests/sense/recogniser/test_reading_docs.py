import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from morina.cli import app
from morina.sense.recogniser.output import CSV_FIELDS

DOCS = (Path(__file__).parents[3] / "docs" / "reading.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    blocks = re.findall(r"```(\w*)\n(.*?)```", DOCS, re.DOTALL)
    return next(text for name, text in blocks if name == language)


@pytest.mark.usefixtures("folder")
def test_the_session_shown_is_what_happens() -> None:
    command, *shown = block("console").splitlines()
    words = command.removeprefix("$ morina ").split()
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 3
    assert result.output.splitlines() == shown


@pytest.mark.usefixtures("folder")
def test_the_python_example_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    exec(block("python"), {})  # noqa: S102 - the documented example itself
    assert capsys.readouterr().out == block("text")


@pytest.mark.parametrize(
    "key",
    [*CSV_FIELDS[:10], "width", "height", "ms", "reads", "character_confidences", "box", "corners"],
)
def test_every_key_of_the_output_is_documented(key: str) -> None:
    assert f"`{key}`" in DOCS
