"""Matching alone, in memory: the index of 100,000 listings, and what one read costs."""

import argparse
import json
import sys
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))
from pipeline import LISTINGS, plate_texts

from invented import hotlist, read
from mishaps import listing
from morina.watch import Hotlists, Listed


def main() -> None:
    """Run, print a table or JSON. No target is set for it; the pipeline's is the whole path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="it always is")
    arguments = parser.parse_args()
    now, owner = datetime.now(UTC), hotlist()
    texts = plate_texts(LISTINGS, seed=1)
    listings = [listing(text, now) for text in texts]
    tracemalloc.start()
    started = time.perf_counter()
    index = Hotlists(Listed(owner, one) for one in listings)
    built_s = time.perf_counter() - started
    held = tracemalloc.get_traced_memory()[0] / LISTINGS
    tracemalloc.stop()
    found = {
        "built_s_while_traced": built_s,
        "bytes_a_listing_in_the_index": held,
        "miss_us": per_read_us(index, [f"0{n % 7 + 1}{n % 900 + 100}ZZ" for n in range(20_000)]),
        "hit_us": per_read_us(index, texts[:20_000]),
        "missed": [],
    }
    if arguments.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:30} {value if isinstance(value, list) else f'{value:.2f}'}")


def per_read_us(index: Hotlists, texts: list[str]) -> float:
    """Microseconds to match one read, over all ``texts``."""
    now = datetime.now(UTC)
    reads = [read(text, "AL", captured_at=now, read_id=uuid4()) for text in texts]
    started = time.perf_counter()
    for one in reads:
        index.match(one)
    return (time.perf_counter() - started) / len(reads) * 1e6


if __name__ == "__main__":
    main()
