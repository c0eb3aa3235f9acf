"""MISB telemetry: real packets read and read again by another library, and 100,000 damaged ones.

python benchmarks/aerial_klv.py --data ../shared/data/aerial --json
"""

import argparse
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median, quantiles

import numpy as np
import psutil
from stanag4609.st0601 import FieldDecodingMode, decode_uas_local_set
from tstrans.klv import ST_0601_UL, decode_uas_datalink

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from klv_made import flown, mutated, said, transport
from morina.sense.aerial import Angles, Flight, TelemetryError
from morina.sense.aerial.sources.klv import flight
from morina.sense.aerial.sources.klv_angles import turned
from morina.sense.aerial.sources.klv_out import packets as written
from morina.sense.aerial.sources.klv_packets import ITEMS, items_of, packets

DAMAGED, QUICK = 100_000, 5_000
MOST_GROWTH_MB = 16.0

Figures = dict[str, float]


def main() -> None:
    """Run, print tables or JSON; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with sitrec/ and ts_test/")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} damages")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    files = dict(of_files(arguments.data)) if arguments.data else {}
    centres = of_centres(arguments.data) if arguments.data else {}
    damages = of_damages(QUICK if arguments.quick else DAMAGED, Random(arguments.seed))
    missed = list(missing(files, damages))
    found = {"files": files, "centres": centres, "damages": damages, "missed": missed}
    print(json.dumps(found) if arguments.json else shown(found))
    sys.exit(bool(missed))


def missing(files: dict[str, Figures], damages: Figures) -> Iterator[str]:
    """Targets missed."""
    for name, found in files.items():
        if found["read"] != found["packets"]:
            yield f"{name}: {found['read']:g} of {found['packets']:g} packets"
        if found["differ"]:
            yield f"{name}: {found['differ']:g} values differ from stanag4609"
    if files and files["Truck.klv"]["read"] != 711:
        yield f"Truck.klv: {files['Truck.klv']['read']:g} packets, not 711"
    if damages["crashes"]:
        yield f"{damages['crashes']:g} crashes"
    if damages["growth_mb"] > MOST_GROWTH_MB:
        yield f"memory grew by {damages['growth_mb']:g} MB"


def of_files(data: Path) -> Iterator[tuple[str, Figures]]:
    """Each file: packets in it, read by Morina, by the other library, values, and those apart."""
    for name in ("Truck.klv", "day.klv", "night.klv"):
        bare = (data / "sitrec" / name).read_bytes()
        yield (
            name,
            figures(bare if ST_0601_UL in bare else bare.replace(ST_0601_UL[5:], ST_0601_UL)),
        )
    for stream in sorted((data / "ts_test").glob("*.ts")):
        began = time.thread_time()
        made = flight([stream.read_bytes()])
        took = time.thread_time() - began
        yield stream.name, {
            "packets": 100, "read": len(made.telemetry), "beside": 0, "values": 0, "differ": 0,
            "cut": 0, "packets_per_s": round(len(made.telemetry) / took),
        }  # fmt: skip


def figures(bare: bytes) -> Figures:
    """Of bare packets. The last may be cut short by the file's end; it is counted apart."""
    began = time.thread_time()
    flight([bare])
    took = time.thread_time() - began
    keys = bare.count(ST_0601_UL)
    cut = sum(packet.fault != "" for packet in packets([bare[bare.rindex(ST_0601_UL) :]]))
    read = [packet for packet in packets([bare]) if not packet.fault]
    both = [(items_of(one), beside(one)) for one in whole(bare)]
    return {
        "packets": keys - cut, "read": len(read), "beside": len(both), "cut": cut,
        "values": sum(len(mine) for mine, _ in both),
        "differ": sum(
            mine.get(tag) != theirs.get(tag)
            and abs(mine.get(tag, math.inf) - theirs.get(tag, 0.0)) > 1e-9
            for mine, theirs in both for tag in ITEMS
        ),
        "packets_per_s": round(len(read) / took),
    }  # fmt: skip


def whole(bare: bytes) -> list[bytes]:
    """The packets that are not damaged, each with its key."""
    starts = [packet.place for packet in packets([bare]) if not packet.fault]
    ends = [*starts[1:], len(bare)]
    return [
        bare[start : start + length(bare, start, end)]
        for start, end in zip(starts, ends, strict=True)
    ]


