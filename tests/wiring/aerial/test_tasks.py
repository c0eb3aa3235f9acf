"""The height a rescue is told: of the terrain there is, and none where there is none."""

from pathlib import Path

import pytest

from morina.demo.aerial import CLIP
from morina.sense.aerial.adapters.raster_terrain import Stated, import_terrain
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.terrain.tiles import TerrainDatum
from morina.settings import Settings
from morina.wiring.aerial.tasks import height_at_of


async def test_a_rescue_is_told_the_height_and_not_held_up_without_terrain(
    tmp_path: Path,
) -> None:
    settings = Settings(home=tmp_path)
    height_at = height_at_of(settings)
    assert await height_at(42.1, 20.4, 10.0) is None
    import_terrain([CLIP], tmp_path / "terrain", Stated(TerrainDatum.EGM96, 8.0))
    [tile] = TerrainFolder(tmp_path / "terrain").tiles()
    middle = (tile.south + tile.north) / 2, (tile.west + tile.east) / 2
    clip = TerrainFolder(tmp_path / "terrain").clip(*middle, 100.0)
    known = await height_at(*middle, 10.0)
    assert known and known.height_m == pytest.approx(float(clip.height(*middle)))
    vague = await height_at(*middle, 100.0)
    assert vague and 8.0 < known.le90_m < vague.le90_m < 100.0
    assert await height_at(42.1, 20.4, 10.0) is None
    (tmp_path / "terrain" / f"{tile.name}.json").write_text("broken")
    assert await height_at(*middle, 10.0) is None
