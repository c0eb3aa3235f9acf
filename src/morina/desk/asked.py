"""What this browser was asked (by a passkey's challenge, by a provider's state), kept by itself.

Sealed in a cookie of a few minutes, so that strangers who ask and go leave nothing at the node.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from morina.accountability.sealing import SealError, Sealing

_LASTS = timedelta(minutes=5)
Asked = dict[str, str]


@dataclass(frozen=True, slots=True)
class AskedCookie:
    """One kind of question. ``lax`` where the answer comes by way of another site."""

    sealing: Sealing
    kind: str
    path: str
    same_site: Literal["strict", "lax"] = "strict"

    def ask(self, request: Request, response: Response, asked: Asked, of: str = "") -> None:
        """Let the browser keep ``asked``; ``of`` is who is asked, empty where nobody knows."""
        until = (datetime.now(UTC) + _LASTS).isoformat()
        sealed = self.sealing.seal(json.dumps(asked | {"until": until}).encode(), self._as(of))
        response.set_cookie(
            self._name, sealed.hex(), int(_LASTS.total_seconds()), path=self.path, httponly=True,
            samesite=self.same_site, secure=request.url.scheme == "https",
        )  # fmt: skip

    def asked(self, request: Request, of: str = "") -> Asked | None:
        """What was asked; None where nothing was, too long ago, or of somebody else."""
        try:
            sealed = bytes.fromhex(request.cookies.get(self._name, ""))
            asked: Asked = json.loads(self.sealing.open(sealed, self._as(of)))
        except (SealError, ValueError):
            return None
        until = datetime.fromisoformat(asked.pop("until"))
        return asked if datetime.now(UTC) < until else None

    def forget(self, response: Response) -> None:
        """It has been answered."""
        response.delete_cookie(self._name, path=self.path)

    @property
    def _name(self) -> str:
        return f"morina-{self.kind}"

    def _as(self, of: str) -> str:
        return f"asked:{self.kind}:{of}"
