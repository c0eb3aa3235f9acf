"""What sites last told of themselves, kept at the node in one file across restarts."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from morina.engines import Home
from morina.sense.site import SiteHeard, SiteState
from morina.wiring.site_folder import SiteFolder

log = logging.getLogger(__name__)

Told = tuple[datetime, SiteState]


@dataclass(slots=True)
class SiteStates:
    """By site, when it last told how it is, and what; written by the node that serves sites."""

    home: Home
    _told: dict[str, Told] = field(init=False)

    def __post_init__(self) -> None:
        self._told = told(self.home)

    def hear(self, state: SiteState, at: datetime, site: str) -> None:
        """That site said so; durable on return."""
        self._told[site] = (at, state)
        self._write()

    def forget(self, site: str) -> None:
        """It is no site any more; what comes under its name is another."""
        if self._told.pop(site, None):
            self._write()

    def _write(self) -> None:
        self.home.write_private(_file(self.home), msgspec.json.encode(self._told).decode())


@dataclass(frozen=True, slots=True)
class KnownSites:
    """The role Sites of the desk."""

    folder: SiteFolder

    async def sites(self) -> list[SiteHeard]:
        """See there."""
        return await asyncio.to_thread(heard, self.folder)


def heard(folder: SiteFolder) -> list[SiteHeard]:
    """Every site that may join, by name, with what it last told."""
    known = told(folder.home)
    found = []
    for site in folder.sites():
        at, state = known.get(site.name, (None, None))
        found.append(SiteHeard(site=site.name, scope=site.scope, heard_at=at, state=state))
    return found


def told(home: Home) -> dict[str, Told]:
    """The file's content; nothing where there is none or another version wrote it."""
    file = _file(home)
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Told])
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError as error:
        log.warning("%s cannot be read (%s); sites tell it anew when they connect", file, error)
        return {}


def _file(home: Home) -> Path:
    return home.folder("run") / "sites.json"
