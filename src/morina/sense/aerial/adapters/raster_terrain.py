"""Elevation models as they come (GeoTIFF, SRTM's HGT, DTED) into a terrain folder, by rasterio."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from morina.sense.aerial.ground import OF_90_ALONE
from morina.sense.aerial.terrain.earth import metres_per_degree
from morina.sense.aerial.terrain.geoid import EGM2008_SD_M, undulation
from morina.sense.aerial.terrain.tiles import TerrainDatum, TerrainError, Tile

LOWEST_M, HIGHEST_M = -500.0, 9_000.0
COARSEST_M = 120.0
_METRES = {"", "m", "metre", "metres", "meter", "meters"}
_DRIVERS = {".tif": "GTiff", ".tiff": "GTiff", ".hgt": "SRTMHGT", ".dt1": "DTED", ".dt2": "DTED"}
_AS_WGS84 = {4326: None, 4979: TerrainDatum.ELLIPSOID, 9518: TerrainDatum.EGM2008,
             9707: TerrainDatum.EGM96, 4258: None}  # fmt: skip
"""EPSG codes whose places are WGS 84's to within a metre (ETRS89 too): the heights they state."""

_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Stated:
    """What the operator says of files: what their heights are counted from, and the error their
    maker states, metres that hold 90 % (linear error)."""

    heights: TerrainDatum
    le90_m: float


def import_terrain(files: Sequence[Path], folder: Path, stated: Stated) -> Sequence[Tile]:
    """Check all, then keep all: where one is refused (TerrainError) nothing is imported."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [file.stem for file in files]
    for name in names:
        if names.count(name) > 1:
            raise TerrainError(f"{name}: two files of this name; import them one after the other")
    new: list[tuple[Tile, Path]] = []
    try:
        for file in files:
            new.append(_read(file, folder, stated))
        for tile, heights in new:
            _keep(tile, heights, folder)
    finally:
        for _, heights in new:
            heights.unlink(missing_ok=True)
    return [tile for tile, _ in new]


def _keep(tile: Tile, heights: Path, folder: Path) -> None:
    """The description goes first and comes back last: in between the tile is not there."""
    described = folder / f"{tile.name}.json"
    described.unlink(missing_ok=True)
    heights.replace(folder / f"{tile.name}.npy")
    written = folder / f".{tile.name}.json.new"
    written.write_bytes(tile.as_json())
    written.replace(described)


def _read(file: Path, folder: Path, stated: Stated) -> tuple[Tile, Path]:
    """A tile, and the file its heights lie in until all are checked."""
    waiting = folder / f".{file.stem}.{os.getpid()}.new"
    driver = _DRIVERS.get(file.suffix.lower())
    if driver is None:
        raise TerrainError(f"{file}: not one of {', '.join(_DRIVERS)}; turn it into a GeoTIFF")
    try:
        with rasterio.open(file, driver=driver) as source:
            tile = _described(file, source, stated)
            unknown = _copied(file, source, tile, waiting)
    except (RasterioError, OSError) as error:
        waiting.unlink(missing_ok=True)
        raise TerrainError(f"{file}: cannot be read as an elevation model ({error})") from None
    except TerrainError:
        waiting.unlink(missing_ok=True)
        raise
    if unknown == 1:
        waiting.unlink()
        raise TerrainError(f"{file}: no post in it has a height; get another")
    return replace(tile, unknown=unknown), waiting


def _described(file: Path, source: DatasetReader, stated: Stated) -> Tile:
    """What the file says of itself, checked."""
    for fault in (_place_fault(source, stated), _height_fault(source, stated)):
        if fault:
            raise TerrainError(f"{file}: {fault}")
    to = source.transform
    geoid = EGM2008_SD_M if stated.heights is TerrainDatum.EGM2008 else 0.0
    return Tile(
        name=file.stem, rows=source.height, columns=source.width, north=to.f + to.e / 2,
        west=to.c + to.a / 2, step=(-to.e, to.a), heights=stated.heights,
        sd_m=float(np.hypot(stated.le90_m / OF_90_ALONE, geoid)), unknown=0.0,
        imported_at=datetime.now(UTC), sha256=_digest(file),
    )  # fmt: skip


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _place_fault(source: DatasetReader, stated: Stated) -> str:
    """What is wrong with where it says its posts are; empty: nothing."""
    if source.crs is None:
        return "it does not say where it lies (no CRS); ask its maker for a georeferenced file"
    epsg = source.crs.to_epsg()
    if epsg not in _AS_WGS84:
        return (
            f"its places are not WGS 84 degrees but {source.crs.to_string()[:60]}; "
            "turn it with: rio warp IN OUT --dst-crs EPSG:4326 --resampling bilinear"
        )
    said = _AS_WGS84[epsg]
    if said not in (None, stated.heights):
        return f"it says that its heights are {said}, not {stated.heights}; import it with that"
    to = source.transform
    if to.b or to.d or to.a <= 0 or to.e >= 0 or min(source.shape) < 2:
        return "it is not a grid with north up; turn it with: rio warp IN OUT --dst-crs EPSG:4326"
    apart = -to.e * metres_per_degree(to.f)[0]
    if apart > COARSEST_M:
        return (
            f"its posts are {apart:.0f} m apart, too far for a place; get one of at most "
            f"{COARSEST_M:.0f} m, such as Copernicus GLO-30"
        )
    return ""


def _height_fault(source: DatasetReader, stated: Stated) -> str:
    """What is wrong with how it gives heights; empty: nothing."""
    if source.count != 1:
        return f"it has {source.count} bands; an elevation model has one"
    unit = (source.units[0] or "").lower()
    if unit not in _METRES:
        return f"its heights are in {unit}; turn them into metres first"
    if not 0 < stated.le90_m <= 100:
        return "the error of its heights must be stated, more than 0 and at most 100 m (--le90)"
    return ""


def _copied(file: Path, source: DatasetReader, tile: Tile, to: Path) -> float:
    """Write the heights above the ellipsoid; the share of posts without one."""
    shape = (tile.rows, tile.columns)
    heights = np.lib.format.open_memmap(to, mode="w+", dtype=np.float32, shape=shape)
    longitude = tile.west + np.arange(tile.columns) * tile.step[1]
    unknown = 0
    for top in range(0, tile.rows, _AT_ONCE):
        below = min(top + _AT_ONCE, tile.rows)
        latitude = tile.north - np.arange(top, below) * tile.step[0]
        block = _block(file, source, (top, below))
        if tile.heights is not TerrainDatum.ELLIPSOID:
            block += undulation(latitude[:, None], longitude[None, :])
        heights[top:below] = block
        unknown += int(np.isnan(block).sum())
    heights.flush()
    return unknown / (tile.rows * tile.columns)


def _block(file: Path, source: DatasetReader, rows: tuple[int, int]) -> NDArray[np.float64]:
    """Some rows, metres of the file's own datum; NaN where it has none."""
    read = source.read(1, window=(rows, (0, source.width)), masked=True)
    block = read.astype(np.float64) * source.scales[0] + source.offsets[0]
    block = np.asarray(block.filled(np.nan))
    beyond = (block < LOWEST_M) | (block > HIGHEST_M)
    if beyond.any():
        raise TerrainError(
            f"{file}: a height of {block[beyond][0]:.0f} m; if that marks posts without one, "
            "say so in the file: rio edit-info --nodata VALUE FILE"
        )
    return block
