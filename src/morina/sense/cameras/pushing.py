"""Cameras that read plates themselves and send what they read: what is known of each."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from morina.sense.cameras.reports import Setup

KEPT_BAD_PAYLOADS = 20
"""The newest of each camera."""

KEPT_BYTES = 64_000
"""Of a bad payload, from its beginning."""

KEPT_KNOCKS = 200
SHORTEST_SECRET = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PushingCamera:
    """How a camera is heard, beside where it stands (Camera, of the same id).

    ``maker`` names its adapter. ``time_zone`` is the IANA zone of its clock, empty where it sends
    one. ``device_keys`` is how the camera names itself; all must fit where there are any, so that
    several cameras may share a secret. ``addresses`` (IP networks) and ``certificate`` (SHA-256,
    hex) let it in at its maker's fixed path without signing in.
    """

    camera_id: str
    maker: str
    time_zone: str = ""
    confidence_scale: float | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    device_keys: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    certificate: str = ""
    pull_url: str = ""

    def __post_init__(self) -> None:
        _check_zone(self.time_zone)
        if self.confidence_scale is not None and not self.confidence_scale > 0:
            raise ValueError(f"confidence scale {self.confidence_scale} is not above 0")
        for network in self.addresses:
            _check_network(network)
        if not re.fullmatch("([0-9a-f]{64})?", self.certificate):
            raise ValueError(
                "certificate is not 64 hexadecimal digits; see openssl x509 -fingerprint -sha256"
            )
        if "@" in self.pull_url:
            raise ValueError("the pull address holds a name or password; give them as the secret")

    @property
    def setup(self) -> Setup:
        """What its adapter needs to know."""
        return Setup(
            timezone=ZoneInfo(self.time_zone) if self.time_zone else None,
            confidence_scale=self.confidence_scale,
            mapping=self.mapping,
        )

    def names(self, camera_key: Mapping[str, str]) -> bool:
        """Whether ``camera_key`` is how this camera names itself."""
        return all(_same(camera_key.get(name), value) for name, value in self.device_keys.items())

    def may_come_from(self, address: str) -> bool:
        """Whether ``address`` is one of those allowed without signing in."""
        try:
            here = ip_address(address)
        except ValueError:
            return False
        return any(here in ip_network(network) for network in self.addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """When a camera was last heard of (anything) and last reported a passage.

    ``clock_offset_s`` is what its clock is behind the node's, mean over the last reports (the time
    the report took included), None while it was not measured.
    """

    camera_id: str
    heard_at: datetime
    reported_at: datetime | None = None
    clock_offset_s: float | None = None
    reports: int = 0
    repeats: int = 0
    bad_payloads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPayload:
    """What a camera sent that its adapter refused; passwords in addresses are taken out."""

    at: datetime
    fault: str
    media_type: str
    size: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """An unknown camera: where it called from and how it names itself; nothing else is kept.

    ``maker`` is guessed from the payload, empty when it cannot be. ``secret_sha256`` is of the
    secret it called with, so that the camera can be adopted without typing it anew.
    """

    knock_id: UUID
    address: str
    maker: str
    camera_key: Mapping[str, str]
    first_at: datetime
    last_at: datetime
    times: int = 1
    secret_sha256: bytes = field(default=b"", repr=False)


class NoSuchKnockError(LookupError):
    """Nobody knocked under that id, or it was adopted or forgotten meanwhile."""


class PushingCameras(Protocol):
    """The pushing cameras of this node, what is heard of them, and who knocks; durable."""

    async def pushing(self) -> list[PushingCamera]:
        """All, by id."""

    async def of_secret(self, secret_sha256: bytes) -> list[PushingCamera]:
        """Those that call with that secret; usually one."""

    async def put(self, camera: PushingCamera, secret: str = "") -> str:
        """Add or change one; its secret, new where it has none and none is given.

        Empty where only the hash of its secret is known. A camera whose list is pulled has its
        ``user:password`` as secret, which lets nobody push. ValueError for a short secret;
        NoSuchCameraError when there is no camera of that id.
        """

    async def remove(self, camera_id: str) -> None:
        """The camera no longer pushes; it stays a camera. NoSuchCameraError."""

    async def secret(self, camera_id: str) -> str:
        """Its secret in the clear, empty when only its hash is known. NoSuchCameraError."""

    async def heard(self) -> dict[str, Heard]:
        """By camera id."""

    async def hear(self, camera_id: str, at: datetime) -> None:
        """The camera is alive."""

    async def report(
        self, camera_id: str, at: datetime, offset_s: float | None, repeat: bool = False
    ) -> None:
        """The camera reported a passage; ``offset_s`` is what its clock was behind, if known."""

    async def keep_bad(self, camera_id: str, bad: BadPayload) -> None:
        """Keep it among the camera's last, and count it."""

    async def bad_payloads(self, camera_id: str) -> list[BadPayload]:
        """The last ones, newest first."""

    async def knock(self, knock: Knock) -> None:
        """Keep or count who knocked; the oldest are forgotten beyond a bound."""

    async def knocks(self) -> list[Knock]:
        """Who knocked, newest first."""

    async def adopt(self, knock_id: UUID, camera: PushingCamera) -> str:
        """Make who knocked this camera, and the secret to type into it.

        Empty when the camera goes on with the secret it knocked with. NoSuchKnockError.
        """

    async def cursor(self, camera_id: str) -> str:
        """How far the camera's own list was taken; empty at first."""

    async def take_cursor(self, camera_id: str, cursor: str) -> None:
        """Remember how far it was taken."""


def new_secret() -> str:
    """A secret for a camera's push address (192 random bits)."""
    return secrets.token_urlsafe(24)


def secret_hash(secret: str) -> bytes:
    """What a secret is found by; it is random and long, so SHA-256 suffices."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def whose(cameras: Sequence[PushingCamera], camera_key: Mapping[str, str]) -> PushingCamera | None:
    """The camera that names itself so, the one with most keys first."""
    fitting = [camera for camera in cameras if camera.names(camera_key)]
    return max(fitting, key=lambda camera: len(camera.device_keys), default=None)


def _same(said: str | None, known: str) -> bool:
    return said is not None and said.strip().casefold() == known.strip().casefold()


def _check_zone(name: str) -> None:
    try:
        if name:
            ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ValueError(
            f"time zone {name!r} is unknown; write one such as Europe/Tirane"
        ) from None


def _check_network(network: str) -> None:
    try:
        ip_network(network)
    except ValueError:
        raise ValueError(
            f"address {network!r} is no IP address or network; write one such as 10.1.2.0/24"
        ) from None
