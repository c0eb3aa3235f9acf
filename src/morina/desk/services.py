"""What the desk is given to work with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from morina.accountability import Users
from morina.accountability.approvals import FourEyes
from morina.accountability.looking import Looks
from morina.accountability.overseeing import Overseer
from morina.accountability.provider import Provider
from morina.accountability.sealing import Sealing
from morina.accountability.signing_in import SigningIn
from morina.accountability.tokens import OwnTokens
from morina.accountability.trail import TrailReader
from morina.alerts import AlertStore
from morina.desk.aerial import AerialServices
from morina.desk.exchange import ExchangeServices
from morina.desk.live import Live
from morina.desk.oversight import Oversight
from morina.desk.proxies import LOOPBACK
from morina.plates import Plate
from morina.records import CameraFigures, ImageStore, Period, ReadStore
from morina.records.asking import Asking
from morina.records.audit import Audits, Targets
from morina.records.checkup import Checkup
from morina.records.erasing import Erasures
from morina.records.exports.giving import Exports
from morina.records.forgetting import Forgetting
from morina.records.imports.past import KeptDays
from morina.records.kinds import Question
from morina.records.pins import Pins
from morina.records.remembered import Remembering
from morina.records.retention import Group, Retention
from morina.records.roads import Roads
from morina.records.running import Running
from morina.records.statements import Statements
from morina.sense import Capture
from morina.sense.cameras import CameraRegistry
from morina.sense.cameras.pushing import PushingCameras
from morina.sense.cameras.receiving import Receiving
from morina.sense.site import SiteHeard
from morina.watch import ClonedPlates, HotlistStore


class CaptureIntake(Protocol):
    """Takes captures in and keeps them until they are read."""

    async def hand_over(self, capture: Capture) -> None:
        """Returns once the capture is durable in the stream; its image must be stored before."""


class Health(Protocol):
    """How the node and its engines are."""

    async def engines(self) -> dict[str, str]:
        """Engine name to ``"up"`` or what is wrong, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the desk accepts and assumes; every one is a setting (docs/settings.md)."""

    upload_bytes: int = 12_000_000
    push_bytes: int = 20_000_000
    sortie_bytes: int = 4_000_000_000
    certificate_header: str = ""
    proxies: tuple[str, ...] = LOOPBACK
    behind_tls_proxy: bool = False
    sign_ins_a_minute: int = 30
    requests_a_second: int = 200
    image_pixels: int = 40_000_000
    look_alike_swaps: int = 2
    live_within_s: int = 300
    misread_share: float = 0.03
    reads_a_day: int = 5_000_000
    tiles: Path | None = None
    metrics_from_loopback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The ways in. ``address`` is where people open the desk, empty as each browser asks;
    ``sealing`` seals what browsers keep between two steps."""

    signing: SigningIn
    sealing: Sealing
    address: str = ""
    token_days: int = 90
    provider: Provider | None = None
    tokens: OwnTokens


class Queues(Protocol):
    """What waits in the hand-over streams."""

    async def waiting(self) -> dict[str, int]:
        """Stream name to messages not yet taken."""

    async def of_cameras(self) -> Mapping[str, int] | None:
        """Camera id to captures not yet read; None while nobody can tell."""


class Sites(Protocol):
    """The sites of this node."""

    async def sites(self) -> list[SiteHeard]:
        """Those that may join, by name, and what each last told of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What keeps cameras well: the checkup with its notices, audits and their targets by site."""

    checkup: Checkup
    counts: CameraFigures
    audits: Audits
    queues: Queues
    targets: Targets = field(default_factory=Targets)
    of_site: Mapping[str, Targets] = field(default_factory=dict)

    def targets_of(self, site: str) -> Targets:
        """What a camera of ``site`` should reach."""
        return self.of_site.get(site, self.targets)


async def no_roads(_running: Running) -> Roads:
    """Nothing is known of which cameras follow which."""
    return Roads({}, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Questions to the records. ``of_listing`` is the question in which a new hotlist entry is
    looked for among past reads, which goes ``entry_days_back`` days back; ``roads`` tells which
    cameras follow which, StoppedError where that takes too long."""

    asking: Asking
    of_listing: Callable[[Plate, Period], Question]
    entry_days_back: int = 90
    roads: Callable[[Running], Awaitable[Roads]] = no_roads


def ninety_days(_camera_id: str) -> int:
    """How long reads are kept where nothing else is said."""
    return 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What is kept for how long, what is kept beyond that, and what is forgotten before."""

    forgetting: Forgetting
    erasures: Erasures
    pins: Pins
    statements: Statements
    policies: Retention
    remembering: Remembering
    review_days: int = 180


@dataclass(frozen=True, slots=True)
class Guarding:
    """Who is asked for a second person's word, and what is found of misuse."""

    four_eyes: FourEyes
    overseer: Overseer


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every role the pages and the API call. Built by ``wiring``, passed to ``create_desk``.

    ``kept_days`` is how long the reads of a camera are kept.
    """

    users: Users
    hotlists: HotlistStore
    alerts: AlertStore
    clones: ClonedPlates
    reads: ReadStore
    images: ImageStore
    cameras: CameraRegistry
    pushing: PushingCameras
    receiving: Receiving
    intake: CaptureIntake
    health: Health
    upkeep: Upkeep
    search: Search
    exports: Exports
    sites: Sites
    live: Live
    looks: Looks
    limits: Limits
    session_secret: str
    doors: Doors
    kept_days: KeptDays = ninety_days
    forgotten: Forgotten | None = None
    trail: TrailReader | None = None
    oversight: Oversight | None = None
    guard: Guarding | None = None
    exchange: ExchangeServices | None = None
    aerial: AerialServices | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """Groups of cameras as the settings name them; ``records.placing.grouped`` says whose."""
        return self.forgotten.policies.groups if self.forgotten else ()
