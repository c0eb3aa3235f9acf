"""The authority's case system over HTTPS: is there a case of that number?"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import quote

import httpx

PLACE = "{case_number}"
"""Where the case number goes in the address: one whole segment of its path."""

KEPT_S = 60.0
MOST_KEPT = 1000

_KNOWN = {200: True, 404: False}
_NO_SEGMENTS = frozenset({".", ".."})


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCases:
    """The role CaseSystem. 200 is a case, 404 is none; all else, and silence, tells nothing.

    ``template`` is an address with ``PLACE`` in it, ``token`` is sent as bearer token. Redirects
    are not followed and no body is read. What was answered is kept for ``KEPT_S``.
    """

    template: str
    token: str = field(default="", repr=False)
    within_s: float = 3.0
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    clock: Callable[[], float] = field(default=monotonic, repr=False)
    _kept: dict[str, tuple[bool, float]] = field(default_factory=dict, repr=False)

    async def exists(self, case_number: str) -> bool:
        """See CaseSystem. What would lead out of the path is no case number, and is not asked."""
        if case_number in _NO_SEGMENTS:
            return False
        known, until = self._kept.get(case_number, (False, -1.0))
        if self.clock() < until:
            return known
        known = await self._asked(case_number)
        self._keep(case_number, known)
        return known

    async def _asked(self, case_number: str) -> bool:
        status = await self._status(self.template.replace(PLACE, quote(case_number, safe="")))
        if status not in _KNOWN:
            raise ConnectionError(f"the case system answers {status}; see purpose.case_url")
        return _KNOWN[status]

    async def _status(self, address: str) -> int:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            async with (
                asyncio.timeout(self.within_s),
                httpx.AsyncClient(
                    verify=self.tls, timeout=self.within_s, trust_env=False, follow_redirects=False
                ) as http,
                http.stream("GET", address, headers=headers) as answer,
            ):
                return answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            fault = str(error)[:200] or f"nothing within {self.within_s:g} s"
            raise ConnectionError(
                f"the case system does not answer ({fault}); see purpose.case_url"
            ) from None

    def _keep(self, case_number: str, known: bool) -> None:
        """The oldest answer goes where there are too many."""
        self._kept.pop(case_number, None)
        if len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[case_number] = (known, self.clock() + KEPT_S)
