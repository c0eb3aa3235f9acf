"""Questions to partners, answers to theirs, follow-ups: built of a node's parts."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_approvals import use_approval
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.exchange.adapters.follow_ups_kept import KeptFollowUps
from morina.exchange.adapters.follow_ups_taken import FollowUpsTaken
from morina.exchange.adapters.postgres_answers import PostgresAnswers
from morina.exchange.adapters.postgres_became import PostgresBecame
from morina.exchange.adapters.postgres_follow_ups import PostgresFollowUps
from morina.exchange.adapters.postgres_hits import QuestionHits, SightingHits
from morina.exchange.adapters.postgres_questions import PostgresQuestions
from morina.exchange.adapters.postgres_register import Connects, Fresh, PostgresRegister
from morina.exchange.adapters.told_passages import ToldPassages
from morina.exchange.follow_up_clocks import Hours
from morina.settings import Settings
from morina.wiring.exchange.ground import Ground
from morina.wiring.exchange.lists import sources_of
from morina.wiring.guarding import Guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a node asks and answers, and what it does by the clock."""

    questions: PostgresQuestions
    answers: PostgresAnswers
    follow_ups: PostgresFollowUps
    taken: FollowUpsTaken
    register: PostgresRegister

    async def look(self) -> None:
        """Tell supervisors what is due, forget what was released and is over."""
        await self.follow_ups.look(datetime.now(UTC))

    async def forget(self) -> None:
        """Forget answers that are over."""
        await self.questions.forget(datetime.now(UTC))


def asking_of(ground: Ground, guard: Guard) -> Asking:
    """Questions, answers, follow-ups, and the register they are answered from."""
    register = PostgresRegister(_register_at(ground.settings, ground.pool))
    questions = PostgresQuestions(
        pool=ground.pool, node_id=ground.node_id, agreements=ground.agreements,
        outbox=ground.outbox, trail=ground.trail, clearance=guard.clearing,
        consultations=PostgresConsultations(ground.pool), pseudonym=ground.as_known,
        messages=PostgresBecame(ground.pool),
    )  # fmt: skip
    answers = answers_of(ground, register)
    hits = (QuestionHits(), SightingHits())
    kept = KeptFollowUps(
        node_id=ground.node_id, agreements=ground.agreements, outbox=ground.outbox,
        trail=ground.trail, pseudonym=ground.as_known,
    )  # fmt: skip
    follow_ups = PostgresFollowUps(
        pool=ground.pool, kept=kept, clearance=guard.clearing, use_approval=use_approval,
        approvals=guard.four_eyes.approvals, hits=hits, hours=hours_of(ground.settings),
        passages=ToldPassages(ground.pool, sources_of(ground)),
        least_characters=ground.settings.exchange.follow_up_characters,
    )  # fmt: skip
    return Asking(
        questions=questions, answers=answers, follow_ups=follow_ups, register=register,
        taken=FollowUpsTaken(kept=kept, hits=hits),
    )  # fmt: skip


def answers_of(ground: Ground, register: PostgresRegister) -> PostgresAnswers:
    """What answers partners' questions."""
    chosen = ground.settings.exchange
    return PostgresAnswers(
        pool=ground.pool, node_id=ground.node_id, agreements=ground.agreements,
        outbox=ground.outbox, trail=ground.trail, pseudonym=ground.as_known, secret=ground.secret,
        register=register, within_s=chosen.register_within_s, sample_every=chosen.sample_every,
    )  # fmt: skip


def hours_of(settings: Settings) -> Hours:
    """The clocks of follow-ups."""
    chosen = settings.exchange
    return Hours(
        acknowledge=chosen.acknowledge_h, answer=chosen.answer_h, weekend=chosen.weekend_h,
        zone=ZoneInfo(settings.health.time_zone),
    )  # fmt: skip


def _register_at(settings: Settings, own: AsyncConnectionPool) -> Connects:
    dsn = settings.exchange.register_dsn
    return Fresh(dsn) if dsn else own
