"""Cameras that push to a site: the desk's door on a port of its own, and the node's other ways."""

import asyncio
import logging
import socket
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from morina.desk.bounds import Bounds
from morina.desk.problems import ProblemError
from morina.desk.proxies import Proxies
from morina.desk.push_door import FIXED, METHODS, PushDoor
from morina.engines import EngineError, Home
from morina.sense.cameras.adapters.file_cursors import FileCursors
from morina.sense.cameras.adapters.file_pushing import FilePushing
from morina.sense.cameras.adapters.folder_pending import FolderPending
from morina.sense.cameras.adapters.toml_file import TomlCameras
from morina.sense.cameras.pushing import Knock
from morina.sense.cameras.receiving import Receiving
from morina.sense.site import SiteState
from morina.sense.site.adapters.folder import FolderPictures
from morina.sense.site.adapters.nats import OUTAGES, SiteStream
from morina.settings import Settings
from morina.wiring.decoding import MAKERS
from morina.wiring.edge.clocks import SiteClocks
from morina.wiring.edge.only_hits import OnlyHitsHere
from morina.wiring.listening import listening_at
from morina.wiring.pushing import arrivals_at_once, arrivals_of, ways_of

log = logging.getLogger(__name__)

KNOCKS_TOLD = 20


@dataclass(frozen=True, slots=True)
class SitePush:
    """What cameras push here, taken in. ``key`` is a secret of this home."""

    pushing: FilePushing
    receiving: Receiving
    settings: Settings
    key: str

    def work(self, listening: socket.socket | None) -> list[Coroutine[Any, Any, None]]:
        """What goes on for ever; without a socket nobody can push over HTTP."""
        door = [self.listen(listening)] if listening else []
        return [*ways_of(self.settings, self.receiving), *door]

    async def listen(self, listening: socket.socket) -> None:
        """Take pushes until told to stop; what is under way is answered first."""
        config = uvicorn.Config(
            self.app(), log_level="warning", access_log=False, ws="none", lifespan="off",
            timeout_graceful_shutdown=2, proxy_headers=False,
        )  # fmt: skip
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            await asyncio.shield(serving)
        finally:
            server.should_exit = True
            await serving

    def app(self) -> Proxies:
        """The door as a web application of its own, and nothing besides."""
        limits = self.settings.push
        door = PushDoor(self.pushing, self.receiving, self.key, limits.certificate_header)

        async def by_secret(request: Request) -> Response:
            told = request.path_params
            return await door.by_secret(request, told["secret"], told.get("rest", ""))

        methods = list(METHODS)
        routes = [
            Route("/push/{secret}", by_secret, methods=methods),
            Route("/push/{secret}/{rest:path}", by_secret, methods=methods),
        ]
        for path in FIXED:
            routes.append(Route(path + "{rest:path}", door.at_fixed_path, methods=methods))
        answered: dict[Any, Any] = dict.fromkeys((*OUTAGES, OSError), _away)
        answered[ProblemError] = _refused
        bounded = Bounds(Starlette(routes=routes, exception_handlers=answered), limits.bytes)
        return Proxies(bounded, limits.certificate_header, limits.proxies)

    async def told(self, state: SiteState) -> SiteState:
        """The site's state with what is known of cameras that push."""
        heard, bad = await self.pushing.heard(), {}
        for camera in await self.pushing.pushing():
            if kept := await self.pushing.bad_payloads(camera.camera_id):
                bad[camera.camera_id] = kept[0].fault
        knocks = (await self.pushing.knocks())[:KNOCKS_TOLD]
        return replace(
            state,
            reports={name: one.reports for name, one in heard.items()},
            knocks=self.pushing.knocked,
            knocking={_who(knock): knock.times for knock in reversed(knocks)},
            bad_payloads=bad,
        )


@dataclass(frozen=True, slots=True)
class SiteParts:
    """What pushes end in: reads and captures, pictures, what is known of clocks, and what tells
    hits from all else."""

    stream: SiteStream
    pictures: FolderPictures
    clocks: SiteClocks
    only_hits: OnlyHitsHere


def push_of_site(
    settings: Settings, home: Home, cameras: TomlCameras, parts: SiteParts
) -> SitePush:
    """The parts that take pushes."""
    cursors = FileCursors(home.folder("run") / "cursors.json")
    pushing = FilePushing(cameras, cursors, parts.clocks.behind)
    pending = FolderPending(home.folder("arrivals"))
    arrivals = arrivals_of(settings, parts.stream, parts.pictures, pending)
    arrivals.forgets = parts.only_hits.forgets
    arrivals.at_once = arrivals_at_once(settings, parts.only_hits)
    return SitePush(pushing, Receiving(MAKERS, pushing, arrivals), settings, home.secret("push"))


def push_socket(settings: Settings) -> socket.socket | None:
    """The socket cameras push to, None where none may; EngineError when it cannot be had."""
    host, port = settings.edge.push_host, settings.edge.push_port
    if not port:
        return None
    try:
        return listening_at(host, port)
    except OSError as error:
        raise EngineError(
            f"cameras cannot push to {host} port {port}: {error.strerror}; change edge.push_port"
        ) from None


def _who(knock: Knock) -> str:
    names = [f"{name}={value}" for name, value in knock.camera_key.items()]
    return " ".join([knock.address, knock.maker or "(maker unknown)", *names])


async def _refused(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, ProblemError)  # noqa: S101 - registered for nothing else
    return problem.response()


async def _away(_request: Request, error: Exception) -> Response:
    log.warning("a push could not be kept (%r); the camera has to send it again", error)
    return ProblemError(
        503, "this site cannot keep it now", place="site", mend="send the same again"
    ).response()
