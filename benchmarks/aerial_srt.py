"""DJI .SRT in all its dialects, Airdata, MAVLink, PX4: positions against the truth, damaged files.

The truth of a sample's order is not taken from the parser under test: the file names its fields, a
number beyond 90 is a longitude, the same flight exists with named fields, the distance from home
that is written fits one order, or (said so, no proof) what other readers of the dialect publish.

python benchmarks/aerial_srt.py --data ../shared/data/aerial --json
"""

import argparse
import contextlib
import csv
import json
import math
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
import mavlink_made
import px4_made
from morina.sense.aerial import Flight, TelemetryError
from morina.sense.aerial.sources.reading_in import flight_of

DAMAGED, QUICK = 20_000, 2_000
TRUTH = {
    "MAVIC3.srt": ("named", "fields are named"),
    "air2s.srt": ("named", "fields are named"),
    "broken_empty.SRT": ("refused", "nothing in it"),
    "broken_empty2.SRT": ("refused", "a number alone"),
    "broken_incomplete.SRT": ("lon_lat", "other files of the dialect; no proof in this one"),
    "broken_incomplete2.SRT": ("named", "fields are named"),
    "m2zoom.SRT": ("named", "fields are named"),
    "matrice_300.srt": ("lat_lon", "other files of the dialect; no proof in this one"),
    "mavic_2_style.SRT": ("named", "fields are named"),
    "mavic_2pro_new.SRT": ("named", "fields are named"),
    "mavic_air.SRT": ("refused", "no place in it"),
    "mavic_air2.srt": ("named", "fields are named"),
    "mavic_mini.SRT": ("lon_lat", "a number beyond 90"),
    "mavic_pro.SRT": ("lon_lat", "a number beyond 90; mavic_2_style is the same flight"),
    "mavic_pro_buggy.SRT": ("lon_lat", "other files of the dialect; no proof in this one"),
    "mix_p4rtk_mavic2pro.srt": ("lon_lat", "distance from home"),
    "old_format.SRT": ("lon_lat", "a number beyond 90; mavic_2_style is the same flight"),
    "p4_rtk.SRT": ("lon_lat", "distance from home; preparedData.json"),
    "p4p_sample.SRT": ("lon_lat", "other files of the dialect; no proof in this one"),
}
_PAIR = re.compile(r"GPS ?\((-?\d[\d.]*), ?(-?\d[\d.]*),")
_NAMED = re.compile(r"latitude ?: ?(-?[\d.]+)\] \[longt?itude ?: ?(-?[\d.]+)\]")

Row = dict[str, object]


def main() -> None:
    """Run, print tables or JSON; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with dji_srt/samples/ and sitrec/")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} damaged files")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    data: Path | None = arguments.data
    dialects = [of_dialect(data, name) for name in TRUTH] if data else []
    airdata = [of_airdata(path) for path in sorted(airdata_of(data))] if data else []
    prepared = of_prepared(data) if data else {}
    damages = of_damages(QUICK if arguments.quick else DAMAGED, Random(arguments.seed), data)
    missed = list(missing(dialects, airdata, prepared, damages))
    found: dict[str, object] = {
        "dialects": dialects, "prepared": prepared, "airdata": airdata, "damages": damages,
        "missed": missed,
    }  # fmt: skip
    print(json.dumps(found) if arguments.json else shown(dialects, prepared, airdata, damages))
    sys.exit(bool(missed))


def missing(dialects: list[Row], airdata: list[Row], prepared: Row, damages: Row) -> Iterator[str]:
    """Targets missed."""
    for row in dialects:
        if not row["right"]:
            yield f"{row['sample']}: {row['first'] or row['refused']} is not the truth"
    if prepared and (prepared["places_differ"] or prepared["angles_differ"]):
        yield "p4_rtk.SRT differs from preparedData.json"
    for row in airdata:
        if float(str(row["median_m"])) > 1:
            yield f"{row['file']}: {row['median_m']} m off its own distance from home"
    if damages["crashed"]:
        yield f"{damages['crashed']} damaged files crashed"


def of_dialect(data: Path, name: str) -> Row:
    """What is made of one sample, and whether its places are the truth."""
    content = (data / "dji_srt" / "samples" / name).read_bytes()
    truth, known_by = TRUTH[name]
    row: Row = {"sample": name, "known_by": known_by, "first": "", "datum": "", "order": ""}
    row |= {"refused": "", "read": 0, "places": 0, "lacks": ""}
    try:
        flight = flight_of(name, content)
    except TelemetryError as refused:
        return row | {"refused": str(refused), "right": truth == "refused"}
    wanted = list(true_places(content.decode(errors="replace"), truth))
    one = flight.telemetry[0]
    orders = [note.split(":")[0] for note in flight.notes if note.startswith("order")]
    return row | {
        "read": len(flight.telemetry),
        "places": len(wanted),
        "first": f"{one.latitude}, {one.longitude}",
        "order": " + ".join(orders).replace("order ", ""),
        "datum": " + ".join(sorted({m.height.datum.value for m in flight.telemetry})),
        "lacks": ", ".join(flight.lacks),
        "right": [(m.latitude, m.longitude) for m in flight.telemetry] == wanted,
    }


def true_places(text: str, truth: str) -> Iterator[tuple[float, float]]:
    """Every place of a file, by the order known; read here by other means than the product's."""
    for line in text.splitlines():
        if found := _NAMED.search(line):
            yield float(found[1]), float(found[2])
        elif found := _PAIR.search(line):
            first, second = float(found[1]), float(found[2])
            yield (first, second) if truth == "lat_lon" else (second, first)


