"""Who exchanges: nodes, by names and keys everybody knows from the directory."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from morina.accountability.signing import PublicKey

_NODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,16})?")


class UnknownNodeError(LookupError):
    """No node of that name stands in the directory; or its name is none."""


def node_name(text: str) -> str:
    """``text`` where it may name a node (``GB``, ``GB-COAST``); UnknownNodeError says what may."""
    if not _NODE.fullmatch(text):
        raise UnknownNodeError(
            f"{text[:40]!r} names no node; write the country in two capitals, and a name of"
            " capitals and digits where it has several: GB, GB-COAST"
        )
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One node as the directory knows it.

    ``signing`` checks its signatures (Ed25519), ``sealing`` seals messages to it (X25519, 64 hex
    digits), ``tls_root`` is the PEM certificate its TLS certificates come from, ``address`` where
    its inbox answers (https://HOST:PORT), empty where messages go on a stick only. ``old_keys``
    are signing keys it used before: what they signed can be verified still, nothing new is taken.
    """

    node_id: str
    name: str
    address: str
    signing: PublicKey
    sealing: str
    tls_root: str
    contact: str = ""
    old_keys: tuple[PublicKey, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Both keys, to be compared over the telephone: 24 hex digits in fours."""
        both = hashlib.sha256(bytes.fromhex(self.signing.text + self.sealing)).hexdigest()
        return "-".join(both[at : at + 4] for at in range(0, 24, 4))


class Partners(Protocol):
    """The directory as it is in force here."""

    async def party(self, node_id: str) -> Party:
        """One node; UnknownNodeError."""

    async def parties(self) -> Sequence[Party]:
        """All of the directory in force, this node among them, by name."""

    async def version(self) -> int:
        """Version of the directory in force; 0 where there is none."""
