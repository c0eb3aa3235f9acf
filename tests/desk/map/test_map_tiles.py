import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from morina.desk.map import TilesError, check_tiles, router

PNG = b"\x89PNG\r\n\x1a\n" + b"north-west" * 400
JPEG = b"\xff\xd8\xff\xe0" + b"south-west" * 400
PLACE = {"bounds": "19,41,22,43", "attribution": "Authority's own survey"}


def make_mbtiles(path: Path, form: str = "png") -> Path:
    """Zoom 1: a PNG in the north-west, a JPEG in the south-west; TMS rows count from the south."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE metadata (name text, value text)")
        file.executemany("INSERT INTO metadata VALUES (?, ?)", [("format", form), *PLACE.items()])
        file.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer,"
            " tile_row integer, tile_data blob)"
        )
        rows = [(1, 0, 1, PNG), (1, 0, 0, JPEG), (1, 1, 0, b"<script>")]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    return path


def make_pmtiles(path: Path, kind: TileType = TileType.PNG) -> Path:
    """The same tiles; PMTiles rows count from the north."""
    with path.open("wb") as out:
        writer = Writer(out)
        for y, picture in ((0, PNG), (1, JPEG)):
            writer.write_tile(zxy_to_tileid(1, 0, y), picture)
        header = {
            "tile_type": kind,
            "tile_compression": Compression.NONE,
            "min_lon_e7": 190_000_000,
            "min_lat_e7": 410_000_000,
            "max_lon_e7": 220_000_000,
            "max_lat_e7": 430_000_000,
            "center_zoom": 1,
            "center_lon_e7": 205_000_000,
            "center_lat_e7": 420_000_000,
        }
        writer.finalize(header, {"attribution": PLACE["attribution"]})
    return path


Make = Callable[[Path], Path]
BOTH = pytest.mark.parametrize(
    ("make", "name"), [(make_mbtiles, "own.mbtiles"), (make_pmtiles, "own.pmtiles")]
)


def client(tiles: Path | None) -> AsyncClient:
    app = FastAPI()
    app.include_router(router(tiles))
    return AsyncClient(transport=ASGITransport(app), base_url="http://node")


@BOTH
async def test_tiles_are_served_with_north_up(make: Make, name: str, tmp_path: Path) -> None:
    desk = client(make(tmp_path / name))
    north, south = await desk.get("/map/tiles/1/0/0"), await desk.get("/map/tiles/1/0/1")
    assert (north.content, north.headers["content-type"]) == (PNG, "image/png")
    assert (south.content, south.headers["content-type"]) == (JPEG, "image/jpeg")
    assert north.headers["x-content-type-options"] == "nosniff"


@BOTH
async def test_the_page_learns_where_the_tiles_are(make: Make, name: str, tmp_path: Path) -> None:
    assert (await client(make(tmp_path / name)).get("/map/tiles.json")).json() == {
        "min_zoom": 1,
        "max_zoom": 1,
        "bounds": [19.0, 41.0, 22.0, 43.0],
        "attribution": "Authority's own survey",
    }


@BOTH
async def test_a_missing_tile_is_empty_and_one_off_the_world_is_not_found(
    make: Make, name: str, tmp_path: Path
) -> None:
    desk = client(make(tmp_path / name))
    assert (await desk.get("/map/tiles/5/3/3")).status_code == 204
    assert (await desk.get("/map/tiles/1/2/0")).status_code == 404
    assert (await desk.get("/map/tiles/99999/0/0")).status_code == 404
    assert (await desk.get("/map/tiles/-1/0/0")).status_code == 404


async def test_what_is_no_picture_is_never_served(tmp_path: Path) -> None:
    assert (
        await client(make_mbtiles(tmp_path / "own.mbtiles")).get("/map/tiles/1/1/1")
    ).status_code == 204


@BOTH
def test_a_file_cut_short_is_refused_by_name_with_a_mend(
    make: Make, name: str, tmp_path: Path
) -> None:
    path = make(tmp_path / name)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(TilesError, match=rf"{name}: is damaged .*; copy it again"):
        check_tiles(path)


@BOTH
async def test_a_file_cut_short_while_in_use_leaves_holes_and_the_node_alive(
    make: Make, name: str, tmp_path: Path
) -> None:
    path = make(tmp_path / name)
    desk = client(path)
    path.write_bytes(path.read_bytes()[:60])
    assert (await desk.get("/map/tiles/1/0/0")).status_code == 204


@pytest.mark.parametrize("name", ["junk.mbtiles", "junk.pmtiles", "empty.mbtiles", "empty.pmtiles"])
def test_a_file_of_something_else_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"" if name.startswith("empty") else b"not tiles \xff" * 100)
    with pytest.raises(TilesError, match=f"{name}: is damaged"):
        check_tiles(path)


def test_vector_tiles_are_refused_as_not_drawn_yet(tmp_path: Path) -> None:
    for path in (
        make_mbtiles(tmp_path / "v.mbtiles", "pbf"),
        make_pmtiles(tmp_path / "v.pmtiles", TileType.MVT),
    ):
        with pytest.raises(TilesError, match=r"vector tiles.*; give it a file of picture tiles"):
            check_tiles(path)


def test_a_missing_file_and_a_wrong_kind_of_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TilesError, match=r"gone\.mbtiles: is no file; correct the setting"):
        check_tiles(tmp_path / "gone.mbtiles")
    picture = tmp_path / "map.png"
    picture.write_bytes(PNG)
    with pytest.raises(TilesError, match=r"neither \.mbtiles nor \.pmtiles"):
        router(picture)


async def test_a_file_with_an_odd_name_is_served(tmp_path: Path) -> None:
    odd = tmp_path / "harta %41 ?#ë.mbtiles"
    assert (await client(make_mbtiles(odd)).get("/map/tiles/1/0/0")).content == PNG


async def test_a_node_without_tiles_says_so() -> None:
    desk = client(None)
    assert (await desk.get("/map/tiles.json")).json() is None
    assert (await desk.get("/map/tiles/0/0/0")).status_code == 404


async def test_layers_and_the_maps_own_files_are_served_and_nothing_else() -> None:
    desk = client(None)
    for name in ("borders", "places", "rivers", "lakes"):
        answer = await desk.get(f"/map/layers/{name}.geojson")
        assert answer.headers["content-type"] == "application/geo+json"
        assert answer.json()["type"] == "FeatureCollection"
    assert (await desk.get("/map/static/map.js")).status_code == 200
    assert (await desk.get("/map/static/map.css")).headers["content-type"].startswith("text/css")
    for path in (
        "layers/..%2flayers.geojson",
        "layers/%2e%2e%2fextract%2fborders.geojson",
        "layers/LICENCES.geojson",
        "static/..%2fextract%2fLICENCES.txt",
        "static/%2e%2e%2f__init__.py",
        "static//etc/passwd",
        "tiles/1/0/..%2f..%2fstatic%2fmap.js",
    ):
        assert (await desk.get(f"/map/{path}")).status_code == 404, path
