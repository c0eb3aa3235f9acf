"""A small certificate authority of one's own: keys and certificates as PEM, no I/O.

For an authority without a public key infrastructure. Profile of RFC 5280: the authority signs end
certificates only (path length 0), for names within what it was made for; ECDSA P-256.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
"""Browsers take no longer ones."""
CLIENT_DAYS = 730
LIST_DAYS = 92
"""How long a list of revoked certificates counts; it is written anew with every command."""


class AuthorityError(ValueError):
    """What the authority cannot do; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Authority:
    """What signs."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def opened(cls, pair: Pair, passphrase: bytes = b"") -> Self:
        """The authority of these files; AuthorityError where the passphrase is another."""
        try:
            key = serialization.load_pem_private_key(pair.key, passphrase or None)
        except (TypeError, ValueError):
            raise AuthorityError(
                "the authority's key does not open; give its passphrase with --passphrase-file"
            ) from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise AuthorityError("the authority's key is of another kind; make a new one")
        return cls(x509.load_pem_x509_certificate(pair.certificate), key)

    def server(self, names: Sequence[str], now: datetime) -> Pair:
        """For a node at these host names or IP addresses."""
        alternatives = [_alternative(name) for name in names]
        return self._signed(f"Morina node {names[0]}", alternatives, SERVER_DAYS, now)

    def client(self, kind: str, name: str, now: datetime) -> Pair:
        """For one camera or site, which shows it to whoever asks."""
        alternative = x509.UniformResourceIdentifier(f"urn:morina:{kind}:{name}")
        called = f"Morina {kind} {name}"
        return self._signed(
            called, [alternative], CLIENT_DAYS, now, [ExtendedKeyUsageOID.CLIENT_AUTH]
        )

    def partner(self, node_id: str, names: Sequence[str], now: datetime) -> Pair:
        """For a node in the exchange: shown where its inbox answers and where it calls others, who
        know it by its common name, the node's id. Neither end is a browser."""
        alternatives = [_alternative(name) for name in names]
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        return self._signed(node_id, alternatives, CLIENT_DAYS, now, uses)

    def revoked(self, serials: Iterable[tuple[int, datetime]], now: datetime) -> bytes:
        """The list of revoked certificates (PEM), of serial numbers and when each was revoked."""
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now)
            .next_update(now + timedelta(days=LIST_DAYS))
            .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
        )
        for serial, at in serials:
            one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            made = made.add_revoked_certificate(one.build())
        return made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def _signed(
        self, name: str, alternatives: list[x509.GeneralName], days: int, now: datetime,
        uses: Sequence[x509.ObjectIdentifier] = (ExtendedKeyUsageOID.SERVER_AUTH,),
    ) -> Pair:  # fmt: skip
        key = ec.generate_private_key(ec.SECP256R1())
        until = min(now + timedelta(days=days), self.certificate.not_valid_after_utc)
        made = _begun(name, key, now, until).issuer_name(self.certificate.subject)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        certificate = (
            made.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(issuer, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return Pair(certificate.public_bytes(serialization.Encoding.PEM), _written(key, b""))


def new_authority(name: str, within: Sequence[str], now: datetime, passphrase: bytes = b"") -> Pair:
    """A new authority that may vouch for names ``within`` domains and networks (10.0.0.0/8) only.

    An empty ``within`` is refused: an authority that may vouch for every name could impersonate
    any site to the machines that trust it. With a passphrase the key is encrypted.
    """
    if not within:
        raise AuthorityError(
            "name the domains and networks the authority vouches for, such as --within "
            "border.example --within 10.0.0.0/8"
        )
    key = ec.generate_private_key(ec.SECP256R1())
    made = _begun(name, key, now, now + timedelta(days=AUTHORITY_DAYS))
    certificate = (
        made.issuer_name(_named(name))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(_constraints(within), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Pair(certificate.public_bytes(serialization.Encoding.PEM), _written(key, passphrase))


def _begun(
    name: str, key: ec.EllipticCurvePrivateKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(until)
        .add_extension(identifier, critical=False)
    )


def _named(name: str) -> x509.Name:
    """Words, not a host name: where a certificate has no other, OpenSSL would take it as one."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _constraints(within: Sequence[str]) -> x509.NameConstraints:
    """Permitted names; of a kind of which none is named, none is permitted."""
    networks = [one for one in map(_network, within) if one]
    domains = [one.lstrip(".") for one in within if not _network(one)]
    permitted: list[x509.GeneralName] = [x509.DNSName(one) for one in domains]
    permitted += [x509.IPAddress(one) for one in networks]
    excluded: list[x509.GeneralName] = [] if domains else [x509.DNSName("")]
    for version, everything in ((4, "0.0.0.0/0"), (6, "::/0")):
        if not any(one.version == version for one in networks):
            excluded.append(x509.IPAddress(ip_network(everything)))
    return x509.NameConstraints(permitted or None, excluded or None)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs,
        content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _written(key: ec.EllipticCurvePrivateKey, passphrase: bytes) -> bytes:
    lock = (
        serialization.BestAvailableEncryption(passphrase)
        if passphrase
        else serialization.NoEncryption()
    )
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
