"""How long reads are kept: a policy for all cameras, and those of groups that differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_DAYS = 3650


class RefusedRetentionError(ValueError):
    """Policies that contradict one another; the message names the place and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cameras, by id or by site, whose reads are kept otherwise, who answers and under what rule.

    ``days`` is how long what is kept is kept. Under ``match_and_forget`` only hits are: everything
    else is counted and never reaches a disk of the node.
    """

    name: str
    owner: str
    policy: str
    days: int
    cameras: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    match_and_forget: bool = False

    def __post_init__(self) -> None:
        place = f"retention.groups.{self.name}"
        if not 1 <= self.days <= MOST_DAYS:
            raise RefusedRetentionError(f"{place}.days: choose 1 to {MOST_DAYS}")
        if not (self.owner.strip() and self.policy.strip()):
            raise RefusedRetentionError(f"{place}: name the owner and the policy it rests on")
        if not (self.cameras or self.sites):
            raise RefusedRetentionError(f"{place}: name cameras or sites")
        if self.match_and_forget and self.sites:
            raise RefusedRetentionError(
                f"{place}: match_and_forget takes cameras by id only, so that none is taken late; "
                "list them in cameras"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """All policies: ``days`` where no group is named. Closed alerts keep what was read for
    ``alert_days`` after they were closed, those of a hotlist in ``lists`` (its name) as said there.
    """

    days: int = 90
    alert_days: int = 90
    groups: tuple[Group, ...] = ()
    lists: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for days in (self.days, self.alert_days, *self.lists.values()):
            if not 1 <= days <= MOST_DAYS:
                raise RefusedRetentionError(f"retention: {days} days; choose 1 to {MOST_DAYS}")
        taken: dict[tuple[str, str], str] = {}
        for group in self.groups:
            named = [("camera", one) for one in group.cameras]
            for one in named + [("site", one) for one in group.sites]:
                if (other := taken.setdefault(one, group.name)) != group.name:
                    raise RefusedRetentionError(
                        f"retention.groups.{group.name}: the {one[0]} {one[1]} is in "
                        f"{other} too; leave it in one"
                    )

    def group_of(self, camera_id: str, site: str = "") -> Group | None:
        """The group of a camera: one that names it, else one that names its site."""
        named = (group for group in self.groups if camera_id in group.cameras)
        placed = (group for group in self.groups if site and site in group.sites)
        return next(named, None) or next(placed, None)

    def days_of(self, camera_id: str, site: str = "") -> int:
        """How many days its reads are kept, the day of the read included."""
        group = self.group_of(camera_id, site)
        return group.days if group else self.days

    def forgets_at_once(self, camera_id: str) -> bool:
        """Whether of this camera only hits are kept."""
        group = self.group_of(camera_id)
        return group is not None and group.match_and_forget

    @property
    def longest(self) -> int:
        """The most days any read is kept."""
        return max(self.days, *(group.days for group in self.groups), 0)


@dataclass(slots=True)
class KeepDays:
    """The days of a camera, as the store asks for them. ``sites`` (camera id to site) is kept up to
    date by whoever knows the cameras; one not in it counts by its id alone."""

    retention: Retention
    sites: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, camera_id: str) -> int:
        return self.retention.days_of(camera_id, self.sites.get(camera_id, ""))
