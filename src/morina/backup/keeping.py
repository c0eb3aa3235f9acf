"""How long backups are kept: they hold what is forgotten meanwhile, so not for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from morina.backup.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Keeping:
    """At most ``most`` backups, and none older than ``days`` but the newest."""

    most: int
    days: int

    def over(self, manifests: Sequence[Manifest], now: datetime) -> list[Manifest]:
        """Those of ``manifests``, by number, whose time is over. The newest stays in any case:
        without it there would be none."""
        oldest = now - timedelta(days=self.days)
        older, newest = manifests[:-1], manifests[-1:]
        spared = max(0, self.most - len(newest))
        beyond = older[: len(older) - spared] if spared < len(older) else []
        return [one for one in older if one in beyond or one.ended_at < oldest]
