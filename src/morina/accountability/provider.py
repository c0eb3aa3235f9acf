"""Signing in at an OpenID provider: authorization code with PKCE, state and nonce.

OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; RFC 7636 (PKCE); RFC 9207 (issuer in the
answer). What is sent and checked; no network here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any, Protocol

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from morina.accountability.approvals import TRUSTED
from morina.accountability.identity import SignInRefusedError
from morina.accountability.policy import Role

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures with a public key only: never "none", never one with the client's secret."""

_LEEWAY_S = 60
_DOES_NOT_HOLD = "the provider's answer does not hold; begin again"


@dataclass(frozen=True, slots=True)
class Client:
    """This node as the provider knows it."""

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Claims:
    """What of an ID token counts here: ``name`` is the claim that names the account; ``roles_of``
    the one that lists groups, empty where roles are given here only. Where ``needs_acr`` has any,
    the token's class must be one of them; likewise one of its methods (RFC 8176) for
    ``needs_amr``. ValueError where ``roles`` has one that two persons give here together."""

    name: str = "preferred_username"
    roles_of: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    makes_accounts: bool = False
    needs_acr: tuple[str, ...] = ()
    needs_amr: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for group, role in self.roles.items():
            if role in TRUSTED:
                raise ValueError(
                    f"{group} would give {role}, which two persons give here; take it out"
                )


@dataclass(frozen=True, slots=True)
class Request:
    """What one sign-in was begun with; the browser brings it back sealed."""

    state: str
    nonce: str
    verifier: str
    back: str

    @classmethod
    def new(cls, back: str) -> "Request":
        """Of random state, nonce and verifier; ``back`` is where the provider leads back."""
        return cls(token_urlsafe(24), token_urlsafe(24), token_urlsafe(48), back)

    def leads_to(self, endpoint: str, client: Client, acr: tuple[str, ...] = ()) -> str:
        """The provider's page, asked with all of it but the verifier; ``acr`` are the classes
        wished for, which a provider need not give (OpenID Connect Core 1.0, section 3.1.2.1)."""
        address: str = prepare_grant_uri(
            endpoint,
            client.client_id,
            "code",
            redirect_uri=self.back,
            scope="openid profile",
            state=self.state,
            nonce=self.nonce,
            code_challenge=create_s256_code_challenge(self.verifier),
            code_challenge_method="S256",
            **({"acr_values": " ".join(acr)} if acr else {}),
        )
        return address


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a provider names: account and full name, and roles where the settings map any."""

    name: str
    full_name: str
    roles: frozenset[Role] | None = None


class Provider(Protocol):
    """The OpenID provider of the authority."""

    @property
    def client(self) -> Client:
        """This node, as the provider knows it."""

    @property
    def claims(self) -> Claims:
        """What counts of what it says."""

    async def begin(self, back: str) -> tuple[str, Request]:
        """Where to send the browser, and what to hold its answer against; SignInRefusedError
        where the provider does not answer."""

    async def named(self, answer: Mapping[str, str], asked: Request) -> Named:
        """Whom the provider names in ``answer``, the query it led back with; SignInRefusedError."""


def code_of(answer: Mapping[str, str], asked: Request, client: Client) -> str:
    """The code of an answer to ``asked``; SignInRefusedError where it is of another sign-in, or
    the provider refused."""
    if answer.get("state") != asked.state or answer.get("iss", client.issuer) != client.issuer:
        raise SignInRefusedError(_DOES_NOT_HOLD)
    if "error" in answer or not answer.get("code"):
        raise SignInRefusedError("the provider did not let you in; ask whoever runs it")
    return answer["code"]


def checked(token: str, keys: KeySet, asked: Request, client: Client) -> Mapping[str, Any]:
    """The claims of an ID token that holds: signed by the provider, for this client and request.

    SignInRefusedError.
    """
    try:
        read = jwt.decode(token, keys, algorithms=[*ALGORITHMS])
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": client.issuer},
                "aud": {"essential": True, "value": client.client_id},
            },
            params={"nonce": asked.nonce, "client_id": client.client_id},
        )
        claims.validate(leeway=_LEEWAY_S)
    except (JoseError, ValueError, TypeError, KeyError):
        raise SignInRefusedError(_DOES_NOT_HOLD) from None
    return dict(claims)


def named_in(claims: Mapping[str, Any], wanted: Claims) -> Named:
    """Whom ``claims`` name; SignInRefusedError where the claim is missing or no text, or they
    do not say that somebody proved themselves as is asked here."""
    _proven(claims, wanted)
    name = claims.get(wanted.name)
    if not isinstance(name, str) or not name:
        raise SignInRefusedError(
            f"the provider does not say {wanted.name}; set oidc.claim to a claim it does say"
        )
    full = claims.get("name")
    return Named(name, full if isinstance(full, str) and full else name, _roles(claims, wanted))


def _proven(claims: Mapping[str, Any], wanted: Claims) -> None:
    methods = claims.get("amr")
    used = methods if isinstance(methods, list) else []
    if (wanted.needs_acr and claims.get("acr") not in wanted.needs_acr) or (
        wanted.needs_amr and not any(method in wanted.needs_amr for method in used)
    ):
        raise SignInRefusedError(
            "the provider does not say that you signed in there as this node asks; use your "
            "second factor there and begin again"
        )


def _roles(claims: Mapping[str, Any], wanted: Claims) -> frozenset[Role] | None:
    if not wanted.roles_of:
        return None
    groups = claims.get(wanted.roles_of)
    listed = groups if isinstance(groups, list) else [groups]
    texts = [group for group in listed if isinstance(group, str)]
    return frozenset(wanted.roles[group] for group in texts if group in wanted.roles)