def length(bare: bytes, start: int, end: int) -> int:
    """Of a packet by its own length (BER), at most up to the next."""
    first = bare[start + 16]
    more = first & 0x7F if first & 0x80 else 0
    value = int.from_bytes(bare[start + 17 : start + 17 + more], "big") if more else first
    return min(17 + more + value, end - start)


def beside(packet: bytes) -> dict[int, float]:
    """The same items by stanag4609, its lossless mode."""
    read = decode_uas_local_set(
        packet, require_version=False, field_decoding=FieldDecodingMode.PRESERVE
    )
    values = {tag: read.value(tag) for tag in ITEMS if read.get(tag) is not None}
    values[2] = read.misp_timestamp_microseconds
    return {
        tag: float(getattr(value, "value", value)) for tag, value in values.items()
        if isinstance(getattr(value, "value", value), int | float)
    }  # fmt: skip


def of_centres(data: Path) -> Figures:
    """The middle of the picture by Morina's own angles, against the aircraft's own, in metres.

    The ray meets the plane at the height the aircraft says (item 25): the angles are tried here,
    not any terrain.
    """
    bare = (data / "sitrec" / "Truck.klv").read_bytes()
    made: Flight = flight([bare])
    heights = [decode_uas_datalink(one).frame_center_elev_m for one in whole(bare)]
    apart, ranges = [], []
    for one, height in zip(made.telemetry, heights, strict=True):
        if one.camera is None or one.told_centre is None or height is None:
            continue
        north, east, reach = met(one.camera, one.height.metres - height)
        told = (
            (one.told_centre[0] - one.latitude) * metres_of_latitude(one.latitude),
            (one.told_centre[1] - one.longitude) * metres_of_longitude(one.latitude),
        )
        apart.append(math.hypot(north - told[0], east - told[1]))
        ranges.append(reach)
    return {
        "moments": len(apart), "median_m": round(median(apart), 1),
        "p90_m": round(quantiles(apart, n=10)[8], 1), "range_m": round(median(ranges)),
    }  # fmt: skip


def met(camera: Angles, above_m: float) -> tuple[float, float, float]:
    """North, east, range where the middle ray meets ground so far below; the earth is curved."""
    way = turned(camera) @ np.array([1.0, 0.0, 0.0])
    reach = above_m / way[2]
    for _ in range(4):
        level = reach * math.hypot(way[0], way[1])
        reach = (above_m + level * level / (2 * 6_371_000.0)) / way[2]
    return float(reach * way[0]), float(reach * way[1]), float(reach)


def metres_of_latitude(latitude: float) -> float:
    """Of one degree there (WGS 84)."""
    return 111_132.92 - 559.82 * math.cos(math.radians(2 * latitude))


def metres_of_longitude(latitude: float) -> float:
    """Of one degree there (WGS 84)."""
    at = math.radians(latitude)
    return 111_412.84 * math.cos(at) - 93.5 * math.cos(3 * at)


def of_damages(count: int, dice: Random) -> Figures:
    """Damaged packets and streams: read in part, refused, or anything else, which is a crash."""
    wholes = [
        said(), b"".join(said(number) for number in range(4)),
        b"".join(one for _, one in written(flown(4))),
        transport([said(number) for number in range(4)]),
    ]  # fmt: skip
    found: Counter[str] = Counter()
    slowest = early = 0.0
    for number in range(count):
        if number == count // 5:
            early = resident_mb()
        damaged = mutated(wholes[number % len(wholes)], dice)
        began = time.thread_time()
        found[outcome(damaged)] += 1
        slowest = max(slowest, time.thread_time() - began)
    return {
        "damages": count, "read": found["read"], "refused": found["refused"],
        "crashes": count - found["read"] - found["refused"],
        "slowest_ms": round(slowest * 1000, 1), "growth_mb": round(resident_mb() - early, 1),
    }  # fmt: skip


def outcome(data: bytes) -> str:
    """One damaged input. A panic of the library below is no ``Exception``."""
    try:
        flight([data])
    except TelemetryError:
        return "refused"
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - what else comes is what is looked for
        print(f"{type(error).__name__}: {error}: {data.hex()}", file=sys.stderr)
        return "crash"
    return "read"


def resident_mb() -> float:
    """Of this process."""
    return float(psutil.Process().memory_info().rss) / 1e6


def shown(found: dict[str, object]) -> str:
    """Tables for people."""
    lines = []
    for part, of in found.items():
        lines.append(f"\n{part}")
        if isinstance(of, dict):
            lines += [f"  {name:45} {value}" for name, value in of.items()]
        else:
            lines.append(f"  {of or 'nothing'}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
