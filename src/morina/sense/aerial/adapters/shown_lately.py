"""Who was shown what lately, so that whoever goes on looking is entered once an hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

AGAIN_AFTER = timedelta(hours=1)


@dataclass(slots=True)
class ShownLately:
    """In memory: after a start everybody is entered again."""

    at: dict[tuple[str, UUID], datetime] = field(default_factory=dict)

    def new(self, who: str, ids: Sequence[UUID], now: datetime) -> tuple[UUID, ...]:
        """Those of ``ids`` not shown to them within the hour."""
        return tuple(one for one in ids if (who, one) not in self._fresh(now))

    def note(self, who: str, ids: Sequence[UUID], now: datetime) -> None:
        """They were shown these, and it is entered."""
        self.at = self._fresh(now) | {(who, one): now for one in ids}

    def _fresh(self, now: datetime) -> dict[tuple[str, UUID], datetime]:
        return {key: at for key, at in self.at.items() if now - at < AGAIN_AFTER}
