from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from morina.sense.aerial.tracking.assigning import assigned

ALONE = 9.0
_COST = st.one_of(st.floats(0, 12), st.just(float("inf")))


def _spent(costs: NDArray[np.float64], pairs: list[tuple[int, int]]) -> float:
    return float(sum(costs[pair] for pair in pairs)) + ALONE * (len(costs) - len(pairs))


def _least(costs: NDArray[np.float64]) -> float:
    rows, columns = costs.shape
    full = np.hstack([np.where(costs <= ALONE, costs, np.inf), np.full((rows, rows), ALONE)])
    return min(
        float(sum(full[row, column] for row, column in enumerate(order)))
        for order in permutations(range(columns + rows), rows)
    )


@given(
    st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
        lambda shape: arrays(np.float64, shape, elements=_COST)
    )
)
def test_no_other_pairing_is_cheaper(costs: NDArray[np.float64]) -> None:
    pairs = list(assigned(costs, ALONE))
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(costs[pair] <= ALONE for pair in pairs)
    assert abs(_spent(costs, pairs) - _least(costs)) < 1e-9


def test_the_nearest_first_would_be_dearer_than_all_together() -> None:
    costs = np.array([[1.0, 2.0], [2.0, 8.0]])
    assert assigned(costs, ALONE) == [(0, 1), (1, 0)]


def test_two_hundred_that_all_touch_are_paired() -> None:
    shuffled = np.random.default_rng(3).permutation(200)
    costs = np.full((200, 200), 5.0)
    costs[np.arange(200), shuffled] = 1.0
    assert assigned(costs, ALONE) == list(enumerate(shuffled.tolist()))


def test_nothing_seen_pairs_nothing() -> None:
    assert assigned(np.empty((3, 0)), ALONE) == []
    assert assigned(np.empty((0, 3)), ALONE) == []
