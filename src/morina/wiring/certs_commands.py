"""What ``morina certs`` does: an authority's files in the home, keys readable by their owner only.

``certs/ca.pem`` is what others are to trust, ``certs/ca.crl`` what they are to refuse,
``certs/NAME.pem`` and ``secrets/NAME.key`` each pair, ``certs/issued.json`` what was issued.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from rich.console import Console
from rich.table import Table

from morina.engines import Home
from morina.engines.authority import Authority, AuthorityError, Pair, new_authority
from morina.settings import Settings
from morina.wiring.refused import RefusedError
from morina.wiring.tls import SOON

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:-]{0,252}")


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate: ``kind`` is node, exchange, camera or site; times are ISO 8601. Of one for
    the exchange the first name is the node's id, the others are its hosts."""

    kind: str
    names: tuple[str, ...]
    serial: str
    until: str
    revoked_at: str = ""

    @property
    def name(self) -> str:
        """What its files are called."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of ``morina certs`` in one home."""

    home: Home

    def found(self, name: str, within: Sequence[str], passphrase: bytes) -> Path:
        """A new authority; RefusedError where there is one, which others already trust."""
        if self._ca.exists():
            raise RefusedError(f"there is an authority: {self._ca}; everything it signed hangs on "
                               "it, so remove that file by hand to begin anew")  # fmt: skip
        pair = new_authority(name, within, _now(), passphrase)
        self._keep(pair, self._ca, self._ca_key)
        self._write_list(Authority.opened(pair, passphrase), [])
        return self._ca

    def issue(self, kind: str, names: Sequence[str], passphrase: bytes) -> Path:
        """A certificate for these names, or for one camera or site; renewed where there is one."""
        for name in names:
            if not _NAME.fullmatch(name) or name == "ca":
                raise RefusedError(f"{name!r} is no host name, IP address or id")
        authority = self._authority(passphrase)
        if kind == "node":
            pair = authority.server(names, _now())
        elif kind == "exchange":
            pair = authority.partner(names[0], names[1:], _now())
        else:
            pair = authority.client(kind, names[0], _now())
        self._refuse_outside(authority, pair)
        file = self.home.folder("certs") / f"{names[0]}.pem"
        chain = pair.certificate + self._ca.read_bytes()
        self._keep(Pair(chain, pair.key), file, self.key_of(names[0]))
        kept = [one for one in self.issued() if one.name != names[0] or one.revoked_at]
        self._write_list(authority, [*kept, _issued(kind, names, pair)])
        return file

    def renew(self, name: str, passphrase: bytes) -> Path:
        """A fresh key and certificate under the same names; RefusedError where there is none."""
        before = self._counting(name)
        return self.issue(before.kind, before.names, passphrase)

    def revoke(self, name: str, passphrase: bytes) -> None:
        """Put it on the list of those to be refused."""
        gone = self._counting(name)
        now = _now().isoformat()
        left = [replace(one, revoked_at=now) if one == gone else one for one in self.issued()]
        self._write_list(self._authority(passphrase), left)

    def issued(self) -> list[Issued]:
        """All there are, in the order they were issued."""
        file = self._register
        rows = json.loads(file.read_text()) if file.exists() else []
        return [Issued(**row | {"names": tuple(row["names"])}) for row in rows]

    def key_of(self, name: str) -> Path:
        """Where the key of a certificate is."""
        return self.home.folder("secrets") / f"{name}.key"

    def _counting(self, name: str) -> Issued:
        for one in self.issued():
            if one.name == name and not one.revoked_at:
                return one
        raise RefusedError(f"no certificate of {name}; morina certs list shows those there are")

    def _authority(self, passphrase: bytes) -> Authority:
        if not self._ca.exists():
            raise RefusedError("this home has no authority; make one with: morina certs ca")
        pair = Pair(self._ca.read_bytes(), self._ca_key.read_bytes())
        return Authority.opened(pair, passphrase)

    def _refuse_outside(self, authority: Authority, pair: Pair) -> None:
        """RefusedError for names the authority may not vouch for: nobody would accept them."""
        made = x509.load_pem_x509_certificate(pair.certificate)
        names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        limits = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
        for name in names:
            if not _is_within(name, limits.value.permitted_subtrees or []):
                raise RefusedError(
                    f"{name.value} is outside what this authority vouches for (--within of "
                    "morina certs ca); choose another name or make another authority"
                )

    def _keep(self, pair: Pair, certificate: Path, key: Path) -> None:
        self.home.write_private(key, pair.key.decode())
        self.home.write_private(certificate, pair.certificate.decode())
        certificate.chmod(0o644)

    def _write_list(self, authority: Authority, issued: Sequence[Issued]) -> None:
        gone = [one for one in issued if one.revoked_at]
        serials = [(int(one.serial, 16), datetime.fromisoformat(one.revoked_at)) for one in gone]
        rows = json.dumps([asdict(one) for one in issued], indent=1)
        self.home.write_private(self._register, rows)
        crl = self._ca.with_suffix(".crl")
        self.home.write_private(crl, authority.revoked(serials, _now()).decode())
        crl.chmod(0o644)

    @property
    def _ca(self) -> Path:
        return self.home.folder("certs") / "ca.pem"

    @property
    def _ca_key(self) -> Path:
        return self.home.folder("secrets") / "ca.key"

    @property
    def _register(self) -> Path:
        return self.home.folder("certs") / "issued.json"


