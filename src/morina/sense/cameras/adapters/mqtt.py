"""Messages of an MQTT broker, as cameras' servers such as Frigate publish them."""

import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt

KEEP_ALIVE_S = 30
LARGEST = 20_000_000
Outage = aiomqtt.MqttError
"""The broker does not answer, refuses, or went away."""

_REMEDIES = {
    "hostname mismatch": "set host to a name its certificate holds",
    "ip address mismatch": "set host to a name its certificate holds",
    "certificate has expired": "its certificate has to be renewed there",
    "certificate_verify_failed": "set ca to the certificate of who vouches for this broker",
    "alert certificate required": "it asks who calls; set certificate and key",
    "alert unknown ca": "set certificate and key to ones this broker vouches for",
    "alert bad certificate": "set certificate and key to ones this broker vouches for",
    "alert certificate expired": "renew the file named as certificate",
    "handshake failure": "it may ask who calls; set certificate and key",
    "wrong_version_number": "set tls to what the broker speaks on this port",
    "reset by peer": "set tls to what the broker speaks on this port",
    "not authorized": "mend user and password, or what the broker lets this user do",
    "bad user name or password": "mend user and password",
}
"""By what OpenSSL and the broker say, in lower case; the first that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttBroker:
    """One broker; ``topics`` (MQTT filters) name the maker whose adapter reads their messages.

    ``ca`` (PEM) vouches for it, else those the machine trusts; ``certificate`` and ``key`` (PEM)
    are shown to a broker that asks who calls.
    ``identifier`` is this node's at the broker, which keeps messages (QoS 1) while it is away.
    """

    host: str
    topics: Mapping[str, str]
    identifier: str
    port: int = 1883
    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    user: str = ""
    password: str = field(default="", repr=False)

    async def messages(self) -> AsyncIterator[tuple[str, str, bytes]]:
        """Maker, topic and payload of every message, until the broker goes: Outage."""
        mishap = _LastMishap()
        try:
            async with self._client(mishap) as client:
                for topic in self.topics:
                    await client.subscribe(topic, qos=1)
                async for message in client.messages:
                    maker = self._maker(message.topic)
                    if maker and isinstance(message.payload, bytes) and not message.retain:
                        yield maker, message.topic.value, message.payload[:LARGEST]
        except Outage as outage:
            raise Outage(f"{outage}{mishap.said}") from None

    def _maker(self, topic: aiomqtt.Topic) -> str:
        fitting = (maker for filter_, maker in self.topics.items() if topic.matches(filter_))
        return next(fitting, "")

    def _client(self, mishap: "_LastMishap") -> aiomqtt.Client:
        library = logging.Logger("mqtt", logging.WARNING)
        library.addHandler(mishap)
        return aiomqtt.Client(
            self.host,
            self.port,
            username=self.user or None,
            password=self.password or None,
            identifier=self.identifier,
            clean_session=False,
            keepalive=KEEP_ALIVE_S,
            logger=library,
            tls_context=self._context() if self.tls else None,
        )

    def _context(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.ca and str(self.ca))
        except OSError as error:
            raise Outage(f"ca {self.ca}: {_why(error)}; name a file with PEM there") from None
        if self.certificate and self.key:
            self._show(context, self.certificate, self.key)
        return context

    def _show(self, context: ssl.SSLContext, certificate: Path, key: Path) -> None:
        try:
            context.load_cert_chain(certificate, key, password=str)  # asks nobody for a password
        except OSError as error:
            raise Outage(
                f"certificate {certificate}, key {key}: {_why(error)}; "
                "name PEM files that belong together, the key without a password"
            ) from None


class _LastMishap(logging.Handler):
    """What the library last logged: why a broker ended a connection stands nowhere else."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep its text."""
        self.said = f" ({record.getMessage()})"


def with_remedy(outage: Exception) -> str:
    """What is wrong with a broker, and what to do where waiting does not help."""
    said = str(outage)
    found = [remedy for sign, remedy in _REMEDIES.items() if sign in said.lower()]
    return "; ".join([said, *found[:1]])


def _why(error: OSError) -> str:
    return error.strerror or str(error)
