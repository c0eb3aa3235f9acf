"""The desk over TLS: its certificate checked before anything starts, taken anew when replaced."""

import asyncio
import logging
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from morina.engines import EngineError
from morina.settings import Settings
from morina.wiring.starting import is_loopback

log = logging.getLogger(__name__)

LOOK_EVERY_S = 30.0
SOON = timedelta(days=30)


@dataclass(slots=True)
class DeskTls:
    """The certificate the desk shows. TLS 1.2 is the oldest spoken."""

    certificate: Path
    key: Path
    context: ssl.SSLContext = field(repr=False)
    _taken: tuple[float, float] = (0.0, 0.0)

    def take(self) -> None:
        """Show what is in the files now; OSError, ssl.SSLError and the old one is still shown."""
        self.context.load_cert_chain(self.certificate, self.key)
        self._taken = self._written()

    async def follow(self) -> None:
        """For ever: a renewed certificate is taken within half a minute, without a restart."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                if self._written() != self._taken:
                    await asyncio.to_thread(self.take)
            except (OSError, ssl.SSLError) as error:
                log.warning("the desk's new certificate cannot be taken (%s)", error)

    def _written(self) -> tuple[float, float]:
        return self.certificate.stat().st_mtime, self.key.stat().st_mtime


def desk_tls(settings: Settings) -> DeskTls | None:
    """None where the desk has no certificate; EngineError where it cannot be shown."""
    certificate, key = settings.desk.certificate, settings.desk.key
    if certificate is None or key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    tls = DeskTls(certificate, key, context)
    try:
        if key.stat().st_mode & 0o077:
            raise EngineError(f"desk.key: others may read {key}; keep it: chmod 600 {key}")
        tls.take()
        until = valid_until(certificate)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise EngineError(
            f"desk.certificate and desk.key cannot be used ({error}); name a PEM chain and the "
            "key of its first certificate (morina certs node makes both)"
        ) from None
    if until <= datetime.now(UTC):
        raise EngineError(
            f"desk.certificate ended on {until:%Y-%m-%d}; renew it: morina certs renew"
        )
    return tls


def valid_until(certificate: Path) -> datetime:
    """When the first certificate of the file ends; OSError, ValueError."""
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc


def state_of(settings: Settings, now: datetime) -> str:
    """``up``, or what is to be done about the desk's certificate; "" where it has none."""
    if settings.desk.certificate is None:
        return ""
    try:
        left = valid_until(settings.desk.certificate) - now
    except (OSError, ValueError):
        return "cannot be read; look at desk.certificate"
    if left > SOON:
        return "up"
    return f"ends in {max(left.days, 0)} days; renew it: morina certs renew"


def desk_url(settings: Settings) -> str:
    """Where commands on this machine reach the desk."""
    host = settings.desk.host
    if not is_loopback(host):
        host = "::1" if ":" in host else "127.0.0.1"
    named = f"[{host}]" if ":" in host else host
    scheme = "https" if settings.desk.certificate else "http"
    return f"{scheme}://{named}:{settings.desk.port}"


def client_context(certificate: str) -> ssl.SSLContext | bool:
    """How a command on this machine knows its node: by the very certificate it shows.

    ``certificate`` is the path a running node wrote down, "" where it speaks plain HTTP. The name
    is not compared: the address is this machine's own.
    """
    if not certificate:
        return True
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
