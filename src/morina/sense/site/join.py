"""What makes a machine beside the road a site of a node: one file, made by ``morina site add``."""

import re
from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from morina.sense.site.keys import new_box_key, new_nkey

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
FORM = 1


class JoinError(ValueError):
    """A join token or a site's name cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site as the node knows it: public halves only.

    ``scope`` are the places whose listings it may hold, as in a listing's ``geo_scope``. ``nkey``
    is its public NKey, ``box_key`` its public X25519 key.
    """

    name: str
    scope: tuple[str, ...]
    nkey: str
    box_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinToken:
    """All a site needs to join, secrets included: whoever has it is the site.

    ``address`` is the node's ``host:port`` for sites, ``certificate`` (PEM) the one certificate
    accepted there, ``node_key`` the node's Ed25519 key that its hotlists are signed with.
    """

    site: str
    scope: tuple[str, ...]
    address: str
    certificate: str
    node_key: bytes
    seed: str = field(repr=False)
    box_secret: bytes = field(repr=False)
    form: Annotated[int, msgspec.Meta(ge=FORM, le=FORM)] = FORM


def site_name(text: str) -> str:
    """``text`` when it can be a site's name; JoinError."""
    if not _NAME.fullmatch(text):
        raise JoinError(
            f"{text!r} cannot be a site's name; use 1 to 32 small letters, digits and hyphens"
        )
    return text


def new_site(
    name: str, scope: tuple[str, ...], address: str, certificate: str, node_key: bytes
) -> tuple[Site, JoinToken]:
    """A site with fresh keys: what the node keeps, and what goes to the machine by the road."""
    nkey = new_nkey()
    box_secret, box_key = new_box_key()
    site = Site(name=site_name(name), scope=scope, nkey=nkey.public, box_key=box_key)
    token = JoinToken(
        site=name,
        scope=scope,
        address=address,
        certificate=certificate,
        node_key=node_key,
        seed=nkey.seed,
        box_secret=box_secret,
    )
    return site, token


def written(token: JoinToken) -> bytes:
    """The token's file: JSON."""
    return msgspec.json.format(msgspec.json.encode(token)) + b"\n"


def token_of(content: bytes) -> JoinToken:
    """The token in a file's bytes; JoinError."""
    try:
        token = msgspec.json.decode(content, type=JoinToken)
    except msgspec.DecodeError as error:
        raise JoinError(
            f"this is no join token ({error}); make one on the node with: morina site add"
        ) from None
    site_name(token.site)
    return token
