"""A timestamp authority on this machine: OpenSSL's own ``ts`` command behind one HTTP route."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_SETTINGS = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
"""


@dataclass
class Timestamps:
    """Where it answers, its root, and whether it does."""

    url: str
    root: Path
    answers: bool = True
    given: int = 0


@contextmanager
def timestamps(folder: Path) -> Iterator[Timestamps]:
    """It answers while the body runs."""
    _make(folder)
    made = Timestamps("", folder / "root.pem")

    class Route(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = folder / "query.tsq"
            query.write_bytes(self.rfile.read(int(self.headers["content-length"])))
            answer = _answer(folder, query) if made.answers else b""
            made.given += made.answers
            self.send_response(200 if made.answers else 503)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Route) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


def _answer(folder: Path, query: Path) -> bytes:
    settings = str(folder / "tsa.cnf")
    return subprocess.run(
        ["openssl", "ts", "-reply", "-queryfile", str(query), "-config", settings],
        capture_output=True, check=True,
    ).stdout  # fmt: skip


def _make(folder: Path) -> None:
    """A root, a certificate below it that may only stamp, and the command's settings."""
    folder.mkdir()
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    root = _certificate("Root of timestamps", root_key, None)
    stamps = _certificate("Timestamps of the tests", key, (root, root_key))
    for name, one in (("root", root), ("tsa", stamps)):
        (folder / f"{name}.pem").write_bytes(one.public_bytes(serialization.Encoding.PEM))
    (folder / "tsa.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_SETTINGS.format(folder=folder))


def _certificate(
    name: str, key: rsa.RSAPrivateKey, by: tuple[x509.Certificate, rsa.RSAPrivateKey] | None
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signs = by is None
    usage = x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs,
        content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by[0].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=3))
        .add_extension(x509.BasicConstraints(ca=signs, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if by:
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(stamping, critical=True)
    return made.sign(by[1] if by else key, hashes.SHA256())
