"""Elevation models taken in: what is refused and why, and that nothing is half imported."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from rasterio.transform import Affine

from made_terrain import NORTH, STEP, WEST, write_tif
from morina.sense.aerial import MissingTerrainError, NoPlaceError
from morina.sense.aerial.adapters.raster_terrain import Stated, import_terrain
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.terrain.geoid import undulation
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.sense.aerial.terrain.tiles import TerrainDatum, TerrainError

ELLIPSOID = Stated(TerrainDatum.ELLIPSOID, 4.0)


def sloping(rows: int = 120, columns: int = 100) -> np.ndarray:
    return (500 + np.arange(rows)[:, None] * 2 + np.arange(columns)[None, :]).astype(np.int16)


def in_folder(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def test_heights_are_kept_at_their_posts(tmp_path: Path) -> None:
    file = write_tif(tmp_path / "one.tif", sloping())
    tile = import_terrain([file], tmp_path / "terrain", ELLIPSOID)[0]
    assert (tile.north, tile.west) == (pytest.approx(NORTH), pytest.approx(WEST))
    assert tile.sd_m == pytest.approx(4.0 / 1.645, rel=1e-3)
    folder = TerrainFolder(tmp_path / "terrain")
    assert folder.tiles() == [tile]
    clip = folder.clip(NORTH - 60 * STEP, WEST + 50 * STEP, 900)
    assert clip.height(NORTH - 61 * STEP, WEST + 52 * STEP) == pytest.approx(
        500 + 122 + 52, abs=1e-3
    )
    between = clip.height(NORTH - 61.5 * STEP, WEST + 52.5 * STEP)
    assert between == pytest.approx(500 + 123 + 52.5, abs=1e-3)


@pytest.mark.parametrize("datum", [TerrainDatum.EGM96, TerrainDatum.EGM2008])
def test_heights_above_the_sea_are_turned_and_the_geoids_difference_is_in_the_error(
    tmp_path: Path, datum: TerrainDatum
) -> None:
    file = write_tif(tmp_path / "one.tif", np.full((40, 40), 700, np.float32))
    tile = import_terrain([file], tmp_path / "terrain", Stated(datum, 1.645))[0]
    clip = TerrainFolder(tmp_path / "terrain").clip(NORTH - 20 * STEP, WEST + 20 * STEP, 300)
    wanted = 700 + undulation(NORTH - 20 * STEP, WEST + 20 * STEP)
    assert clip.height(NORTH - 20 * STEP, WEST + 20 * STEP) == pytest.approx(wanted, abs=0.01)
    assert tile.sd_m == pytest.approx(np.sqrt(2) if datum is TerrainDatum.EGM2008 else 1, rel=1e-3)


def test_an_hgt_of_the_shuttle_mission_with_a_hole(tmp_path: Path) -> None:
    heights = np.full((1201, 1201), 1200, ">i2")
    heights[600, 600:640] = -32768
    file = tmp_path / "N45E010.hgt"
    file.write_bytes(heights.tobytes())
    tile = import_terrain([file], tmp_path / "terrain", ELLIPSOID)[0]
    assert (tile.north, tile.west, tile.rows) == (pytest.approx(46), pytest.approx(10), 1201)
    assert tile.unknown == pytest.approx(40 / 1201**2)
    folder = TerrainFolder(tmp_path / "terrain")
    assert folder.clip(45.52, 10.5, 500).height(45.52, 10.5) == 1200
    with pytest.raises(MissingTerrainError, match="N45_00_E010_00"):
        folder.clip(45.5, 10.501 + 10 / 1200, 500)


def test_a_missing_place_names_its_tile_and_the_command(tmp_path: Path) -> None:
    import_terrain([write_tif(tmp_path / "a.tif", sloping())], tmp_path / "terrain", ELLIPSOID)
    with pytest.raises(MissingTerrainError) as said:
        TerrainFolder(tmp_path / "terrain").clip(-3.2, -70.5, 1_000)
    assert "morina aerial terrain import Copernicus_DSM_COG_10_S04_00_W071_00_DEM.tif" in str(
        said.value
    )
    with pytest.raises(MissingTerrainError):
        TerrainFolder(tmp_path / "nothing").clip(45.4, 10.6, 1_000)


def test_two_tiles_side_by_side_have_no_seam(tmp_path: Path) -> None:
    whole = sloping(80, 160)
    left = write_tif(tmp_path / "left.tif", whole[:, :80])
    right = write_tif(tmp_path / "right.tif", whole[:, 80:], (NORTH, WEST + 80 * STEP))
    import_terrain([left, right], tmp_path / "terrain", ELLIPSOID)
    clip = TerrainFolder(tmp_path / "terrain").clip(NORTH - 40 * STEP, WEST + 79.5 * STEP, 700)
    across = clip.height(NORTH - 40 * STEP, WEST + np.arange(70, 90, 0.25) * STEP)
    assert across == pytest.approx(500 + 80 + np.arange(70, 90, 0.25), abs=1e-2)


FAULTS = {
    "crs": ({"crs": "EPSG:32633"}, "rio warp"),
    "no crs": ({"crs": None}, "no CRS"),
    "datum": ({"crs": "EPSG:9518"}, "egm2008"),
    "south up": ({"transform": (STEP, 0, WEST, 0, STEP, NORTH)}, "north up"),
    "coarse": ({"transform": (0.01, 0, WEST, 0, -0.01, NORTH)}, "too far"),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_one_bad_file_of_two_is_named_and_neither_is_imported(tmp_path: Path, fault: str) -> None:
    profile, said = FAULTS[fault]
    if "transform" in profile:
        profile = {"transform": Affine(*profile["transform"])}
    good = write_tif(tmp_path / "good.tif", sloping())
    bad = write_tif(tmp_path / "bad.tif", sloping(), **profile)
    with pytest.raises(TerrainError, match=r"bad\.tif") as error:
        import_terrain([good, bad], tmp_path / "terrain", ELLIPSOID)
    assert said in str(error.value)
    assert in_folder(tmp_path / "terrain") == []


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"no picture", "a.tif", "cannot be read"),
        (b"", "a.dt2", "cannot be read"),
        (b"<VRTDataset/>", "a.vrt", "turn it into a GeoTIFF"),
    ],
)
def test_what_is_no_elevation_model_is_refused(
    tmp_path: Path, content: bytes, name: str, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(TerrainError, match=said):
        import_terrain([file], tmp_path / "terrain", ELLIPSOID)
    assert in_folder(tmp_path / "terrain") == []


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 2_000, (300, 300)).astype(np.int16)
    file = write_tif(tmp_path / "a.tif", noise)
    file.write_bytes(file.read_bytes()[:60_000])
    with pytest.raises(TerrainError, match=r"a\.tif"):
        import_terrain([file], tmp_path / "terrain", ELLIPSOID)
    assert in_folder(tmp_path / "terrain") == []


def test_a_mark_that_is_not_said_to_be_one_is_no_height(tmp_path: Path) -> None:
    heights = sloping()
    heights[3, 3] = -9_999
    with pytest.raises(TerrainError, match=r"-9999 m.*--nodata"):
        import_terrain([write_tif(tmp_path / "a.tif", heights)], tmp_path / "terrain", ELLIPSOID)
    known = write_tif(tmp_path / "b.tif", heights, nodata=-9_999)
    tile = import_terrain([known], tmp_path / "terrain", ELLIPSOID)[0]
    assert tile.unknown == pytest.approx(1 / heights.size)
    with pytest.raises(TerrainError, match="no post"):
        empty = write_tif(tmp_path / "c.tif", np.full((9, 9), -1, np.int16), nodata=-1)
        import_terrain([empty], tmp_path / "terrain", ELLIPSOID)


def test_a_tile_imported_again_is_replaced_and_a_torn_import_is_no_tile(tmp_path: Path) -> None:
    home = tmp_path / "terrain"
    import_terrain([write_tif(tmp_path / "a.tif", sloping())], home, ELLIPSOID)
    before = TerrainFolder(home).version()
    import_terrain([write_tif(tmp_path / "a.tif", sloping() + 50)], home, ELLIPSOID)
    folder = TerrainFolder(home)
    assert folder.version() != before
    inside = NORTH - 2.5 * STEP, WEST + 2.5 * STEP
    assert folder.clip(*inside, 100).height(*inside) == pytest.approx(557.5, abs=1e-3)
    assert folder.tiles()[0].imported_at <= datetime.now(UTC)
    (home / "a.json").unlink()  # as after a kill between the two steps
    with pytest.raises(MissingTerrainError):
        folder.clip(*inside, 100)


def test_a_damaged_tile_in_the_folder_is_named(tmp_path: Path) -> None:
    home = tmp_path / "terrain"
    import_terrain([write_tif(tmp_path / "a.tif", sloping())], home, ELLIPSOID)
    (home / "a.npy").write_bytes(b"torn")
    with pytest.raises(TerrainError, match=r"a\.npy.*import a again"):
        TerrainFolder(home).clip(NORTH, WEST, 100)
    with pytest.raises(NoPlaceError, match="import a again"):
        TerrainGround(TerrainFolder(home)).height(NORTH, WEST)
    (home / "a.json").write_text("{}")
    with pytest.raises(TerrainError, match=r"a\.json"):
        TerrainFolder(home).tiles()


def test_tiles_whose_posts_do_not_line_up_leave_no_gap(tmp_path: Path) -> None:
    level = np.full((60, 80), 700, np.int16)
    left = write_tif(tmp_path / "left.tif", level)
    right = write_tif(tmp_path / "right.tif", level, (NORTH, WEST + 80.4 * STEP))
    import_terrain([left, right], tmp_path / "terrain", ELLIPSOID)
    clip = TerrainFolder(tmp_path / "terrain").clip(NORTH - 30 * STEP, WEST + 70 * STEP, 600)
    across = clip.height(NORTH - 30 * STEP, WEST + np.arange(60, 85, 0.25) * STEP)
    assert across == pytest.approx(700, abs=1e-3)
