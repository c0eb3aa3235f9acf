"""The door of cameras that read plates themselves, at a node and at a site beside the road.

``/push/SECRET/...`` for all that can be told a path; besides, the fixed paths of makers whose
cameras cannot, where a camera signs in by Digest or Basic under its id with its secret, or comes
from an address or with a certificate that was allowed. No officer's session counts here.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from morina.desk.digest import Login, challenge, fits, is_fresh, login_of
from morina.desk.problems import ProblemError
from morina.sense.cameras.pushing import (
    SHORTEST_SECRET,
    PushingCamera,
    PushingCameras,
    secret_hash,
)
from morina.sense.cameras.receiving import Receiving, Sent, UnknownCameraError
from morina.sense.cameras.reports import PayloadError

FIXED: Mapping[str, str] = {"/NotificationInfo/": "dahua", "/LAPI/": "uniview"}
"""Fixed paths to their maker's adapter."""

PUSH_PATHS = ("/push/", *FIXED)
"""Where cameras push: with their secret in the path, or where a maker's cannot be told a path."""

METHODS = ("POST", "PUT")
_UNTOLD = frozenset({"authorization", "cookie", "proxy-authorization"})


class PushDoor:
    """Finds out which camera calls, and answers it."""

    def __init__(
        self,
        cameras: PushingCameras,
        receiving: Receiving,
        key: str,
        certificate_header: str = "",
    ) -> None:
        """``key`` signs the challenges; it is a secret of this home."""
        self._cameras = cameras
        self._receiving = receiving
        self._key = key
        self._certificate_header = certificate_header

    async def by_secret(self, request: Request, secret: str, rest: str = "") -> Response:
        """A push to an address that holds the camera's secret."""
        hashed = secret_hash(secret)
        may_be_kept = len(secret) >= SHORTEST_SECRET
        sent = await _sent(request, f"/{rest}", hashed if may_be_kept else b"")
        return await self._answer(await self._cameras.of_secret(hashed), sent)

    async def at_fixed_path(self, request: Request) -> Response:
        """A push to the path a maker's cameras always use."""
        path = request.url.path
        maker = next(name for prefix, name in FIXED.items() if path.startswith(prefix))
        sent = await _sent(request, path)
        of_maker = [camera for camera in await self._cameras.pushing() if camera.maker == maker]
        let_in = [camera for camera in of_maker if await self._may(camera, request, sent.address)]
        if let_in:
            return await self._answer(let_in, sent)
        await self._receiving.knock(sent, maker)
        refusal = _refusal().response()
        refusal.status_code = 401
        refusal.headers["WWW-Authenticate"] = challenge(self._key, time.time())
        return refusal

    async def _answer(self, candidates: list[PushingCamera], sent: Sent) -> Response:
        try:
            reply = await self._receiving.take(candidates, sent)
        except UnknownCameraError:
            raise _refusal() from None
        except PayloadError as error:
            raise ProblemError(
                422, str(error)[:500], place="body", mend="see the camera's page at the desk"
            ) from None
        return Response(reply.content, reply.status, media_type=reply.media_type)

    async def _may(self, camera: PushingCamera, request: Request, address: str) -> bool:
        allowed = camera.may_come_from(address)
        login = login_of(request.headers.get("authorization", ""))
        if login is not None and login.user == camera.camera_id:
            return await self._knows_secret(camera, login, request.method, allowed)
        return allowed or self._shows_certificate(camera, request)

    def _shows_certificate(self, camera: PushingCamera, request: Request) -> bool:
        """By the header of the reverse proxy that asked for it, where one is set up so.

        ``Proxies`` leaves it where a trusted one calls; twice, one may be the camera's own word.
        """
        if not self._certificate_header or not camera.certificate:
            return False
        shown = request.headers.getlist(self._certificate_header)
        return [one.replace(":", "").lower() for one in shown] == [camera.certificate]

    async def _knows_secret(
        self, camera: PushingCamera, login: Login, method: str, allowed: bool
    ) -> bool:
        """Some firmware answers no challenge: without our nonce its address must be allowed."""
        secret = await self._cameras.secret(camera.camera_id)
        fresh = login.scheme == "basic" or is_fresh(
            login.said.get("nonce", ""), self._key, time.time()
        )
        return bool(secret) and fits(login, secret, method) and (fresh or allowed)


async def _sent(request: Request, path: str, secret_sha256: bytes = b"") -> Sent:
    headers = {name: value for name, value in request.headers.items() if name not in _UNTOLD}
    return Sent(
        payload=await request.body(),
        headers=headers | {"path": path},
        address=request.client.host if request.client else "",
        received_at=datetime.now(UTC),
        secret_sha256=secret_sha256,
    )


def _refusal() -> ProblemError:
    return ProblemError(
        403,
        "no camera of this node calls so",
        place="path",
        mend="adopt the camera at the desk, under Cameras, or mend its push address",
    )
