"""Two nodes that ask one another: GB asks AL about vehicles, and for details after a hit."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from guards import clearing_of
from invented import NOW, read
from morina.accountability import Purpose, PurposeCode, Role
from morina.accountability.adapters.postgres_approvals import PostgresApprovals, use_approval
from morina.accountability.adapters.postgres_consultations import PostgresConsultations
from morina.accountability.approvals import Verdict
from morina.alerts import AlertRules
from morina.alerts.adapters.postgres import PostgresAlerts
from morina.exchange import Agreement, Category
from morina.exchange.adapters.follow_ups_kept import KeptFollowUps
from morina.exchange.adapters.follow_ups_taken import FollowUpsTaken
from morina.exchange.adapters.postgres_answers import PostgresAnswers
from morina.exchange.adapters.postgres_follow_ups import PostgresFollowUps
from morina.exchange.adapters.postgres_hits import QuestionHits, SightingHits
from morina.exchange.adapters.postgres_questions import PostgresQuestions
from morina.exchange.adapters.told_passages import Sources, ToldPassages
from morina.exchange.follow_ups import FollowUp, ToFollowUp, Urgency
from morina.exchange.questions import Question, ToAsk
from morina.exchange.register import Named, RegisteredVehicle
from morina.plates import Plate
from morina.watch import Action, Hotlist, ReasonCode, SubjectCategory, VehicleOfInterest
from seen_passages import GROUPS, Cameras, Images
from two_nodes import PairedNode, PlainAgreements, carry, hotlist_agreement, paired_node

ROLES = {"ian": Role.INVESTIGATOR, "ana": Role.ANALYST, "sup": Role.SUPERVISOR}
TOLD = frozenset({"category", "reference", "action", "issued_at", "plate", "make", "model",
                  "colour", "status"})  # fmt: skip
NAME_TOLD = "Arta Invented"
RELEASED = frozenset({"holder_name", "holder_address", "note"})


def asking_agreement(**fields: object) -> Agreement:
    """AL answers GB about vehicles."""
    usual: dict[str, object] = {
        "giver": "AL", "receiver": "GB", "category": Category.VEHICLE, "fields": TOLD,
        "officer_cap": 20, "node_cap": 100,
    }  # fmt: skip
    return hotlist_agreement(**(usual | fields))


def details_agreement(**fields: object) -> Agreement:
    """AL gives GB details after a hit."""
    usual = {"category": Category.FOLLOW_UP, "fields": RELEASED}
    return asking_agreement(**(usual | fields))


_TOLD = """
INSERT INTO sighting_told (alert_id, state, partner, sighting_id, at) VALUES (%s, 3, %s, %s, %s)"""


@dataclass
class PlainRegister:
    """A register in memory that can be silent; the real one is tested on PostgreSQL."""

    vehicles: list[RegisteredVehicle] = field(default_factory=list)
    silent_s: float = 0.0
    asked: int = 0

    async def look_up(
        self, named: Named, _at: datetime | None = None
    ) -> Sequence[RegisteredVehicle]:
        self.asked += 1
        await asyncio.sleep(self.silent_s)
        wanted = named.vin or named.plate
        return [one for one in self.vehicles if wanted in (one.plate, one.fields.get("vin"))]


@dataclass
class AskingNode:
    """What one node asks, and answers."""

    node: PairedNode
    register: PlainRegister = field(default_factory=PlainRegister)

    def __post_init__(self) -> None:
        node, pool = self.node, self.node.pool
        shared = {"agreements": node.agreements, "outbox": node.outbox, "trail": node.trail,
                  "pseudonym": node.as_known, "node_id": node.here}  # fmt: skip
        clearance = clearing_of(pool, roles_of=_roles_of)
        self.questions = PostgresQuestions(
            pool=pool, clearance=clearance, consultations=PostgresConsultations(pool), **shared
        )
        self.answers = PostgresAnswers(
            pool=pool, secret="s" * 32, register=self.register, within_s=60, sample_every=1,
            **shared,
        )  # fmt: skip
        self.approvals = PostgresApprovals(pool)
        kept = KeptFollowUps(**shared)
        hits = (QuestionHits(), SightingHits())
        self.images, self.alerts = Images(), PostgresAlerts(pool, AlertRules(), node.trail)
        sources = Sources(alerts=self.alerts, cameras=Cameras(), images=self.images,
                          policies=GROUPS)  # type: ignore[arg-type]  # fmt: skip
        self.follow_ups = PostgresFollowUps(
            pool=pool, kept=kept, clearance=clearance, approvals=self.approvals,
            use_approval=use_approval, hits=hits, passages=ToldPassages(pool, sources),
        )  # fmt: skip
        taken = FollowUpsTaken(kept=kept, hits=hits)
        node.takes += [self.questions, self.answers, taken]

    def register_falls_silent(self) -> None:
        """It answers no more, and is waited for a moment only."""
        self.register.silent_s = 60
        hasty = replace(self.answers, within_s=0.1)
        self.node.takes[self.node.takes.index(self.answers)] = hasty
        self.answers = hasty

    async def list_vehicle(self, plate: Plate, **fields: object) -> None:
        """Put it on a hotlist of this node's own."""
        hotlist = Hotlist(
            hotlist_id=uuid.uuid4(), name=f"Stolen {uuid.uuid4()}", owner="Police of AL",
            purpose="finding stolen vehicles", legal_basis="Law 1", review_at=date(2030, 1, 1),
        )  # fmt: skip
        usual: dict[str, object] = {
            "listing_id": uuid.uuid4(), "plate": plate, "reason_code": ReasonCode.STOLEN,
            "subject_category": SubjectCategory.OTHER, "action": Action.STOP,
            "owner_unit": "North", "contact_24h": "+0", "legal_basis": "Law 1",
            "created_by": "a.owner", "valid_from": NOW - timedelta(days=5),
            "valid_to": NOW + timedelta(days=50), "review_at": date(2030, 1, 1),
            "source_reference": "AL-77",
        }  # fmt: skip
        await self.node.hotlists.create(hotlist)
        listing = VehicleOfInterest(**(usual | fields))  # type: ignore[arg-type]  # names checked
        await self.node.hotlists.add(hotlist.hotlist_id, listing, "a.owner")

    async def saw(self, plate: str, partner: str, about: uuid.UUID, at: datetime = NOW) -> None:
        """Its camera at the border saw a listed vehicle, as ``partner`` was told under that id."""
        one = read(plate, captured_at=at)
        [hit, *_] = (await self.node.matched()).match(one)
        [alert] = await self.alerts.raise_for([(one, hit)], at)
        async with self.node.pool.connection() as connection:
            told = (alert.alert_id, partner, about, at)
            await connection.execute(_TOLD, told)


