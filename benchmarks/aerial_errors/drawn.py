"""Poses drawn at random over real terrain: does the stated ellipse hold 90 % of the errors?

A true camera is drawn, what its sensors tell is the truth with errors drawn from the stated
spread. The place of a pixel is asked of the product with what is told; the truth is where the true
ray meets the true ground: the file's heights with one error for all (first table), or with errors
that change from place to place over some 500 m (second).
"""

import tempfile
from pathlib import Path

import numpy as np

from aerial_errors.march import Heights, directions, ecef, follow, geodetic, metres_per_degree
from morina.sense.aerial import Angles, Flag, NoPlaceError, Pose, Spread
from morina.sense.aerial.adapters.raster_terrain import Stated, import_terrain
from morina.sense.aerial.adapters.terrain_folder import TerrainFolder
from morina.sense.aerial.ground import OF_90, OF_90_ALONE
from morina.sense.aerial.terrain.terrain_ground import TerrainGround
from morina.sense.aerial.terrain.tiles import TerrainDatum

REACH_M = 4_500.0
TERRAIN_SD_M = 3.0
BINS = ((60, 90), (30, 60), (15, 30), (8, 15), (4, 8), (2, 4))
SPREADS = (
    # horizontal, vertical, yaw, pitch, roll, view: RTK and a good gimbal, a common drone, a poor
    (0.5, 1.0, 0.5, 0.2, 0.2, 0.005),
    (2.0, 3.0, 1.5, 0.5, 0.5, 0.01),
    (4.0, 8.0, 3.0, 1.0, 1.0, 0.02),
)
NAMES = ("latitude", "longitude", "height", "yaw", "pitch", "roll", "across", "down")


