"""Cameras that film, shared out: each group is followed by one process."""

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import count
from typing import Protocol


class CameraGroups(Protocol):
    """Which process follows which camera, durable."""

    async def share_out(self, size: int) -> set[int]:
        """Put every camera that films into a group of at most ``size``; the groups in use."""


def shared_out(cameras: Collection[str], now: Mapping[str, int], size: int) -> dict[str, int]:
    """The group of each camera: as ``now`` where that still fits, else the first with room.

    So a camera added or removed leaves every other one where it is followed.
    """
    groups: dict[str, int] = {}
    members: Counter[int] = Counter()
    for camera in sorted(cameras, key=lambda name: (name not in now, name)):
        kept = now.get(camera)
        free = next(number for number in count() if members[number] < size)
        number = kept if kept is not None and members[kept] < size else free
        groups[camera] = number
        members[number] += 1
    return groups