@dataclass
class Pair:
    """GB, which asks, and AL, which answers, with what both agreed."""

    gb: AskingNode
    al: AskingNode
    agreements: PlainAgreements

    async def talk(self, now: datetime = NOW) -> None:
        """Carry messages until there are none."""
        while await carry(self.gb.node, self.al.node, now) + await carry(
            self.al.node, self.gb.node, now
        ):
            pass

    async def asked(self, named: Named, now: datetime = NOW, **fields: object) -> Question:
        """What AL answered to one question."""
        [one] = await self.gb.questions.ask(to_ask(named, **fields), now)
        await self.talk(now + timedelta(milliseconds=250))
        return await self.gb.questions.question(one.question_id, "ian")

    async def written(self, **fields: object) -> FollowUp:
        """A follow-up to a hit, written and not approved yet."""
        plate = Plate.of("AA111BB", "AL")
        await self.al.list_vehicle(plate)
        hit = await self.asked(Named(plate=plate))
        return await self.gb.follow_ups.write(wanted(hit.question_id, **fields), NOW)

    async def approved(self, one: FollowUp, approved: bool = True) -> None:
        """A supervisor decides."""
        assert one.approval_id is not None
        verdict = Verdict("sup", approved, "it is needed for the case")
        await self.gb.approvals.decide(one.approval_id, verdict, NOW)

    async def standing(self) -> FollowUp:
        """A follow-up that stands at AL."""
        one = await self.written()
        await self.approved(one)
        await self.gb.follow_ups.send(one.follow_up_id, "ian", NOW)
        await self.talk()
        return one


def purpose(**fields: object) -> Purpose:
    usual: dict[str, object] = {
        "officer": "ian", "code": PurposeCode.STOLEN_VEHICLE, "case_number": "C-2026-7",
        "legal_basis": "Invented treaty, article 4",
        "justification": "a grey van left the ferry on Monday without papers, driver unknown",
    }  # fmt: skip
    return Purpose(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


def to_ask(named: Named, **fields: object) -> ToAsk:
    usual: dict[str, object] = {"partners": ("AL",), "named": named, "purpose": purpose()}
    return ToAsk(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


def wanted(about: uuid.UUID, **fields: object) -> ToFollowUp:
    usual: dict[str, object] = {
        "partner": "AL", "about": about, "purpose": purpose(), "offence": "theft of a vehicle",
        "urgency": Urgency.ROUTINE, "wanted": ("holder_name",), "officers": ("ana",),
    }  # fmt: skip
    return ToFollowUp(**(usual | fields))  # type: ignore[arg-type]  # the names are checked


@asynccontextmanager
async def asking_pair(postgres: str) -> AsyncIterator[Pair]:
    """Both nodes, with empty databases."""
    agreements = PlainAgreements([asking_agreement(), details_agreement()])
    async with (
        paired_node(postgres, "GB", agreements) as gb,
        paired_node(postgres, "AL", agreements) as al,
    ):
        yield Pair(AskingNode(gb), AskingNode(al), agreements)


async def _roles_of(name: str) -> frozenset[Role]:
    return frozenset({ROLES[name]}) if name in ROLES else frozenset()