def certificates_of(settings: Settings) -> Certificates:
    """Those of the settings' home, made when missing; a node may be running on it."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return Certificates(Home(settings.home.resolve()))


def run_certs(settings: Settings, work: Callable[[Certificates], None]) -> None:
    """Do it on the home's certificates, its refusals as those of every command."""
    try:
        work(certificates_of(settings))
    except (AuthorityError, OSError) as error:
        raise RefusedError(str(error)) from None


def passphrase_of(file: Path | None) -> bytes:
    """What is in the file; never an argument, which every process of the machine can see."""
    if file is None:
        return b""
    try:
        if file.stat().st_mode & 0o077:
            raise RefusedError(f"{file}: others may read it; keep it to yourself: chmod 600 {file}")
        return file.read_bytes().strip()
    except OSError as error:
        raise RefusedError(f"{file}: {error.strerror}; name the passphrase's file") from None


def told(kept: Certificates, file: Path) -> None:
    """Print where a certificate is, and its SHA-256, by which the desk knows a camera's."""
    first = x509.load_pem_x509_certificate(file.read_bytes())
    fingerprint = hashlib.sha256(first.public_bytes(serialization.Encoding.DER)).hexdigest()
    print(f"certificate: {file}")
    print(f"key:         {kept.key_of(file.stem)}")
    print(f"sha256:      {fingerprint}")
    print(f"until:       {first.not_valid_after_utc:%Y-%m-%d}")


def show_certificates(kept: Certificates) -> None:
    """Print them as a table; RefusedError where one ends soon, so that the status tells."""
    table = Table("Kind", "Names", "Until", "State")
    due = []
    for one in kept.issued():
        left = datetime.fromisoformat(one.until) - _now()
        ends = not one.revoked_at and left < SOON
        due += [one.name] if ends else []
        state = "revoked" if one.revoked_at else f"ends in {left.days} days" if ends else "counts"
        table.add_row(one.kind, ", ".join(one.names), one.until[:10], state)
    Console().print(table)
    if due:
        raise RefusedError(f"renew soon: {', '.join(due)}; morina certs renew NAME")


def _is_within(name: x509.GeneralName, permitted: Sequence[x509.GeneralName]) -> bool:
    if isinstance(name, x509.DNSName):
        domains = [one.value for one in permitted if isinstance(one, x509.DNSName)]
        return any(name.value == one or name.value.endswith(f".{one}") for one in domains)
    if isinstance(name, x509.IPAddress):
        networks = [one.value for one in permitted if isinstance(one, x509.IPAddress)]
        return any(name.value in one for one in networks)  # type: ignore[operator]  # networks hold addresses
    return True


def _issued(kind: str, names: Sequence[str], pair: Pair) -> Issued:
    made = x509.load_pem_x509_certificate(pair.certificate)
    until = made.not_valid_after_utc.isoformat()
    return Issued(kind, tuple(names), f"{made.serial_number:x}", until)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
