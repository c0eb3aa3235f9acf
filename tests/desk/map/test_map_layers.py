import json
from itertools import pairwise
from math import cos, hypot, radians

import pytest

from morina.desk.map import LAYERS

SEEN = (18.5, 39.5, 23.5, 44.0)


def features(layer: str) -> list[dict]:
    return json.loads(LAYERS[layer].read_bytes())["features"]


def points(coordinates: list) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], float):
        return [tuple(coordinates)]
    return [point for part in coordinates for point in points(part)]


def lines(geometry: dict) -> list[list]:
    single = geometry["type"] == "LineString"
    return [geometry["coordinates"]] if single else geometry["coordinates"]


def km_to_line(line: list, longitude: float, latitude: float) -> float:
    east = 111.32 * cos(radians(latitude))
    flat = [((x - longitude) * east, (y - latitude) * 110.57) for x, y in line]
    return min(km_to_stretch(a, b) for a, b in pairwise(flat))


def km_to_stretch(a: tuple[float, float], b: tuple[float, float]) -> float:
    along = (b[0] - a[0], b[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2 or 1.0
    share = max(0.0, min(1.0, -(a[0] * along[0] + a[1] * along[1]) / length))
    return hypot(a[0] + share * along[0], a[1] + share * along[1])


def test_all_layers_together_stay_under_half_a_megabyte() -> None:
    assert sum(path.stat().st_size for path in LAYERS.values()) < 500_000


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_lies_within_the_stated_part_of_the_world(layer: str) -> None:
    west, south, east, north = SEEN
    found = [point for item in features(layer) for point in points(item["geometry"]["coordinates"])]
    assert found
    assert all(west <= x <= east and south <= y <= north for x, y in found)


@pytest.mark.parametrize(
    ("name", "country", "longitude", "latitude"),
    [("Kukës", "AL", 20.42, 42.08), ("Prizren", "XK", 20.74, 42.21)],
)
def test_the_towns_on_both_sides_are_there(
    name: str, country: str, longitude: float, latitude: float
) -> None:
    town = next(item for item in features("places") if item["properties"]["name"] == name)
    assert town["properties"]["country"] == country
    assert town["geometry"]["coordinates"] == pytest.approx([longitude, latitude], abs=0.02)


def test_places_come_largest_first_so_that_their_names_win() -> None:
    sizes = [item["properties"]["population"] for item in features("places")]
    assert sizes == sorted(sizes, reverse=True)


def test_the_border_of_albania_and_kosovo_passes_near_the_crossing() -> None:
    border = next(i for i in features("borders") if i["properties"].get("between") == "AL-XK")
    nearest = min(km_to_line(line, 20.5, 42.1) for line in lines(border["geometry"]))
    assert nearest < 8


def test_the_border_of_albania_and_kosovo_has_no_hole() -> None:
    border = next(i for i in features("borders") if i["properties"].get("between") == "AL-XK")
    longest = max(lines(border["geometry"]), key=len)
    latitudes = [latitude for _, latitude in longest]
    assert min(latitudes) < 41.9
    assert max(latitudes) > 42.5


@pytest.mark.parametrize("river", ["Drin", "White Drin"])
def test_the_rivers_of_the_crossing_are_there(river: str) -> None:
    found = next(item for item in features("rivers") if item["properties"]["name"] == river)
    assert min(km_to_line(line, 20.45, 42.1) for line in lines(found["geometry"])) < 15


def test_lake_shkodra_is_there() -> None:
    spots = [
        point for item in features("lakes") for point in points(item["geometry"]["coordinates"])
    ]
    assert any(abs(x - 19.3) < 0.2 and abs(y - 42.2) < 0.2 for x, y in spots)
