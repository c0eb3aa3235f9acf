"""The policies of retention as the settings state them."""

from collections.abc import Sequence

from morina.engines import EngineError
from morina.records.retention import Group, RefusedRetentionError, Retention
from morina.settings import RetentionGroup, Settings


def retention_of(settings: Settings) -> Retention:
    """The policies the settings state; EngineError where they contradict one another."""
    chosen = settings.retention
    try:
        groups = tuple(_group(name, one, chosen.days) for name, one in chosen.groups.items())
        _refuse_files(settings, groups)
        return Retention(
            days=chosen.days, alert_days=chosen.alert_days, groups=groups, lists=chosen.lists
        )
    except RefusedRetentionError as error:
        raise EngineError(str(error)) from None


def _group(name: str, one: RetentionGroup, days: int) -> Group:
    return Group(
        name=name, owner=one.owner, policy=one.policy, days=one.days or days,
        cameras=frozenset(one.cameras), sites=frozenset(one.sites),
        match_and_forget=one.match_and_forget,
    )  # fmt: skip


def _refuse_files(settings: Settings, groups: Sequence[Group]) -> None:
    named = [group.name for group in groups if group.match_and_forget]
    if named and settings.push.folders:
        raise RefusedRetentionError(
            f"retention.groups.{named[0]}: match_and_forget cannot be held where cameras upload "
            "files, which are on disk before they are read; remove [[push.folders]] or the setting"
        )
