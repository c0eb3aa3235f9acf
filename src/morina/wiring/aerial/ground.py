"""The ground under drone flights, and the commands of its terrain."""

from collections.abc import Sequence
from pathlib import Path

from morina.sense.aerial.adapters.raster_terrain import Stated, import_terrain
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.ground import OF_90_ALONE, Lens
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.sense.aerial.terrain.tiles import TerrainDatum, TerrainError, Tile
from morina.settings import Settings
from morina.wiring.refused import RefusedError


def terrain_folder(settings: Settings) -> Path:
    """Where imported terrain lies."""
    return settings.aerial.terrain or settings.home / "terrain"


def ground_of(settings: Settings, airframe: str = "") -> TerrainGround:
    """The ground of what is imported, seen through the lens of an airframe; what is not imported is
    a MissingTerrainError when it is needed."""
    stated = settings.aerial.lenses.get(airframe)
    return TerrainGround(
        TerrainFolder(terrain_folder(settings)),
        reach_m=settings.aerial.reach_m,
        lens=Lens(**stated.model_dump()) if stated else None,
        takeoff_on_terrain=settings.aerial.takeoff_on_terrain,
    )


def import_tiles(settings: Settings, files: Sequence[Path], heights: str, le90_m: float) -> None:
    """Take elevation models in, all or none, and say what was taken. RefusedError."""
    try:
        tiles = import_terrain(
            files, terrain_folder(settings), Stated(TerrainDatum(heights), le90_m)
        )
    except TerrainError as error:
        raise RefusedError(f"nothing was imported: {error}") from None
    for tile in tiles:
        print(_line(tile))
    if heights == TerrainDatum.EGM2008:
        print(
            "Heights above EGM2008 were turned by EGM96, the geoid at hand; what the two "
            "differ by is in the stated error."
        )


def show_tiles(settings: Settings) -> None:
    """Print what is imported. RefusedError."""
    try:
        tiles = TerrainFolder(terrain_folder(settings)).tiles()
    except TerrainError as error:
        raise RefusedError(str(error)) from None
    if not tiles:
        print("No terrain is imported: morina aerial terrain import FILE... --heights egm2008")
    for tile in tiles:
        print(_line(tile))


def _line(tile: Tile) -> str:
    unknown = f", {tile.unknown:.1%} without a height" if tile.unknown else ""
    return (
        f"{tile.name}: {tile.south:.4f} to {tile.north:.4f} N, {tile.west:.4f} to {tile.east:.4f} "
        f"E, {tile.step[0] * 3600:.2f} arc seconds, from {tile.heights}, 90 % within "
        f"{tile.sd_m * OF_90_ALONE:.1f} m{unknown}"
    )
