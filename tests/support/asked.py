"""Asking with the log on real PostgreSQL, and a kind of question that a test answers itself."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg_pool import AsyncConnectionPool

from morina.accountability import Purpose, PurposeCode
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.records import Period
from morina.records.asking import Asking, Rules
from morina.records.coverage import Coverages, Kept, Usuals
from morina.records.kinds import Kind, RefusedQuestionError
from morina.records.placing import PlacedCameras
from morina.records.questions import Answer, Coverage, Down, Scope
from morina.records.retention import Retention
from morina.records.running import Running
from morina.sense.cameras.adapters.postgres import PostgresCameras

NOW = datetime.now(UTC)
LAST_DAY = Period(NOW - timedelta(days=1), NOW)
PATIENT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where was this plate."""

    plate: str = "AA123BC"
    scope: Scope = field(default_factory=lambda: Scope(period=LAST_DAY))
    after: str = ""

    def __post_init__(self) -> None:
        if not self.plate:
            raise RefusedQuestionError("plate", "is empty", "write one such as AA123BC")

    @property
    def plates(self) -> tuple[str, ...]:
        return (self.plate,)

    def words(self) -> str:
        return f"where was {self.plate}"


class NothingCounted:
    """No read is kept and no camera known."""

    async def oldest(self, _running: Running) -> Mapping[int, datetime]:
        return {}

    async def gaps(
        self, _cameras: Collection[str], _period: Period, _running: Running
    ) -> Sequence[Down]:
        return ()


async def nothing_kept() -> Sequence[Kept]:
    """No camera is known."""
    return ()


Answering = Callable[[Where, Running], Awaitable[Answer[str]]]


def purpose(officer: str = "ana") -> Purpose:
    return Purpose(
        officer=officer,
        code=PurposeCode.STOLEN_VEHICLE,
        case_number="C-7",
        legal_basis="Police Act 12",
        justification="stolen on Monday evening",
    )


def found(*texts: str, more: str = "") -> Answer[str]:
    return Answer(found=texts, coverage=Coverage(asked=LAST_DAY, covered=LAST_DAY), more=more)


async def at_once(question: Where, _running: Running) -> Answer[str]:
    return found(question.plate + question.after, more="" if question.after else "2")


def asking_of(
    pool: AsyncConnectionPool,
    answer: Answering,
    rules: Rules | None = None,
    policies: Retention | None = None,
) -> Asking:
    """Asks one kind of question, which ``answer`` answers; to be closed."""
    coverages = Coverages(NothingCounted(), lambda: Usuals({}, ZoneInfo("UTC")), nothing_kept)
    kinds = [Kind("where", Where, str, answer)]
    placing = PlacedCameras(PostgresCameras(pool, PostgresTrail()), policies or Retention())
    return Asking(kinds, PostgresConsultations(pool), coverages, rules or Rules(), placing)