def of_prepared(data: Path) -> Row:
    """The P4 RTK sample against the values its repository prepared of it."""
    folder = data / "dji_srt" / "samples"
    wanted = json.loads((folder / "preparedData.json").read_text())
    read = flight_of("p4_rtk.SRT", (folder / "p4_rtk.SRT").read_bytes()).telemetry
    pairs = list(zip(read, wanted, strict=True))
    places = sum((m.longitude, m.latitude) != tuple(map(float, w["GPS"][:2])) for m, w in pairs)
    angles = sum(
        m.camera is None or [m.camera.pitch, m.camera.roll, m.camera.yaw] != as_angles(w["G_PRY"])
        for m, w in pairs
    )
    return {"packets": len(pairs), "places_differ": places, "angles_differ": angles}


def as_angles(said: list[str]) -> list[float]:
    """Pitch, roll, yaw from 0 to 360."""
    pitch, roll, yaw = map(float, said)
    return [pitch, roll, yaw % 360]


def airdata_of(data: Path) -> Iterator[Path]:
    """The CSVs of Airdata."""
    yield from (data / "sitrec").glob("*Airdata.csv")


def of_airdata(path: Path) -> Row:
    """Distances from the first row against the file's own column, in metres."""
    began = time.perf_counter()
    flight = flight_of(path.name, path.read_bytes())
    took = time.perf_counter() - began
    with path.open(encoding="utf-8-sig", newline="") as file:
        wanted = [float(row["distance(feet)"]) * 0.3048 for row in csv.DictReader(file)]
    off = [abs(apart_m(flight, n) - metres) for n, metres in enumerate(wanted)]
    heights = [m.height.metres for m in flight.telemetry]
    return {
        "file": path.name, "rows": len(wanted), "read": len(flight.telemetry),
        "median_m": round(median(off), 3), "most_m": round(max(off), 3),
        "highest_m": round(max(heights), 1), "ms": round(took * 1000), "notes": flight.notes,
    }  # fmt: skip


def apart_m(flight: Flight, number: int) -> float:
    """From the first row."""
    a, b = flight.telemetry[0], flight.telemetry[number]
    east = (b.longitude - a.longitude) * math.cos(math.radians(a.latitude))
    return 111_195 * math.hypot(b.latitude - a.latitude, east)


def of_damages(number: int, random: Random, data: Path | None) -> Row:
    """Files with bytes changed, cut or doubled: read or refused, nothing else."""
    files = list(whole_files(data))
    told: Counter[str] = Counter()
    began = time.perf_counter()
    for _ in range(number):
        content = damaged(random.choice(files), random)
        try:
            with contextlib.redirect_stdout(None):
                flight_of("x.srt", content)
            told["read"] += 1
        except TelemetryError:
            told["refused"] += 1
        except Exception as error:  # noqa: BLE001 (any other is what is looked for)
            told["crashed"] += 1
            told[type(error).__name__] += 1
    return {"files": number, "seconds": round(time.perf_counter() - began, 1), "crashed": 0} | told


def whole_files(data: Path | None) -> Iterator[bytes]:
    """Beginnings of samples, and logs made here."""
    yield mavlink_made.log(*(mavlink_made.place(n / 4) for n in range(40)))
    yield mavlink_made.log(mavlink_made.place(0.0), mavlink_made.mount(0.1, 20, 300))
    yield px4_made.log(*(px4_made.place(n * 200_000) for n in range(40)))
    if data:
        for path in sorted((data / "dji_srt" / "samples").iterdir()):
            if path.suffix.casefold() == ".srt" and path.stat().st_size > 100:
                yield path.read_bytes()[:3000]
        for path in airdata_of(data):
            yield path.read_bytes()[:6000]


def damaged(content: bytes, random: Random) -> bytes:
    """One to eight changes."""
    made = bytearray(content)
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(made))
        match random.randrange(4):
            case 0:
                made[at] = random.randrange(256)
            case 1:
                made[at] ^= 1 << random.randrange(8)
            case 2:
                del made[at : at + random.randrange(1, 40)]
            case _:
                made[at:at] = made[at : at + random.randrange(1, 40)]
        made = made or bytearray(b"\0")
    return bytes(made)


def shown(dialects: list[Row], prepared: Row, airdata: list[Row], damages: Row) -> str:
    """Tables for people."""
    lines = ["| sample | read | first place | order | height | right | known by |"]
    lines.append("|---|---|---|---|---|---|---|")
    for row in dialects:
        first = row["first"] or f"refused: {str(row['refused']).split(';')[0]}"
        lines.append(
            f"| {row['sample']} | {row['read']} of {row['places']} | {first} | {row['order']} "
            f"| {row['datum']} | {'yes' if row['right'] else 'NO'} | {row['known_by']} |"
        )
    lines.append(f"\nP4 RTK against preparedData.json: {prepared}")
    lines += [f"Airdata: {row}" for row in airdata]
    lines.append(f"Damaged: {damages}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
