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


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttBroker:
    """One broker; ``topics`` (MQTT filters) name the maker whose adapter reads their messages.

    ``identifier`` is this node's at the broker, which keeps messages (QoS 1) while it is away.
    """

    host: str
    topics: Mapping[str, str]
    identifier: str
    port: int = 1883
    tls: bool = False
    ca: Path | None = None
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
        context = ssl.create_default_context(cafile=self.ca and str(self.ca)) if self.tls else None
        return aiomqtt.Client(
            self.host,
            self.port,
            username=self.user or None,
            password=self.password or None,
            identifier=self.identifier,
            clean_session=False,
            keepalive=KEEP_ALIVE_S,
            tls_context=context,
        )
