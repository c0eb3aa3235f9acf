"""Which of the seen belongs to which of the followed: the cheapest way to pair them, all together.

Own Hungarian method by shortest augmenting paths (Jonker and Volgenant 1987, without their
initialisation), on each group of pairs that touch one another, for most groups are one pair.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float64]
Pair = tuple[int, int]


def assigned(costs: Costs, alone: float) -> Sequence[Pair]:
    """Pairs (row, column) of the least sum; what stays without a partner costs ``alone`` a row.

    ``costs`` (rows, columns), infinite where two cannot belong together. Each row and each column
    is in one pair at most, and no pair costs more than ``alone``.
    """
    can = costs <= alone
    pairs: list[Pair] = []
    for rows, columns in _groups(can):
        part = np.where(can, costs, np.inf)[np.ix_(rows, columns)]
        pairs += [(rows[row], columns[column]) for row, column in _cheapest(part, alone)]
    return sorted(pairs)


def _groups(can: NDArray[np.bool_]) -> Iterator[tuple[list[int], list[int]]]:
    """Rows and columns that hang together by pairs that can be."""
    left = can.copy()
    for start in range(len(can)):
        rows, columns = {start}, set[int]()
        new = {start}
        while new:
            reached = set(np.flatnonzero(left[sorted(new)].any(axis=0)).tolist()) - columns
            columns |= reached
            new = set(np.flatnonzero(left[:, sorted(reached)].any(axis=1)).tolist()) - rows
            rows |= new
        left[sorted(rows)] = False
        if columns:
            yield sorted(rows), sorted(columns)


def _cheapest(costs: Costs, alone: float) -> list[Pair]:
    """Each row has a column of its own, at ``alone``, for staying without a partner."""
    rows, columns = costs.shape
    if rows == columns == 1:
        return [(0, 0)]
    apart = np.full((rows, rows), np.inf)
    np.fill_diagonal(apart, alone)
    chosen = _hungarian(np.hstack([costs, apart]))
    return [(row, column) for row, column in enumerate(chosen) if column < columns]


def _hungarian(costs: Costs) -> list[int]:
    """The column of each row; there are at least as many columns, and a way to pair all rows."""
    rows, columns = costs.shape
    of_row, of_column = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1)
    for start in range(rows):
        _augment(costs, (of_row, of_column), owner, start)
    chosen = [0] * rows
    for column in np.flatnonzero(owner >= 0).tolist():
        chosen[int(owner[column])] = column
    return chosen


def _augment(
    costs: Costs, prices: tuple[Costs, Costs], owner: NDArray[np.int64], start: int
) -> None:
    """Pair one row more: Dijkstra over reduced costs to a free column, then the prices follow."""
    of_row, of_column = prices
    least = np.full(len(owner), np.inf)
    before = np.full(len(owner), -1)
    done = np.zeros(len(owner), bool)
    row, column, length = start, -1, 0.0
    while row >= 0:
        ways = length + costs[row] - of_row[row] - of_column
        shorter = ~done & (ways < least)
        least[shorter], before[shorter] = ways[shorter], column
        column = int(np.argmin(np.where(done, np.inf, least)))
        length, row = float(least[column]), int(owner[column])
        done[column] = True
    reached = done.copy()
    reached[column] = False
    of_row[start] += length
    of_row[owner[reached]] += length - least[reached]
    of_column[reached] -= length - least[reached]
    while column >= 0:
        earlier = int(before[column])
        owner[column] = start if earlier < 0 else owner[earlier]
        column = earlier
