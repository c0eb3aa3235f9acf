"""An OpenID provider over HTTPS: its own description, the exchange of a code, its keys."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from morina.accountability.identity import SignInRefusedError
from morina.accountability.provider import (
    Claims,
    Client,
    Named,
    Request,
    checked,
    code_of,
    named_in,
)

_WITHIN_S = 10.0
_MOST_BYTES = 1_000_000
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SILENT = "the provider does not answer; try again, or sign in otherwise"


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """The role Provider. Asks for description and keys at every sign-in: keys change."""

    client: Client
    claims: Claims

    async def begin(self, back: str) -> tuple[str, Request]:
        """See Provider."""
        async with _http() as http:
            about = await self._about(http)
        asked = Request.new(back)
        endpoint, wished = about["authorization_endpoint"], self.claims.needs_acr
        return asked.leads_to(endpoint, self.client, wished), asked

    async def named(self, answer: Mapping[str, str], asked: Request) -> Named:
        """See Provider."""
        code = code_of(answer, asked, self.client)
        sent = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": asked.back,
            "code_verifier": asked.verifier, "client_id": self.client.client_id,
        }  # fmt: skip
        async with _http() as http:
            about = await self._about(http)
            token = await self._exchanged(http, about, sent)
            keys = await _document(http.get(about["jwks_uri"]))
        try:
            known = KeySet.import_key_set(keys)  # type: ignore[arg-type]  # as the provider sent it
        except (JoseError, ValueError, KeyError, TypeError):
            raise SignInRefusedError(_SILENT) from None
        return named_in(checked(token, known, asked, self.client), self.claims)

    async def _about(self, http: httpx.AsyncClient) -> dict[str, str]:
        """The provider's description of itself, whose issuer must be the one of the settings
        (OpenID Connect Discovery 1.0, section 4.3) and whose addresses must be safe to send to."""
        where = self.client.issuer.rstrip("/") + "/.well-known/openid-configuration"
        about = await _document(http.get(where))
        if about.get("issuer") != self.client.issuer:
            raise SignInRefusedError("the provider calls itself otherwise; mend oidc.issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not _is_safe(about.get(name)):
                raise SignInRefusedError(_SILENT)
        return about

    async def _exchanged(
        self, http: httpx.AsyncClient, about: dict[str, Any], sent: dict[str, str]
    ) -> str:
        headers, known = {}, about.get("token_endpoint_auth_methods_supported", [])
        if self.client.secret and known and "client_secret_basic" not in known:
            sent = sent | {"client_secret": self.client.secret}
        elif self.client.secret:
            headers["Authorization"] = _basic(self.client)
        answer = await _document(http.post(about["token_endpoint"], data=sent, headers=headers))
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInRefusedError("the provider did not say who you are; begin again")
        return token


def _http() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=_WITHIN_S, follow_redirects=False, trust_env=False)


async def _document(asking: Any) -> dict[str, Any]:
    try:
        answer = await asking
        document = answer.json() if len(answer.content) <= _MOST_BYTES else None
    except (httpx.HTTPError, ValueError):
        raise SignInRefusedError(_SILENT) from None
    if answer.is_error or not isinstance(document, dict):
        raise SignInRefusedError(_SILENT)
    return document


def _basic(client: Client) -> str:
    """Both percent-encoded before they are joined (RFC 6749, section 2.3.1)."""
    both = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
    return "Basic " + b64encode(both.encode()).decode()


def _is_safe(address: object) -> bool:
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
