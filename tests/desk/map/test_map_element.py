import pytest
from nicegui import Client, ui
from nicegui.elements.leaflet.leaflet_layers import GenericLayer
from nicegui.page import page

from morina.desk.map import Mark, draw_on, show_map


def shown(marks: list[Mark], **options: object) -> ui.leaflet:
    with Client(page("/map-test"), request=None):
        return show_map(marks, **options)


def given(leaflet: ui.leaflet) -> dict:
    (layer,) = leaflet.layers
    return layer.to_dict()["args"][0]


LANES = [Mark("Lane 1", 42.12, 20.51, 60.0), Mark("Lane 2", 42.14, 20.55, None, True)]


def test_no_layer_of_the_map_comes_from_the_internet() -> None:
    assert "http" not in repr([layer.to_dict() for layer in shown(LANES).layers])


def test_without_a_centre_all_cameras_are_shown() -> None:
    leaflet = shown(LANES)
    assert given(leaflet)["fit"]
    assert leaflet.center == pytest.approx((42.13, 20.53))
    assert given(leaflet)["marks"][1] == {
        "name": "Lane 2",
        "latitude": 42.14,
        "longitude": 20.55,
        "bearing": None,
        "highlighted": True,
        "pin": "",
        "about": (),
        "ways": (),
    }


def test_a_given_centre_is_kept() -> None:
    leaflet = shown(LANES, centre=(42.0, 20.0), zoom=9)
    assert (leaflet.center, leaflet.zoom, given(leaflet)["fit"]) == ((42.0, 20.0), 9, False)


def test_an_empty_map_shows_the_border() -> None:
    assert shown([]).center == (42.1, 20.6)


def test_every_word_of_the_map_is_translated() -> None:
    words = given(shown(LANES, translate=lambda text: f"<{text}>"))["words"]
    assert all(word.startswith("<") for word in words.values())


def test_what_is_drawn_goes_into_a_field_of_the_page() -> None:
    leaflet = shown(LANES)
    draw_on(leaflet, "where_spots", "where_within", translate=lambda text: f"<{text}>")
    drawn = leaflet.layers[-1]
    assert isinstance(drawn, GenericLayer)
    assert drawn.name == "morinaDrawing"
    assert drawn.args[0]["field"] == "where_spots"
    assert drawn.args[0]["words"]["corner"].startswith("<Corner {n}")