def drawn_tables(folder: Path, trials: int, seed: int) -> dict:
    """Two tables of rows by depression; the second only says what the model leaves out."""
    files = sorted(folder.glob("*.tif*"))
    with tempfile.TemporaryDirectory() as home:
        stated = Stated(TerrainDatum.ELLIPSOID, TERRAIN_SD_M * OF_90_ALONE)
        import_terrain(files, Path(home), stated)
        ground = TerrainGround(TerrainFolder(Path(home)), reach_m=REACH_M)
        pieces = {"terrain off as one": [], "beyond the model: terrain off from place to place": []}
        for n, file in enumerate(files):
            for k, piece in enumerate(pieces.values()):
                draw = _Draw(Heights(file), np.random.default_rng([seed, n, k]), rough=k == 1)
                share = trials if k == 0 else max(trials // 4, 30)
                for low, high in BINS:
                    piece.append((low, high, _trials(ground, draw, (low, high), share)))
    return {
        name: [_row(edges, [t for low, high, t in found if (low, high) == edges]) for edges in BINS]
        for name, found in pieces.items()
    }


class _Draw:
    """True cameras and true ground over one file."""

    def __init__(self, heights: Heights, rng: np.random.Generator, rough: bool) -> None:
        self.heights, self.rng, self.rough = heights, rng, rough

    def poses(self, count: int, edges: tuple[float, float]) -> dict:
        """What is told of cameras that look down by about an angle between the edges."""
        rng, (latitude, longitude) = self.rng, self.heights.middle()
        pose = {
            "latitude": latitude + rng.uniform(-0.01, 0.01, count),
            "longitude": longitude + rng.uniform(-0.012, 0.012, count),
        }
        ground = self.heights.at(pose["latitude"], pose["longitude"])
        pose["height"] = ground + rng.uniform(80, 500, count)
        pose["yaw"] = rng.uniform(0, 360, count)
        pose["pitch"] = -rng.uniform(max(edges[0] - 10, -2), min(edges[1] + 10, 90), count)
        pose["roll"] = rng.normal(0, 2, count)
        pose["across"] = rng.uniform(8, 60, count)
        pose["down"] = pose["across"] * 9 / 16
        return pose

    def looking(self, count: int, edges: tuple[float, float]) -> tuple[dict, np.ndarray]:
        """Poses and pixels whose told ray goes down by an angle between the edges."""
        many = count * 30
        told, shares = self.poses(many, edges), self.rng.uniform(0.1, 0.9, (many, 2))
        begin = ecef(told["latitude"], told["longitude"], told["height"])
        above = ecef(told["latitude"], told["longitude"], told["height"] + 1) - begin
        down = np.degrees(np.arcsin(-(directions(told, shares) * above).sum(axis=1)))
        chosen = np.flatnonzero((down >= edges[0]) & (down < edges[1]))[:count]
        assert len(chosen) == count
        return {name: values[chosen] for name, values in told.items()}, shares[chosen]

    def added(self, count: int):
        """The error of the ground: the same everywhere, or 40 waves of some 500 m in sum."""
        rng = self.rng
        if not self.rough:
            shift = rng.normal(0, TERRAIN_SD_M, count)
            return lambda which, latitude, _: shift[which][:, None] + 0 * latitude
        wave = rng.normal(0, 1 / 500.0, (2, 40)) * 111_000
        phase, scale = rng.uniform(0, 2 * np.pi, (count, 40)), TERRAIN_SD_M * np.sqrt(2 / 40)

        def rough(which, latitude, longitude):
            total = np.zeros_like(latitude)
            for k in range(40):
                turn = wave[0, k] * latitude + wave[1, k] * longitude * 0.75
                total += np.cos(turn + phase[which, k][:, None])
            return scale * total

        return rough


def _trials(ground: TerrainGround, draw: _Draw, edges: tuple[float, float], count: int) -> list:
    rng, (told, shares) = draw.rng, draw.looking(count, edges)
    spreads = np.array(SPREADS)[rng.integers(0, len(SPREADS), count)]
    true = _true(told, spreads, rng)
    begin = ecef(true["latitude"], true["longitude"], true["height"])
    metres = follow(draw.heights, (begin, directions(true, shares)), REACH_M, draw.added(count))
    met = np.where(np.isfinite(metres), metres, REACH_M)
    truth = np.stack(geodetic(begin + met[:, None] * directions(true, shares)), axis=1)
    found = []
    for n in range(count):
        place = _place(ground, {name: told[name][n] for name in NAMES}, spreads[n], shares[n])
        if place is not None:
            found.append(_compared(place, truth[n], bool(np.isfinite(metres[n]))))
    return found


def _true(told: dict, spreads: np.ndarray, rng: np.random.Generator) -> dict:
    """What is told, less errors of the stated spread (a true camera may lie anywhere)."""
    count = len(spreads)
    east, north = rng.normal(0, spreads[:, 0]), rng.normal(0, spreads[:, 0])
    per_north, per_east = metres_per_degree(float(told["latitude"][0]))
    wider = 1 + rng.normal(0, spreads[:, 5], count)
    return {
        "latitude": told["latitude"] - north / per_north,
        "longitude": told["longitude"] - east / per_east,
        "height": told["height"] - rng.normal(0, spreads[:, 1]),
        "yaw": told["yaw"] - rng.normal(0, spreads[:, 2]),
        "pitch": told["pitch"] - rng.normal(0, spreads[:, 3]),
        "roll": told["roll"] - rng.normal(0, spreads[:, 4]),
        "across": told["across"] * wider, "down": told["down"] * wider,
    }  # fmt: skip


def _place(ground: TerrainGround, told: dict, spread: np.ndarray, share: np.ndarray):
    stated = ("horizontal_m", "vertical_m", "yaw_deg", "pitch_deg", "roll_deg", "view_share")
    pose = Pose(
        latitude=told["latitude"], longitude=told["longitude"], height_m=told["height"],
        camera=Angles(told["yaw"], told["pitch"], told["roll"]),
        view=(told["across"], told["down"]),
        spread=Spread(**dict(zip(stated, map(float, spread), strict=True))),
    )  # fmt: skip
    try:
        return ground.places(pose, share[None])[0]
    except NoPlaceError:
        return None


def _compared(place, truth: np.ndarray, met: bool) -> dict:
    per_north, per_east = metres_per_degree(place.latitude)
    off = np.array(
        [(truth[1] - place.longitude) * per_east, (truth[0] - place.latitude) * per_north]
    )
    ee, en, nn = place.covariance
    apart = off @ np.linalg.inv(np.array([[ee, en], [en, nn]])) @ off
    return {
        "in": bool(apart <= OF_90**2), "met": met, "error": float(np.hypot(*off)),
        "height_in": abs(truth[2] - place.height_m) <= place.le90_m,
        "major": place.ellipse.major_m, "grazing": Flag.GRAZING in place.flags,
        "second": Flag.SECOND_HIT in place.flags,
    }  # fmt: skip


def _row(edges: tuple[float, float], pieces: list) -> dict:
    trials = [trial for piece in pieces for trial in piece]
    mean = {key: float(np.mean([t[key] for t in trials])) for key in
            ("in", "height_in", "grazing", "second")}  # fmt: skip
    return {
        "depression": f"{edges[0]} to {edges[1]} degrees", "trials": len(trials),
        "holds": 100 * mean["in"], "height_holds": 100 * mean["height_in"],
        "error_m": float(np.median([t["error"] for t in trials])),
        "major_m": float(np.median([t["major"] for t in trials])),
        "grazing": mean["grazing"], "second_hit": mean["second"],
        "sky": float(np.mean([not t["met"] for t in trials])),
        "holds_of_second_hits": _share([t for t in trials if t["second"]]),
        "holds_of_grazing": _share([t for t in trials if t["grazing"]]),
        "by_file": [round(100 * float(np.mean([t["in"] for t in piece])), 1) for piece in pieces],
    }  # fmt: skip


def _share(trials: list) -> float | None:
    """Per cent in the ellipse; None of none."""
    return 100 * float(np.mean([t["in"] for t in trials])) if trials else None
