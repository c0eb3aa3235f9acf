"""TLS between nodes: each shows its certificate, and knows the other's by the root the directory
names for it. No online service is asked; TLS 1.2 is the oldest spoken.
"""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from morina.exchange.parties import Party


class WrongCertificateError(Exception):
    """The certificate a peer shows is not one of the node it names."""


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """What this node shows to partners: a PEM chain and its key."""

    chain: Path
    key: Path

    def context(self, protocol: int) -> ssl.SSLContext:
        """A context that shows it; OSError (ssl.SSLError is one) where it cannot be used."""
        made = ssl.SSLContext(protocol)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.load_cert_chain(self.chain, self.key)
        return made


def inbox_context(own: OwnCertificate, parties: Iterable[Party]) -> ssl.SSLContext:
    """For the inbox: asks every caller for a certificate from the root of one of ``parties``."""
    context = own.context(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    for party in parties:
        if party.tls_root:
            context.load_verify_locations(cadata=party.tls_root)
    return context


def partner_context(own: OwnCertificate, partner: Party) -> ssl.SSLContext:
    """For calling one partner: its own root and no other, its host's name compared."""
    context = own.context(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=partner.tls_root)
    return context


def node_of(certificate: bytes, parties: Iterable[Party]) -> str:
    """Whose certificate (DER) it is, by its common name, signed by the root of just that party.

    The context has verified it against all roots; here one partner's root cannot vouch for
    another partner's name. WrongCertificateError.
    """
    shown = x509.load_der_x509_certificate(certificate)
    names = [str(one.value) for one in shown.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    for party in parties:
        if names == [party.node_id] and party.tls_root:
            _check_issued(shown, party)
            return party.node_id
    raise WrongCertificateError(
        f"a certificate of {names!r} names no node of the directory; have one made for the"
        " exchange: morina certs exchange"
    )


def _check_issued(shown: x509.Certificate, party: Party) -> None:
    now = datetime.now(UTC)
    for root in x509.load_pem_x509_certificates(party.tls_root.encode()):
        try:
            shown.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature):
            continue
        if root.not_valid_before_utc <= now < root.not_valid_after_utc:
            return
    raise WrongCertificateError(
        f"a certificate that names {party.node_id} comes from another root than the directory has"
        f" for {party.node_id}"
    )
