"""The page of drone flights says of tasks what the table does."""

import re
from pathlib import Path

from morina.alerts import drawn
from morina.sense.aerial.reviewing import TASK_STEPS, TaskState

PAGE = (Path(__file__).parents[3] / "docs" / "aerial.md").read_text()


def test_the_diagram_of_tasks_is_the_one_drawn_from_the_table() -> None:
    found = re.search(r"<!-- tasks.*?-->\n```mermaid\n(.*?)```\n<!-- end -->", PAGE, re.DOTALL)
    assert found
    assert found[1] == drawn(TASK_STEPS, TaskState.OPEN)


def test_every_state_of_a_task_is_explained() -> None:
    part = PAGE.split("<!-- tasks", 1)[1].split("<!-- end -->", 1)[1].split("\n\n", 2)[1]
    assert re.findall(r"^\| (\w+) \| (?!meaning)", part, re.MULTILINE) == [
        state.value for state in TaskState
    ]
