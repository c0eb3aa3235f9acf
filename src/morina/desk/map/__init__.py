"""A map that never asks the internet: what is drawn, from where, is in docs/map.md."""

from morina.desk.map.element import Mark, add_script, draw_on, show_map
from morina.desk.map.layers import LAYERS
from morina.desk.map.routes import router
from morina.desk.map.tile_source import TilesError
from morina.desk.map.tiles import check_tiles

__all__ = [
    "LAYERS",
    "Mark",
    "TilesError",
    "add_script",
    "check_tiles",
    "draw_on",
    "router",
    "show_map",
]
