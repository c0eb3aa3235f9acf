"""The sites of a node, as files in its home: one a site, public keys only."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from morina.engines import EngineError, Home, Leaf, LeafListener, NodeNats
from morina.sense.site import JoinToken, Site, Subjects, new_site, site_name
from morina.sense.site.certificate import is_for, self_signed
from morina.sense.site.keys import verifying_half
from morina.settings import Settings


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """What the node knows of its sites. Used by the node and by ``morina site``."""

    home: Home
    settings: Settings

    @property
    def signing_key(self) -> bytes:
        """The node's Ed25519 key, 32 bytes; sites accept hotlists it signed."""
        secret = self.home.secret("sites-signing")
        return base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))

    def sites(self) -> list[Site]:
        """All sites, by name."""
        files = sorted(self.home.folder("sites").glob("*.json"))
        return [msgspec.json.decode(file.read_bytes(), type=Site) for file in files]

    def add(self, name: str, scope: tuple[str, ...]) -> JoinToken:
        """A new site; FileExistsError when there is one of that name."""
        file = self._file(name)
        sites = self.settings.sites
        certificate = self.listener().certificate.read_text()
        node_key = verifying_half(self.signing_key)
        host = f"[{sites.address}]" if ":" in sites.address else sites.address
        site, token = new_site(name, scope, f"{host}:{sites.port}", certificate, node_key)
        if file.exists():
            raise FileExistsError(name)
        self.home.write_private(file, msgspec.json.encode(site).decode())
        return token

    def remove(self, name: str) -> None:
        """FileNotFoundError when there is no such site."""
        self._file(site_name(name)).unlink()

    def listener(self) -> LeafListener:
        """Where sites connect, its certificate made when missing; EngineError without settings."""
        sites = self.settings.sites
        if not sites.port or not sites.address:
            raise EngineError(
                "sites need a port and the address they reach this node at; set sites.port and "
                "sites.address (docs/edge.md)"
            )
        certificate = self.home.folder("sites") / "node.pem"
        key = self.home.folder("secrets") / "sites-tls.pem"
        if not certificate.exists() or not is_for(certificate.read_text(), sites.address):
            public, secret = self_signed(sites.address, datetime.now(UTC))
            self.home.write_private(key, secret)
            self.home.write_private(certificate, public)
        return LeafListener(host=sites.host, port=sites.port, certificate=certificate, key=key)

    def _file(self, name: str) -> Path:
        return self.home.folder("sites") / f"{name}.json"


def leaf_of(site: Site) -> Leaf:
    """What NATS lets that site do: send to its own subjects, hear its own answers."""
    subjects = Subjects(site.name)
    asks = (
        subjects.clock, subjects.picture, subjects.hotlist, subjects.rules, subjects.counts,
        subjects.state,
    )  # fmt: skip
    return Leaf(nkey=site.nkey, sends=(subjects.reads, *asks), hears=(f"{subjects.answers}.>",))


def node_nats(settings: Settings, home: Home) -> NodeNats:
    """The node's own NATS, ready to start; sites may join it where the settings say so."""
    folder = SiteFolder(home, settings)
    listener = folder.listener() if settings.sites.port else None
    nats = NodeNats(home, home.port("nats"), settings.engines.nats_store_bytes, listener)
    nats.write([leaf_of(site) for site in folder.sites()] if listener else [])
    return nats
