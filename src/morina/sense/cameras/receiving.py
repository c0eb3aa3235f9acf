"""What a pushing camera sent, from bytes to arrivals, whichever way it came."""

import asyncio
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from morina.sense.cameras import figures
from morina.sense.cameras.arrivals import Arrivals, clock_offset_s
from morina.sense.cameras.pushing import (
    KEPT_BYTES,
    BadPayload,
    Knock,
    PushingCamera,
    PushingCameras,
    whose,
)
from morina.sense.cameras.reports import Heartbeat, Maker, PayloadError, Reply, Report, Setup

GUESSES_A_MINUTE = 30
"""A stranger's payload costs the decoding of up to every maker; beyond this it is not guessed."""

GUESSED_BYTES = 4_000_000
KEYS_KEPT, KEY_LENGTH = 8, 100
_PASSWORD = re.compile(rb"((?::|%3a)(?:\\?/|%2f){2})[^\s\"'<>@/]{1,200}?(@|%40)", re.IGNORECASE)
"""Between :// and @, also as JSON and forms write them."""


class UnknownCameraError(LookupError):
    """No camera of this node names itself so, or calls with that secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One payload as it came. ``headers`` as for Decode, without any that sign in."""

    payload: bytes = field(repr=False)
    headers: Mapping[str, str]
    address: str
    received_at: datetime
    secret_sha256: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Receiving:
    """Takes what cameras send, by every way there is."""

    makers: Mapping[str, Maker]
    cameras: PushingCameras
    arrivals: Arrivals
    _guesses: list[float] = field(default_factory=list)

    async def take(self, candidates: Sequence[PushingCamera], sent: Sent) -> Reply:
        """Take a payload of one of ``candidates``; what its maker must hear. Durable on return.

        PayloadError, kept for the technician, when it cannot be decoded; UnknownCameraError, noted
        as knocking, when nobody in it is one of them.
        """
        if not candidates:
            await self._knock(sent, *await self._guess(sent, self.makers.values()))
            raise UnknownCameraError("no camera of this node calls so; adopt it at the desk")
        maker, items = await self._decoded(candidates, sent)
        of_maker = [camera for camera in candidates if camera.maker == maker.name]
        known = [await self._taken(of_maker, item, maker, sent) for item in items]
        if items and not any(known):
            raise UnknownCameraError("no camera of this node names itself so; adopt it at the desk")
        return maker.reply

    async def knock(self, sent: Sent, maker: str = "") -> None:
        """Note who called and was not let in; ``maker`` where the way it came says whose it is."""
        makers = [self.makers[maker]] if maker in self.makers else list(self.makers.values())
        await self._knock(sent, *await self._guess(sent, makers))

    async def _decoded(
        self, candidates: Sequence[PushingCamera], sent: Sent
    ) -> tuple[Maker, list[Report | Heartbeat]]:
        """By the first adapter that can; the first one's refusal is kept and raised."""
        refused: PayloadError | None = None
        for camera in _one_of_each(candidates):
            try:
                return await self.tried(camera, sent)
            except PayloadError as error:
                refused = refused or error
        assert refused is not None  # noqa: S101 - there was a candidate, and it was refused
        await self.refuse(candidates[0], sent, refused)
        raise refused

    async def tried(
        self, camera: PushingCamera, sent: Sent
    ) -> tuple[Maker, list[Report | Heartbeat]]:
        """What ``camera`` sent; PayloadError, of which nothing is kept."""
        maker = self.makers.get(camera.maker)
        if maker is None:
            raise PayloadError(f"maker {camera.maker!r} is unknown; change the camera's")
        return maker, await _decode(maker, sent, camera.setup)

    async def refuse(self, camera: PushingCamera, sent: Sent, why: PayloadError) -> None:
        """Count what cannot be taken, and keep it for the technician."""
        figures.BAD_PAYLOADS.labels(camera.camera_id).inc()
        bad = _bad(sent, why)
        if self.arrivals.forgets(camera.camera_id):
            bad = replace(bad, content=b"", fault="it cannot be decoded; nothing of it is kept")
        await self.cameras.keep_bad(camera.camera_id, bad)

    async def _taken(
        self, of_maker: Sequence[PushingCamera], item: Report | Heartbeat, maker: Maker, sent: Sent
    ) -> bool:
        camera = whose(of_maker, item.camera_key)
        if camera is None:
            await self._knock(sent, maker.name, item.camera_key)
            return False
        if isinstance(item, Heartbeat):
            await self.cameras.hear(camera.camera_id, sent.received_at)
            return True
        await self.report(camera, item, sent.received_at)
        return True

    async def decoded(self, camera: PushingCamera, sent: Sent) -> list[Report | Heartbeat]:
        """What ``camera`` sent; PayloadError, kept for the technician."""
        return (await self._decoded([camera], sent))[1]

    async def report(self, camera: PushingCamera, report: Report, received_at: datetime) -> None:
        """Take one report of a known camera. Durable on return."""
        fresh = await self.arrivals.take(report, camera.camera_id, camera.maker, received_at)
        offset_s = clock_offset_s(report, received_at)
        await self.cameras.report(camera.camera_id, received_at, offset_s, not fresh)
        figures.REPORTS.labels(camera.camera_id).inc()
        if not fresh:
            figures.REPEATS.labels(camera.camera_id).inc()

    async def _guess(self, sent: Sent, makers: Iterable[Maker]) -> tuple[str, Mapping[str, str]]:
        """Whose payload a stranger's may be and how it names itself; nothing else of it is used."""
        now = time.monotonic()
        self._guesses = [at for at in self._guesses if at > now - 60]
        if len(self._guesses) >= GUESSES_A_MINUTE or len(sent.payload) > GUESSED_BYTES:
            return "", {}
        self._guesses.append(now)
        for maker in makers:
            try:
                items = await _decode(maker, sent, Setup(timezone=UTC))
            except PayloadError:
                continue
            for item in items:
                if item.camera_key:
                    return maker.name, item.camera_key
        return "", {}

    async def _knock(self, sent: Sent, maker: str, camera_key: Mapping[str, str]) -> None:
        figures.KNOCKS.inc()
        kept = {k[:KEY_LENGTH]: v[:KEY_LENGTH] for k, v in list(camera_key.items())[:KEYS_KEPT]}
        await self.cameras.knock(
            Knock(
                knock_id=uuid4(),
                address=sent.address[:KEY_LENGTH],
                maker=maker,
                camera_key=kept,
                first_at=sent.received_at,
                last_at=sent.received_at,
                secret_sha256=sent.secret_sha256,
            )
        )


async def _decode(maker: Maker, sent: Sent, setup: Setup) -> list[Report | Heartbeat]:
    return await asyncio.to_thread(maker.decode, sent.payload, sent.headers, setup)


def _one_of_each(candidates: Sequence[PushingCamera]) -> list[PushingCamera]:
    """The first camera of each maker: those that share a secret are set up alike."""
    return list({camera.maker: camera for camera in reversed(candidates)}.values())[::-1]


def _bad(sent: Sent, refused: PayloadError) -> BadPayload:
    return BadPayload(
        at=sent.received_at,
        fault=_PASSWORD.sub(rb"\1***\2", str(refused).encode("utf-8", "replace")).decode()[:500],
        media_type=sent.headers.get("content-type", "")[:100],
        size=len(sent.payload),
        content=_PASSWORD.sub(rb"\1***\2", sent.payload[: KEPT_BYTES + 500])[:KEPT_BYTES],
    )
