"""Every camera looked at once a minute: figures gathered, judged, notices brought up to date."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from morina.records.figures import CameraFigures
from morina.records.images import ImageStore, NoSuchImageError
from morina.sense import Read
from morina.sense.cameras import Camera, CameraRegistry, CameraStates, SourceState
from morina.sense.cameras.condition import Figures, Rules, Sight
from morina.sense.cameras.health import findings
from morina.sense.cameras.notices import Notice, Notices
from morina.sense.cameras.passed import Hour, Usual
from morina.sense.cameras.pushing import Heard, PushingCameras
from morina.sense.cameras.sight import sight_of

WEEK = timedelta(days=7)
PICTURES_WITHIN = timedelta(hours=1)
USUAL_FOR = timedelta(hours=1)
"""How long what is usual is taken as known: it is made of full hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One camera at the last look; ``notices`` are those open, ``zone`` that of ``usual``."""

    camera: Camera
    figures: Figures
    usual: Usual | None
    heard: Heard | None
    notices: tuple[Notice, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where a camera's figures come from."""

    registry: CameraRegistry
    states: CameraStates
    pushing: PushingCameras
    counts: CameraFigures
    images: ImageStore


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    now: datetime
    states: Mapping[str, SourceState]
    heard: Mapping[str, Heard]
    hours: Mapping[str, tuple[Hour, ...]]
    last: Mapping[str, Read]
    sights: Mapping[str, Sight]


@dataclass(slots=True)
class Checkup:
    """Looks at all cameras. ``latest`` is by camera id, empty before the first look."""

    sources: Sources
    notices: Notices
    rules: Rules
    up_since: datetime
    latest: dict[str, Checked] = field(default_factory=dict)
    looked_at: datetime | None = None
    _usual: dict[str, Usual] = field(default_factory=dict)
    _usual_until: datetime | None = None
    _sights: dict[str, Sight] = field(default_factory=dict)

    async def look(self, now: datetime) -> None:
        """Count, gather, judge; ConnectionError and an engine's own errors pass through."""
        await self.sources.counts.count()
        if self._usual_until is None or now >= self._usual_until:
            self._usual = await self.sources.counts.usual(now, self.rules.zone)
            self._usual_until = now + USUAL_FOR
        cameras = await self.sources.registry.cameras()
        known = await self._known(now)
        unclosed = await self.notices.unclosed()
        self.latest = {
            camera.camera_id: await self._checked(camera, known, unclosed) for camera in cameras
        }
        self.looked_at = now

    async def acknowledge(self, notice_id: UUID, by: str, now: datetime) -> Notice:
        """Somebody takes a notice on; NoSuchNoticeError."""
        taken = await self.notices.acknowledge(notice_id, by, now)
        if one := self.latest.get(taken.camera_id):
            notices = [taken if old.notice_id == notice_id else old for old in one.notices]
            self.latest[taken.camera_id] = replace(one, notices=tuple(notices))
        return taken

    async def _known(self, now: datetime) -> _Known:
        last = await self.sources.counts.last(now - PICTURES_WITHIN)
        self._sights = await self._seen(last)
        return _Known(
            now=now,
            states=await self.sources.states.states(),
            heard=await self.sources.pushing.heard(),
            hours=await self.sources.counts.hours(now - WEEK),
            last=last,
            sights=self._sights,
        )

    async def _checked(self, camera: Camera, known: _Known, unclosed: list[Notice]) -> Checked:
        name = camera.camera_id
        figures = replace(figures_of(camera, known), up_since=self.up_since)
        usual = self._usual.get(name)
        standing = {one.fault for one in unclosed if one.camera_id == name and one.is_open}
        found = await asyncio.to_thread(findings, figures, usual, self.rules, standing)
        notices: list[Notice] = []
        if found or any(one.camera_id == name for one in unclosed):
            notices = await self.notices.take(name, found, known.now)
        return Checked(
            camera=camera,
            figures=figures,
            usual=usual,
            heard=known.heard.get(name),
            notices=tuple(notice for notice in notices if notice.is_open),
            zone=self.rules.zone,
        )

    async def _seen(self, last: Mapping[str, Read]) -> dict[str, Sight]:
        """How the newest overview images look, each looked at once; by its name."""
        names = {read.evidence.overview for read in last.values() if read.evidence}
        seen = {name: sight for name, sight in self._sights.items() if name in names}
        for name in names - seen.keys():
            try:
                image = await self.sources.images.get(name)
            except NoSuchImageError:
                continue
            if sight := await asyncio.to_thread(sight_of, image):
                seen[name] = sight
        return seen


def figures_of(camera: Camera, known: _Known) -> Figures:
    """One camera's figures of what is known of all."""
    name = camera.camera_id
    state, heard, last = known.states.get(name), known.heard.get(name), known.last.get(name)
    frames = state.frames + state.dropped if state else 0
    return Figures(
        camera_id=name,
        at=known.now,
        place=(camera.latitude, camera.longitude),
        hours=known.hours.get(name, ()),
        follows=bool(camera.source),
        last_frame_at=state.last_frame_at if state else None,
        frames_per_s=state.frames_per_s if state else None,
        dropped_share=state.dropped / frames if state and frames else None,
        last_error=state.last_error if state else "",
        filmed=_filmed(state, known.now),
        last_heard_at=heard.heard_at if heard else (last.captured_at if last else None),
        clock_offset_s=_clock_offset_s(heard, last),
        sight=known.sights.get(last.evidence.overview) if last and last.evidence else None,
    )


def _filmed(state: SourceState | None, now: datetime) -> Sight | None:
    """How what is filmed looks; None of a camera whose pictures ceased."""
    if state is None or state.last_frame_at is None:
        return None
    return state.sight if now - state.last_frame_at < PICTURES_WITHIN else None


def _clock_offset_s(heard: Heard | None, last: Read | None) -> float | None:
    """What the camera's clock is behind: as measured here, else as its site flagged it."""
    if heard is not None and heard.clock_offset_s is not None:
        return heard.clock_offset_s
    if last is not None and last.clock_wrong:
        return (last.received_at - last.captured_at).total_seconds()
    return None
