"""Asking a camera's own web server: its login, its certificate, its refusals in words."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx

from morina.sense.cameras.frames import SourceError
from morina.sense.cameras.sources import Source

CONNECT_WITHIN_S = 10.0

_REFUSALS = {
    401: "it refuses the user or the password; mend them in the source",
    403: "the user may not see this; give it the right in the camera's own page",
    404: "it has no such path; look the path up in docs/cameras/streams.md or its manual",
}


class Login(httpx.Auth):
    """Digest or basic, whichever the camera asks for."""

    def __init__(self, user: str, password: str) -> None:
        self._digest = httpx.DigestAuth(user, password)
        self._basic = httpx.BasicAuth(user, password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """See httpx.Auth."""
        flow = self._digest.auth_flow(request)
        answer = yield next(flow)
        asked = " ".join(answer.headers.get_list("www-authenticate")).lower()
        if answer.status_code == 401 and "basic" in asked and "digest" not in asked:
            yield from self._basic.auth_flow(request)
            return
        try:
            while True:
                answer = yield flow.send(answer)
        except StopIteration:
            return


@contextmanager
def client(source: Source, read_within_s: float) -> Iterator[httpx.Client]:
    """A client for one camera; it follows no redirect, which could carry the password away."""
    limits = httpx.Timeout(CONNECT_WITHIN_S, read=read_within_s)
    login = Login(source.user, source.password) if source.user else None
    with httpx.Client(
        timeout=limits, auth=login, verify=not source.any_certificate, trust_env=False
    ) as opened:
        yield opened


@contextmanager
def answer(asking: httpx.Client, source: Source) -> Iterator[httpx.Response]:
    """What the camera answers, its content not read yet; SourceError in words otherwise."""
    try:
        with asking.stream("GET", source.address, **named(source)) as response:
            refuse_refusal(response, source)
            yield response
    except httpx.HTTPError as error:
        raise SourceError(f"{source.shown}: {in_words(error)}") from None
    except httpx.InvalidURL:
        raise SourceError(f"{source.shown}: the address cannot be asked for; mend it") from None


def named(source: Source) -> dict[str, Any]:
    """What tells a camera its own name, and checks its certificate by it, where it is asked by the
    address looked up for it."""
    if not source.name:
        return {}
    name = f"[{source.name}]" if ":" in source.name else source.name
    port = urlsplit(source.address).port
    host = f"{name}:{port}" if port else name
    return {"headers": {"Host": host}, "extensions": {"sni_hostname": source.name}}


def refuse_refusal(response: httpx.Response, source: Source) -> None:
    """SourceError unless the camera answered with what was asked for."""
    status = response.status_code
    if status != 200:
        why = _REFUSALS.get(
            status, f"it answers {status}; open the address in a browser to see why"
        )
        raise SourceError(f"{source.shown}: {why}")


def in_words(error: httpx.HTTPError) -> str:
    said = str(error)
    if isinstance(error, httpx.ReadTimeout):
        return "the camera sent nothing for too long"
    if isinstance(error, httpx.TimeoutException):
        return "nothing answers; look at address, port and link"
    if isinstance(error, httpx.ConnectError):
        if "CERTIFICATE" in said:
            return "nobody vouches for its certificate; if it is its own, add ?certificate=any"
        if "Name or service" in said or "name resolution" in said or "No address" in said:
            return (
                "its name is not known here; write its address in numbers, or mend the name service"
            )
        return "nothing listens there; look at address and port"
    if isinstance(error, httpx.RemoteProtocolError):
        return "it answers something that is no HTTP, or broke off; look at the port"
    return "the connection broke"
