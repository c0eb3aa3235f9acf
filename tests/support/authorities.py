"""Five authorities of tests: nodes with keys of their own, and directories they sign."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from morina.accountability.signing import PublicKey, Signer
from morina.engines.authority import new_authority
from morina.exchange import Party
from morina.exchange.directory import Bundle
from morina.exchange.directory_making import founded, signed
from morina.exchange.entries import Entry

NAMES = ("AL", "GB", "ME", "MK", "XK")


@dataclass(frozen=True)
class Authority:
    """One authority: its node's keys and its own directory key."""

    name: str
    tls_root: str
    signing: Signer = field(default_factory=lambda: Signer(Ed25519PrivateKey.generate()))
    sealing: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    directory: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def entry(self) -> Entry:
        """As it hands it to the others."""
        party = Party(
            node_id=self.name, name=f"Police of {self.name}", signing=self.signing.public,
            address=f"https://{self.name.lower()}.example:8443", tls_root=self.tls_root,
            sealing=self.sealing.public_key().public_bytes_raw().hex(),
        )  # fmt: skip
        return Entry(party, PublicKey(self.directory.public_key().public_bytes_raw().hex()))

    def with_new_node_keys(self) -> "Authority":
        """After its node's keys were lost."""
        return replace(
            self,
            signing=Signer(Ed25519PrivateKey.generate()),
            sealing=X25519PrivateKey.generate(),
        )

    def with_new_directory_key(self) -> "Authority":
        """After its directory key was lost."""
        return replace(self, directory=Ed25519PrivateKey.generate())


def five(names: Sequence[str] = NAMES) -> dict[str, Authority]:
    """Authorities by name; they share one TLS root, for making one takes time."""
    root = new_authority("tests", ["example"], datetime.now(UTC)).certificate.decode()
    return {name: Authority(name, root) for name in names}


def signed_by(bundle: Bundle, authorities: Sequence[Authority]) -> Bundle:
    """With the signatures of these."""
    for one in authorities:
        bundle = signed(bundle, one.directory)
    return bundle


def first_directory(authorities: dict[str, Authority], threshold: int = 3) -> Bundle:
    """Of all of them, signed by just enough."""
    everybody = list(authorities.values())
    bundle = founded([one.entry for one in everybody], threshold, datetime.now(UTC))
    return signed_by(bundle, everybody[:threshold])


def root_file(folder: Path, bundle: Bundle) -> Path:
    """The file of the first root, as compared on paper."""
    file = folder / "root.json"
    file.write_text(bundle.roots[0])
    return file
