"""The tracks of a whole sortie as moving target indications: a packet for each picture."""

from collections.abc import Iterator, Sequence

import numpy as np

from morina.sense.aerial.detection import Box
from morina.sense.aerial.giving.geojson import clock
from morina.sense.aerial.giving.vmti import Frame, HeightOf, VmtiError, packet, targets_at
from morina.sense.aerial.ground import Ground, MissingTerrainError, Pose
from morina.sense.aerial.roles import Moment
from morina.sense.aerial.sortie import Sortie
from morina.sense.aerial.track import Track


def packets(
    sortie: Sortie, moments: Sequence[Moment], tracks: Sequence[Track], ground: Ground | None
) -> Iterator[bytes]:
    """One for every picture with a pose, an empty one too: nothing was seen there.

    ``ground`` gives heights; without it targets have boxes and no places. VmtiError where the
    sortie has no clock, as every packet bears one.
    """
    if clock(sortie, 0.0) is None:
        raise VmtiError("the sortie's telemetry has no clock; take GeoJSON or KML instead")
    for one in moments:
        at = clock(sortie, one.at_s)
        if one.pose is None or at is None:
            continue
        frame = Frame(
            at=at, width=sortie.width, height=sortie.height, view=one.pose.view,
            sortie_id=sortie.sortie_id,
        )  # fmt: skip
        heights = _heights(one.pose, (sortie.width, sortie.height), ground)
        yield packet(frame, targets_at(tracks, one.at_s, heights))


def _heights(pose: Pose, size: tuple[int, int], ground: Ground | None) -> HeightOf:
    """Where the middle of a box's lower edge meets the ground."""

    def height(box: Box) -> tuple[float, float] | None:
        if ground is None:
            return None
        foot = np.array([[(box[0] + box[2]) / 2 / size[0], box[3] / size[1]]])
        try:
            found = ground.places(pose, foot)[0]
        except MissingTerrainError:
            return None
        return None if found is None else (found.height_m, found.height_sd_m)

    return height
