"""A command that asks the running node of its home over HTTP, as one officer."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from getpass import getpass
from pathlib import Path
from typing import Any

import httpx

from morina.settings import Settings
from morina.wiring.operating import node_addresses
from morina.wiring.refused import RefusedError
from morina.wiring.tls import client_context

PATIENT_S = 60.0


class NodeClient:
    """Sends JSON and gives JSON; what the node refuses is a RefusedError in its words."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def get(self, path: str, **query: Any) -> Any:
        """What is there."""
        return await self._said("GET", path, params=query)

    async def post(self, path: str, sent: Mapping[str, Any] | None = None) -> Any:
        """What comes of it."""
        return await self._said("POST", path, json=sent)

    async def delete(self, path: str) -> Any:
        """What is left."""
        return await self._said("DELETE", path)

    async def download(self, path: str, sent: Mapping[str, Any], file: Path) -> None:
        """Write what comes of it into ``file``, however long it takes."""
        try:
            async with self._http.stream("POST", path, json=sent, timeout=None) as answer:
                if answer.is_error:
                    await answer.aread()
                    raise RefusedError(refusal_of(answer))
                with file.open("wb") as stream:
                    async for chunk in answer.aiter_bytes():
                        stream.write(chunk)
        except httpx.TransportError:
            raise RefusedError(
                "the node of this home does not answer, or no longer; start it with: morina up"
            ) from None

    async def _said(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = await self._http.request(method, path, **more)
        except httpx.TransportError:
            raise RefusedError(
                "the node of this home does not answer; start it with: morina up"
            ) from None
        if answer.is_error:
            raise RefusedError(refusal_of(answer))
        return answer.json()


@asynccontextmanager
async def node_client(settings: Settings, token: Path | None) -> AsyncIterator[NodeClient]:
    """For the node of this home; the token is read from a file, else asked for."""
    async with node_api(settings, token) as http:
        yield NodeClient(http)


def node_api(settings: Settings, token: Path | None) -> httpx.AsyncClient:
    """The API of the node of this home, for whose token that is."""
    where = node_addresses(settings)
    return httpx.AsyncClient(
        base_url=f"{where['url']}/api/v1",
        verify=client_context(where.get("certificate", "")),
        headers={"Authorization": f"Bearer {token_of(token)}"},
        timeout=PATIENT_S,
    )


def token_of(file: Path | None) -> str:
    """An officer's API token. Never an argument, which every process of the machine can see."""
    if file is None:
        if not sys.stdin.isatty():
            raise RefusedError("nobody is signed in; name the file of an API token with --token")
        return getpass("API token (morina user token makes one): ").strip()
    try:
        if file.stat().st_mode & 0o077:
            raise RefusedError(f"{file}: others may read it; keep it to yourself: chmod 600 {file}")
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise RefusedError(
            f"{file}: no token can be read there; morina user token makes one"
        ) from None


def refusal_of(answer: httpx.Response) -> str:
    """Why the node refused, and what to do, in its own words where it has any."""
    try:
        problem = answer.json()
        under = problem.get("approval_id")
        again = f" (--approval {under})" if under else ""
        return f"{problem['detail']}; {problem['mend']}{again}"
    except (ValueError, KeyError, TypeError):
        return f"the node answers {answer.status_code}; look at its log"
