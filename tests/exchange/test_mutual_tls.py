"""Certificates of the exchange: one name for both ends, below the root of its own party only."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from exchanging import new_certificates, write_certificate
from morina.accountability.signing import Signer
from morina.engines.authority import Authority
from morina.exchange import Party
from morina.exchange.adapters.mutual_tls import WrongCertificateError, node_of

NOW = datetime.now(UTC)


def _party(name: str, authority: Authority) -> Party:
    return Party(
        node_id=name, name=name, address="", sealing="00" * 32,
        signing=Signer(Ed25519PrivateKey.generate()).public,
        tls_root=authority.certificate.public_bytes(Encoding.PEM).decode(),
    )  # fmt: skip


def _der(authority: Authority, name: str) -> bytes:
    pair = authority.partner(name, ["127.0.0.1"], NOW)
    return x509.load_pem_x509_certificate(pair.certificate).public_bytes(Encoding.DER)


def test_each_is_known_by_its_own_root_alone() -> None:
    al, gb = new_certificates("AL"), new_certificates("GB")
    parties = [_party("AL", al), _party("GB-COAST", gb)]
    assert node_of(_der(al, "AL"), parties) == "AL"
    assert node_of(_der(gb, "GB-COAST"), parties) == "GB-COAST"
    for authority, name in ((al, "GB-COAST"), (gb, "AL"), (al, "DE")):
        with pytest.raises(WrongCertificateError):
            node_of(_der(authority, name), parties)


@pytest.mark.parametrize("purpose", ["sslclient", "sslserver"])
@pytest.mark.parametrize("name", ["AL", "GB-COAST"])
def test_openssl_takes_it_at_both_ends(tmp_path: Path, name: str, purpose: str) -> None:
    authority = new_certificates(name)
    own = write_certificate(authority.partner(name, ["127.0.0.1"], NOW), tmp_path)
    root = tmp_path / "root.pem"
    root.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    checked = subprocess.run(
        ["openssl", "verify", "-purpose", purpose, "-CAfile", str(root), str(own.chain)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
