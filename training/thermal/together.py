"""Processes of one training, each on one thread, that learn from the mean of their mistakes.

Threads of one process wait for each other many times in a step, which on shared cores takes most of
the time; processes wait once.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor, distributed, multiprocessing

_PATIENCE = timedelta(minutes=10)


def together(count: int, work: Callable[[int], None]) -> None:
    """Do ``work`` with each place from 0 on, all at once; it must be a function pickle knows."""
    if count == 1:
        work(0)
        return
    with TemporaryDirectory() as folder:
        multiprocessing.spawn(_one, (count, Path(folder) / "met", work), count)


def mean_of_all(gradients: Iterable[Tensor]) -> None:
    """Put the mean over all processes in place of each."""
    if not distributed.is_initialized():
        return
    every = list(gradients)
    flat = torch.cat([one.flatten() for one in every])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    for one, mean in zip(every, flat.split([it.numel() for it in every]), strict=True):
        one.copy_(mean.view_as(one))


def _one(place: int, count: int, meeting: Path, work: Callable[[int], None]) -> None:
    distributed.init_process_group(
        "gloo", init_method=meeting.as_uri(), rank=place, world_size=count, timeout=_PATIENCE
    )
    work(place)
    distributed.destroy_process_group()
