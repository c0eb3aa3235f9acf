"""A map that never asks the internet: what is drawn, from where, is in docs/map.md."""

from morina.desk.map.element import Mark, show_map
from morina.desk.map.layers import LAYERS
from morina.desk.map.routes import router
from morina.desk.map.tile_source import TilesError
from morina.desk.map.tiles import check_tiles

__all__ = ["LAYERS", "Mark", "TilesError", "check_tiles", "router", "show_map"]
