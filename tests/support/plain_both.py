"""Was here and also there, answered slowly and plainly from all passages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise, permutations, product

from morina.plates import skeleton
from morina.records.both_places import BothPlaces
from morina.records.convoy_meetings import Passed


def in_all(rows: Iterable[Passed], asked: BothPlaces) -> dict[str, list[tuple[int, int, int]]]:
    """By key, (first, last, number) in each area, of every vehicle that was in all in time."""
    times: dict[str, list[set[int]]] = defaultdict(lambda: [set() for _ in asked.areas])
    for one in rows:
        key = skeleton(one.plate) if asked.look_alikes else one.plate
        for number, area in enumerate(asked.areas):
            begins, ends = area.period.begins_at.timestamp(), area.period.ends_at.timestamp()
            if one.plate and one.camera_id in area.cameras and begins <= one.second < ends:
                times[key][number].add(one.second)
    return {
        key: [(min(one), max(one), len(one)) for one in several]
        for key, several in times.items()
        if all(several) and _in_time(several, asked)
    }


def _in_time(several: Sequence[set[int]], asked: BothPlaces) -> bool:
    """Whether a passage of each can be chosen so that in some order they are so far apart."""
    least = asked.apart.total_seconds()
    straight = tuple(range(len(several)))
    orders = [straight] if asked.in_order else list(permutations(straight))
    least = max(least, 1) if asked.in_order else least
    for chosen, order in product(product(*several), orders):
        if all(chosen[b] - chosen[a] >= least for a, b in pairwise(order)):
            return True
    return False
