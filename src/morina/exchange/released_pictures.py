"""The picture of a passage among what a follow-up releases. Pure.

Nobody writes it down: an owner's officer says that it goes along, and the node that told of the
passage adds it, with the time and the cameras the agreement is asked about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from morina.exchange.follow_ups import Grant, RefusedFollowUpError
from morina.exchange.message import Value
from morina.exchange.sighting_messages import PICTURE


@dataclass(frozen=True, slots=True)
class Passage:
    """What this node has of a passage it told of: when it was, the group of its camera, and its
    picture in base64, empty where none is kept."""

    at: datetime
    camera_group: str
    picture: str


class Passages(Protocol):
    """Passages this node told partners of."""

    async def told(self, partner: str, about: UUID) -> Passage | None:
        """Of the sighting ``partner`` was told under that id; None where there is none."""


def asks_for_picture(grant: Grant) -> bool:
    """Whether the picture is to go along. RefusedFollowUpError where something else is written in
    its place."""
    asked = grant.fields.get(PICTURE, False)
    if not isinstance(asked, bool):
        raise RefusedFollowUpError(PICTURE, "write true: the node adds the picture it told of")
    return asked


def with_picture(grant: Grant, passage: Passage | None) -> Grant:
    """With the picture in the place of ``true``, as old and of the cameras it is; without a
    passage, as it is but for that word. RefusedFollowUpError where there is none to add."""
    fields = {name: value for name, value in grant.fields.items() if name != PICTURE}
    if not asks_for_picture(grant):
        return replace(grant, fields=fields)
    if passage is None or not passage.picture:
        raise RefusedFollowUpError(PICTURE, "none of that passage is kept here; leave it out")
    group = passage.camera_group
    if grant.camera_group not in ("", group):
        raise RefusedFollowUpError("camera_group", f"the picture is of the cameras of {group}")
    return replace(
        grant, fields=fields | {PICTURE: passage.picture}, camera_group=group,
        at=min(passage.at, grant.at or passage.at),
    )  # fmt: skip


def without_content(fields: Mapping[str, Value]) -> dict[str, Value]:
    """What was released, with ``true`` in the place of a picture."""
    return dict(fields) | ({PICTURE: True} if fields.get(PICTURE) else {})
