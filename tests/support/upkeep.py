"""A desk's upkeep on real PostgreSQL, with counts that a test gives."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.desk.services import Upkeep
from morina.records import ImageStore, Period
from morina.records.adapters.postgres_audits import PostgresAudits
from morina.records.audit import Targets
from morina.records.checkup import Checkup, Sources
from morina.sense import Read
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_notices import PostgresNotices
from morina.sense.cameras.adapters.postgres_states import PostgresStates
from morina.sense.cameras.condition import Rules
from morina.sense.cameras.passed import Hour, Usual
from morina.sense.cameras.pushing import PushingCameras


class CountedPassages:
    """Says what a test put in; ClickHouse itself is tested where it is."""

    def __init__(self) -> None:
        self.of: dict[str, tuple[Hour, ...]] = {}
        self.usuals: dict[str, Usual] = {}
        self.reads: list[Read] = []

    async def count(self) -> int:
        return 0

    async def hours(self, since: datetime) -> dict[str, tuple[Hour, ...]]:  # noqa: ARG002 - a role
        return self.of

    async def usual(self, now: datetime, zone: ZoneInfo) -> dict[str, Usual]:  # noqa: ARG002 - a role
        return self.usuals

    async def last(self, since: datetime) -> dict[str, Read]:
        return {one.camera_id: one for one in self.reads if one.captured_at > since}

    async def drawn(self, camera_id: str, period: Period, n: int) -> list[Read]:
        return [one for one in self.reads if _within(one, camera_id, period)][:n]

    async def passages(
        self, camera_id: str, period: Period, read_ids: Collection[UUID]
    ) -> dict[UUID, Read]:
        mine = [one for one in self.reads if _within(one, camera_id, period)]
        return {one.read_id: one for one in mine if one.read_id in read_ids}


class Waiting:
    """Two captures wait."""

    async def waiting(self) -> dict[str, int]:
        return {"MORINA_CAPTURES": 2}

    async def of_cameras(self) -> dict[str, int]:
        return {"north-1": 2}


def upkeep_of(
    pool: AsyncConnectionPool, pushing: PushingCameras, images: ImageStore, counts: CountedPassages
) -> Upkeep:
    """The upkeep of a desk under test, up since 2000."""
    sources = Sources(
        registry=PostgresCameras(pool, PostgresTrail()),
        states=PostgresStates(pool),
        pushing=pushing,
        counts=counts,
        images=images,
    )
    up_since = datetime(2000, 1, 1, tzinfo=UTC)
    return Upkeep(
        checkup=Checkup(sources, PostgresNotices(pool), Rules(), up_since),
        counts=counts,
        audits=PostgresAudits(pool),
        queues=Waiting(),
        of_site={"South": Targets(0.9, 0.8)},
    )


def _within(read: Read, camera_id: str, period: Period) -> bool:
    return read.camera_id == camera_id and period.begins_at <= read.captured_at < period.ends_at
