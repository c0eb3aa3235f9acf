"""What `morina edge` takes on disk: a fresh environment from requirements-edge.lock."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps")


def sizes(environment: Path) -> dict[str, int]:
    """Bytes on disk by package folder, largest first; ``all`` is the whole environment."""
    packages = next(environment.glob("lib/python*/site-packages"))
    found = {one.name: _bytes(one) for one in packages.iterdir()}
    found["bin"] = _bytes(environment / "bin")
    found["all"] = _bytes(environment)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def installed(environment: Path) -> None:
    """Make it, as docs/edge.md says, and have the command answer there."""
    venv.create(environment, with_pip=True)
    python = str(environment / "bin" / "python")
    lock = str(ROOT / "requirements-edge.lock")
    run = {**os.environ, "PYTHONPATH": ""}
    subprocess.run([python, *PIP, "--require-hashes", "-r", lock], check=True, env=run)
    subprocess.run([python, *PIP, "--no-build-isolation", str(ROOT)], check=True, env=run)
    check = "import morina.wiring.edge.running, morina.wiring.site_commands"
    subprocess.run([python, "-c", check], check=True, env=run, cwd=environment)
    subprocess.run(
        [str(environment / "bin" / "morina"), "edge", "--help"],
        check=True, env=run, capture_output=True, cwd=environment,
    )  # fmt: skip


def _bytes(path: Path) -> int:
    if path.is_symlink() or path.is_file():
        return path.lstat().st_size
    return sum(file.lstat().st_size for file in path.rglob("*") if not file.is_dir())


def main() -> None:
    """Install, measure, print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="morina-bench-") as folder:
        installed(Path(folder) / "edge")
        edge = sizes(Path(folder) / "edge")
    node = _bytes(Path(sys.prefix))
    if arguments.json:
        print(json.dumps({"edge_bytes": edge["all"], "this_environment_bytes": node,
                          "largest": dict(list(edge.items())[1:9]), "missed": []}))  # fmt: skip
        return
    table = Table(title="morina edge, installed")
    table.add_column("what")
    table.add_column("MB", justify="right")
    for name, size in list(edge.items())[:9]:
        table.add_row(name, f"{size / 1e6:,.0f}")
    table.add_row("this environment, for comparison", f"{node / 1e6:,.0f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
