import re
from pathlib import Path

from morina.alerts import AlertRules, State, diagram

PAGE = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text()


def test_the_diagram_of_the_page_is_the_one_drawn_from_the_table():
    found = re.search(r"<!-- lifecycle.*?-->\n```mermaid\n(.*?)```\n<!-- end -->", PAGE, re.DOTALL)
    assert found
    assert found[1] == diagram()


def test_every_state_is_explained():
    assert re.findall(r"^\| (\w+) \| (?!meaning)", PAGE, re.MULTILINE) == [s.value for s in State]


def test_the_page_gives_the_usual_settings():
    rules = AlertRules()
    for name in ("fold_within_s", "live_within_s", "expire_after_s"):
        assert f"`{name}`" in PAGE
        assert re.search(rf"`{name}`[ ,(]+{getattr(rules, name):,} s", PAGE)
