"""`morina aerial terrain`, as a user gives it."""

from pathlib import Path

import numpy as np
from typer.testing import CliRunner, Result

from made_terrain import NORTH, STEP, WEST, write_tif
from morina.cli import app
from morina.settings import load_settings
from morina.wiring.aerial.ground import ground_of


def given(home: Path, *words: str) -> Result:
    settings = ["--home", str(home), "--settings", str(home / "none.toml")]
    return CliRunner().invoke(app, ["aerial", "terrain", *words, *settings])


def test_a_tile_is_imported_listed_and_used_by_the_node(tmp_path: Path) -> None:
    file = write_tif(tmp_path / "hill.tif", np.full((30, 30), 812, np.int16))
    home = tmp_path / "home"
    assert "No terrain is imported" in given(home, "list").stdout
    done = given(home, "import", str(file), "--heights", "ellipsoid", "--le90", "4")
    assert done.exit_code == 0
    assert "hill: 45.4919 to 45.5000 N" in done.stdout
    assert "90 % within 4.0 m" in given(home, "list").stdout
    ground = ground_of(load_settings(home / "none.toml", home))
    assert ground.height(NORTH - 10 * STEP, WEST + 10 * STEP) == 812


def test_heights_above_egm2008_say_what_is_done_with_them(tmp_path: Path) -> None:
    file = write_tif(tmp_path / "hill.tif", np.full((30, 30), 812, np.int16))
    done = given(tmp_path / "home", "import", str(file), "--heights", "egm2008", "--le90", "4")
    assert "turned by EGM96" in done.stdout
    assert "90 % within 4.3 m" in done.stdout


def test_a_file_that_is_refused_ends_with_1_and_its_name(tmp_path: Path) -> None:
    file = write_tif(tmp_path / "utm.tif", np.full((30, 30), 812, np.int16), crs="EPSG:32634")
    done = given(tmp_path / "home", "import", str(file), "--heights", "egm96")
    assert done.exit_code == 1
    assert "nothing was imported" in done.stderr
    assert "utm.tif" in done.stderr
    assert "No terrain is imported" in given(tmp_path / "home", "list").stdout


def test_what_the_heights_count_from_must_be_said(tmp_path: Path) -> None:
    file = write_tif(tmp_path / "hill.tif", np.full((30, 30), 812, np.int16))
    done = given(tmp_path / "home", "import", str(file))
    assert done.exit_code == 2
    assert "--heights" in done.stderr
