"""Where a request comes from, and where the desk is for whoever sent it."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from morina.accountability.own_sessions import Whence
from morina.accountability.passkeys import Place

DEVICE_COOKIE = "morina-device"
_DEVICE_S = 90 * 24 * 3600
_LONGEST_DEVICE = 100


def whence_of(connection: HTTPConnection) -> Whence:
    """Address, browser and known-device token of a request."""
    device = connection.cookies.get(DEVICE_COOKIE, "")
    return Whence(
        connection.client.host if connection.client else "",
        connection.headers.get("user-agent", ""),
        device if len(device) <= _LONGEST_DEVICE else "",
    )


def place_of(connection: HTTPConnection, address: str) -> Place:
    """Where the desk is opened: the setting ``sign_in.address``, else as the browser asked.

    Without the setting a wrong Host header gains nothing: a browser gives a passkey only to the
    host it belongs to, and that is kept with the passkey.
    """
    if address:
        parts = urlsplit(address)
        return Place(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")
    url = connection.url
    scheme = {"ws": "http", "wss": "https"}.get(url.scheme, url.scheme)
    return Place(url.hostname or "", f"{scheme}://{url.netloc}")


def keep_device(request: Request, response: Response, token: str) -> None:
    """Let the browser be known again; the cookie signs nobody in."""
    response.set_cookie(
        DEVICE_COOKIE, token, _DEVICE_S, path="/sign-in", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
