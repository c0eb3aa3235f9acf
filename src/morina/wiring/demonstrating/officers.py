"""Officers of the demo: their accounts at each desk, and what a script does in their names.

What is played goes over the HTTP API with each officer's own token, so roles, approvals and the
trail are those of any other act.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
from psycopg_pool import AsyncConnectionPool

from morina.accountability import Role, User
from morina.accountability.adapters.postgres import PostgresUsers
from morina.wiring.demonstrating.authorities import Authority
from morina.wiring.node_client import refusal_of
from morina.wiring.operating import node_addresses
from morina.wiring.refused import RefusedError

PEOPLE = {
    "operator": (Role.OPERATOR, Role.LIST_OWNER),
    "investigator": (Role.INVESTIGATOR,),
    "analyst": (Role.ANALYST,),
    "supervisor": (Role.SUPERVISOR,),
    "liaison": (Role.LIAISON_OFFICER,),
    "technician": (Role.CAMERA_TECHNICIAN,),
    "overseer": (Role.DATA_PROTECTION_OFFICER,),
    "pilot": (Role.DRONE_PILOT,),
    "rescuer": (Role.MOUNTAIN_RESCUE,),
    "patrol": (Role.PATROL,),
}
"""Accounts at each of the demo's desks; one password is made for all of them."""

PLAYED = "played by the demo"
PATIENT_S = 180.0
LOOK_EVERY_S = 0.5

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class PlayedDesk:
    """A desk as the demo's script uses it."""

    authority: Authority
    pool: AsyncConnectionPool
    http: httpx.AsyncClient
    tokens: Mapping[str, str]

    @property
    def node_id(self) -> str:
        """Whose desk it is."""
        return self.authority.node_id

    async def get(self, who: str, path: str) -> Any:
        """What is there; RefusedError."""
        return _said(await self._sent(who, "GET", path, None))

    async def post(self, who: str, path: str, sent: Mapping[str, Any]) -> Any:
        """What comes of it; RefusedError."""
        return _said(await self._sent(who, "POST", path, sent))

    async def put(self, who: str, path: str, sent: Mapping[str, Any]) -> Any:
        """What is there then; RefusedError."""
        return _said(await self._sent(who, "PUT", path, sent))

    async def has(self, who: str, path: str) -> bool:
        """Whether it is there."""
        return (await self._sent(who, "GET", path, None)).is_success

    async def with_a_second(self, who: str, path: str, sent: Mapping[str, Any]) -> Any:
        """Done once the supervisor has agreed to it."""
        answer = await self._sent(who, "POST", path, sent)
        if answer.status_code != httpx.codes.CONFLICT or "approval_id" not in answer.json():
            return _said(answer)
        approval_id = answer.json()["approval_id"]
        await self.approve(approval_id)
        return await self.post(who, path, {**sent, "approval_id": approval_id})

    async def approve(self, approval_id: str) -> None:
        """The supervisor agrees."""
        verdict = {"approved": True, "reason": f"read and agreed to, {PLAYED}"}
        await self.post("supervisor", f"/approvals/{approval_id}/decision", verdict)

    async def _sent(
        self, who: str, method: str, path: str, sent: Mapping[str, Any] | None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        return await self.http.request(method, f"/api/v1{path}", json=sent, headers=headers)


@asynccontextmanager
async def played_desk(authority: Authority, password: str) -> AsyncIterator[PlayedDesk]:
    """The desk of a running node, its accounts made with that password where they are not there."""
    dsn = node_addresses(authority.settings)["postgres"]
    http = httpx.AsyncClient(base_url=authority.url, timeout=60.0)
    async with AsyncConnectionPool(dsn, open=False, min_size=1, max_size=2) as pool, http:
        users, until = PostgresUsers(pool), datetime.now(UTC) + timedelta(days=1)
        await let_in(users, password)
        tokens = {name: await users.issue_token(name, PLAYED, until) for name in PEOPLE}
        yield PlayedDesk(authority, pool, http, tokens)


async def let_in(users: PostgresUsers, password: str) -> bool:
    """Whether the accounts of the demo had to be made."""
    if await users.user("operator"):
        return False
    for name, roles in PEOPLE.items():
        user = User(name=name, full_name=f"{name.title()} (demo)", roles=frozenset(roles))
        await users.add(user, password)
    return True


async def until(what: Callable[[], Awaitable[_Found]], called: str) -> _Found:
    """What comes, once it says something; RefusedError where it does not come."""
    try:
        async with asyncio.timeout(PATIENT_S):
            while not (found := await what()):
                await asyncio.sleep(LOOK_EVERY_S)
            return found
    except TimeoutError:
        raise RefusedError(f"{called} did not come within {PATIENT_S:.0f} s") from None


def _said(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise RefusedError(refusal_of(answer))
    return answer.json()
