"""Messages of an MQTT broker, as cameras' servers such as Frigate publish them."""

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
    "ostname mismatch": "set host to a name its certificate holds",
    "IP address mismatch": "set host to a name its certificate holds",
    "has expired": "its certificate has to be renewed there",
    "CERTIFICATE_VERIFY_FAILED": "set ca to the certificate of who vouches for this broker",
    "WRONG_VERSION_NUMBER": "it does not speak TLS on this port; mend port, or set tls = false",
    "ertificate required": "it asks who calls; set certificate and key",
    "alert": "it refuses our certificate; set certificate and key to what it vouches for",
    "ot authorized": "mend user and password, or what it lets this user do",
    "ad user name or password": "mend user and password",
}
"""By what OpenSSL and the broker say; the first that fits."""


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
        async with self._client() as client:
            for topic in self.topics:
                await client.subscribe(topic, qos=1)
            async for message in client.messages:
                maker = self._maker(message.topic)
                if maker and isinstance(message.payload, bytes) and not message.retain:
                    yield maker, message.topic.value, message.payload[:LARGEST]

    def _maker(self, topic: aiomqtt.Topic) -> str:
        fitting = (maker for filter_, maker in self.topics.items() if topic.matches(filter_))
        return next(fitting, "")

    def _client(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            self.host,
            self.port,
            username=self.user or None,
            password=self.password or None,
            identifier=self.identifier,
            clean_session=False,
            keepalive=KEEP_ALIVE_S,
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


def with_remedy(outage: Exception) -> str:
    """What is wrong with a broker, and what to do where waiting does not help."""
    said = str(outage)
    found = (remedy for sign, remedy in _REMEDIES.items() if sign in said)
    return "; ".join([said, *list(found)[:1]])


def _why(error: OSError) -> str:
    return error.strerror or str(error)
