"""Who was shown what, entered in the trail in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.looking import Shown
from morina.accountability.trail import Act, Deed, What

AGAIN_AFTER = timedelta(hours=1)
BEGINNING = datetime.min.replace(tzinfo=UTC)
STEP = "shown"

_Key = tuple[str, Shown, str]


@dataclass(slots=True)
class PostgresLooks:
    """The role Looks. Who was shown what within the hour is kept in memory: after a start of the
    node everybody is entered again."""

    pool: AsyncConnectionPool
    again_after: timedelta = AGAIN_AFTER
    _lately: dict[_Key, datetime] = field(default_factory=dict)
    _swept_at: datetime = BEGINNING

    async def shown(self, who: str, kind: Shown, ids: Sequence[str] = ()) -> None:
        """See Looks."""
        now = datetime.now(UTC)
        self._sweep(now)
        keys = [(who, kind, one) for one in ids or ("",)]
        new = [key for key in keys if self._is_new(key, now)]
        if not new:
            return
        what = What(kind.value, tuple(one for *_, one in new if one), STEP)
        async with self.pool.connection() as connection:
            await PostgresTrail().append(connection, Deed(act=Act.CONSULTATION, what=what, who=who))
        self._lately |= dict.fromkeys(new, now)

    def _is_new(self, key: _Key, now: datetime) -> bool:
        at = self._lately.get(key)
        return at is None or now - at >= self.again_after

    def _sweep(self, now: datetime) -> None:
        """Forget those of more than an hour ago, once a while."""
        if now - self._swept_at >= self.again_after:
            self._lately = {
                key: at for key, at in self._lately.items() if now - at < self.again_after
            }
            self._swept_at = now
