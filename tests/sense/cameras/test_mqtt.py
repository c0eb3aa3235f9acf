"""A real broker: what is published becomes a read, also while nobody listened."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiomqtt
import pytest
from psycopg_pool import AsyncConnectionPool
from tests.desk.api.conftest import Intake

import brokers
from brokers import PASSWORD, USER, mosquitto, passwords
from captured import PAYLOADS
from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.records.adapters.obstore import ObstoreImages
from morina.sense.cameras import Camera
from morina.sense.cameras.adapters.mqtt import MqttBroker
from morina.sense.cameras.adapters.postgres import PostgresCameras
from morina.sense.cameras.adapters.postgres_pending import PostgresPending
from morina.sense.cameras.adapters.postgres_pushing import PostgresPushing
from morina.sense.cameras.arrivals import Arrivals
from morina.sense.cameras.pushing import PushingCamera
from morina.sense.cameras.receiving import Receiving
from morina.wiring.decoding import MAKERS
from morina.wiring.pushing import Ways
from running import free_port

TOPIC = "frigate/tracked_object_update"
PATIENCE_S = 120


@pytest.fixture
def broker_port(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    with mosquitto(tmp_path, port, passwords(tmp_path)):
        yield port


@pytest.fixture
async def receiving(pool: AsyncConnectionPool, tmp_path: Path) -> AsyncIterator[Receiving]:
    intake = Intake()
    images = ObstoreImages.at("", tmp_path / "images")
    arrivals = Arrivals(intake, images, PostgresPending(pool), wait_s=0.0)  # type: ignore[arg-type]  # takes
    cameras = PostgresPushing(pool, "k" * 32, PostgresTrail())
    camera = Camera(camera_id="gate-1", name="Gate", site="North", latitude=42.1, longitude=20.4)
    await PostgresCameras(pool, PostgresTrail()).put(camera)
    payload = PAYLOADS / "frigate" / "frigate_tracked_object_update_lpr.json"
    (said,) = MAKERS["frigate"].decode(payload.read_bytes(), {"topic": TOPIC}, PushingCamera(
        camera_id="gate-1", maker="frigate").setup)  # fmt: skip
    await cameras.put(
        PushingCamera(camera_id="gate-1", maker="frigate", device_keys=said.camera_key)
    )
    yield Receiving(MAKERS, cameras, arrivals)


async def publish(port: int, payload: bytes, retain: bool = False) -> None:
    client = aiomqtt.Client("127.0.0.1", port, username=USER, password=PASSWORD)
    await brokers.publish(client, TOPIC, payload, retain)


async def test_what_a_broker_brings_becomes_reads(broker_port: int, receiving: Receiving) -> None:
    payload = (PAYLOADS / "frigate" / "frigate_tracked_object_update_lpr.json").read_bytes()
    broker = MqttBroker(
        host="127.0.0.1",
        port=broker_port,
        user=USER,
        password=PASSWORD,
        topics={TOPIC: "frigate"},
        identifier="morina-test",
    )
    await publish(broker_port, payload, retain=True)
    intake = receiving.arrivals.stream
    assert isinstance(intake, Intake)

    async def listened_until(known: int) -> None:
        following = asyncio.create_task(Ways(receiving).broker(broker))
        try:
            async with asyncio.timeout(PATIENCE_S):
                while len(intake.reads) < known:
                    await publish(broker_port, b"{") if known == 1 else None
                    await publish(broker_port, payload) if known == 1 else None
                    await asyncio.sleep(0.1)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    await listened_until(1)
    (read,) = intake.reads
    assert read.camera_id == "gate-1"
    assert read.said is not None and read.said.by == "frigate"
    another = payload.replace(b'"id": "', b'"id": "another-')
    assert another != payload
    await publish(broker_port, another)
    await listened_until(2)
    assert intake.reads[1].read_id != read.read_id
