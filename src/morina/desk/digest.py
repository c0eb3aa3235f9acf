"""How a camera that cannot be told a path with a secret signs in: Digest or Basic (RFC 7616, 7617).

Cameras know MD5 at best. The nonce is a signed time, so that nothing is kept of a challenge.
"""

import hmac
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5, sha256
from urllib.request import parse_http_list, parse_keqv_list

REALM = "morina"
NONCE_S = 300


@dataclass(frozen=True, slots=True)
class Login:
    """An Authorization header taken apart: its scheme in lower case, and what it says."""

    scheme: str
    said: Mapping[str, str]

    @property
    def user(self) -> str:
        """The name it signs in with."""
        return self.said.get("username", "")


def login_of(header: str) -> Login | None:
    """What an Authorization header says; None for none and for one that cannot be read."""
    scheme, _, rest = header.partition(" ")
    try:
        if scheme.lower() == "basic":
            user, _, password = b64decode(rest, validate=True).decode().partition(":")
            return Login("basic", {"username": user, "password": password})
        if scheme.lower() == "digest":
            return Login("digest", parse_keqv_list(parse_http_list(rest)))
    except (Base64Error, ValueError, IndexError):
        return None
    return None


def challenge(key: str, now: float) -> str:
    """The WWW-Authenticate header that asks a camera to sign in."""
    return f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce(key, now)}"'


def nonce(key: str, now: float) -> str:
    """A time and its signature."""
    at = str(int(now))
    return f"{at}-{hmac.new(key.encode(), at.encode(), sha256).hexdigest()[:32]}"


def is_fresh(given: str, key: str, now: float) -> bool:
    """Whether ``given`` is a nonce of ours, and of the last minutes."""
    at, _, _ = given.partition("-")
    if not at.isascii() or not at.isdecimal() or len(at) > 12:
        return False
    return hmac.compare_digest(given, nonce(key, int(at))) and 0 <= now - int(at) <= NONCE_S


def fits(login: Login, password: str, method: str) -> bool:
    """Whether the login proves that it knows the password; the nonce is judged apart."""
    said = login.said
    if login.scheme == "basic":
        return hmac.compare_digest(said.get("password", "").encode(), password.encode())
    one = _md5(said.get("username", ""), said.get("realm", ""), password)
    two = _md5(method, said.get("uri", ""))
    middle = (
        [said["nc"], said.get("cnonce", ""), said["qop"]] if {"nc", "qop"} <= said.keys() else []
    )
    expected = _md5(one, said.get("nonce", ""), *middle, two)
    return hmac.compare_digest(said.get("response", "").encode(), expected.encode())


def _md5(*parts: str) -> str:
    joined = ":".join(parts).encode("utf-8", "replace")
    return md5(joined, usedforsecurity=False).hexdigest()
