"""A real MQTT broker (Mosquitto) on this machine, and who vouches for it."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import aiomqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MOSQUITTO = "/usr/sbin/mosquitto"
USER, PASSWORD = "morina", "an-invented-password"


@dataclass(frozen=True)
class Authority:
    """Vouches for others, by a key of its own; ``folder`` gets files that any user may read."""

    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def file(self) -> Path:
        """Its certificate, PEM."""
        return self._written(f"{self.name}.pem", self._signed(self.name, self.key, ca=True))

    def issue(self, name: str, valid: timedelta = timedelta(days=9)) -> tuple[Path, Path]:
        """Files of a certificate for 127.0.0.1 under that name, and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        secret = key.private_bytes(serialization.Encoding.PEM, form, plain)
        certificate = self._signed(name, key, ca=False, valid=valid)
        return self._written(f"{name}.pem", certificate), self._written(f"{name}.key", secret)

    def _signed(
        self, name: str, key: ec.EllipticCurvePrivateKey, *, ca: bool,
        valid: timedelta = timedelta(days=9),
    ) -> bytes:  # fmt: skip
        until, ours = datetime.now(UTC) + valid, self.key.public_key()
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        vouched = x509.AuthorityKeyIdentifier.from_issuer_public_key(ours)
        use = x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False)
        here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        signed = (
            x509.CertificateBuilder(
                _named(self.name), _named(name), key.public_key(), x509.random_serial_number()
            )
            .not_valid_before(until - timedelta(days=30))
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(use, critical=True)
            .add_extension(own, critical=False)
            .add_extension(vouched, critical=False)
            .add_extension(here, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return signed.public_bytes(serialization.Encoding.PEM)

    def _written(self, name: str, content: bytes) -> Path:
        file = self.folder / name
        file.write_bytes(content)
        file.chmod(0o644)
        return file


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def passwords(folder: Path) -> str:
    """Lines of a configuration that let in one user with a password."""
    file = folder / "passwords"
    made = ["mosquitto_passwd", "-b", "-c", str(file), USER, PASSWORD]
    subprocess.run(made, check=True)
    file.chmod(0o644)
    folder.chmod(0o755)
    return f"password_file {file}\n"


@contextmanager
def mosquitto(folder: Path, port: int, more: str) -> Iterator[None]:
    """A broker on that port of this machine until the body ends."""
    config = folder / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\n{more}user root\npersistence false\n")
    process = subprocess.Popen([MOSQUITTO, "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


async def publish(client: aiomqtt.Client, topic: str, payload: bytes, retain: bool = False) -> None:
    """Publish one message, as soon as the broker answers."""
    while True:
        try:
            async with client as publishing:
                await publishing.publish(topic, payload, qos=1, retain=retain)
                return
        except aiomqtt.MqttError:
            await asyncio.sleep(0.1)
