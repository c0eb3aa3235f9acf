"""What waits in the node's streams, as the desk asks."""

from datetime import UTC, datetime
from uuid import uuid4

from morina.sense import Capture
from morina.sense.adapters.nats import NatsHandOver
from morina.wiring.health import StreamQueues


async def test_the_captures_of_each_camera_are_told_until_nobody_can_tell(nats_url: str) -> None:
    stream = await NatsHandOver.connect(nats_url, prefix=f"T{uuid4().hex}")
    now, queues = datetime.now(UTC), StreamQueues(stream)
    assert await queues.of_cameras() == {}
    capture = Capture(
        capture_id=uuid4(), camera_id="north-1", captured_at=now, received_at=now, image="0" * 64
    )
    await stream.hand_over(capture)
    assert await queues.of_cameras() == {"north-1": 1}
    await stream.close()
    assert await queues.of_cameras() is None
