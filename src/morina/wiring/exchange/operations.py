"""Joint operations put together: where items and files are, and what is forgotten."""

from datetime import UTC, datetime

from morina.engines import Home
from morina.exchange.adapters.operations_forgetting import forget_operations
from morina.exchange.adapters.operations_taking import TakesOperations
from morina.exchange.adapters.operations_telling import Ways
from morina.exchange.adapters.postgres_operations import PostgresOperations
from morina.wiring.exchange.ground import Ground
from morina.wiring.pictures import attachments_of

HOUR_S = 3600.0


def ways_of(ground: Ground, home: Home) -> Ways:
    """What operations stand on; EngineError where files cannot be kept."""
    chosen = ground.settings.exchange
    settings = ground.settings.model_copy(update={"home": home.path})
    return Ways(
        node_id=ground.node_id, secret=ground.secret, outbox=ground.outbox,
        agreements=ground.agreements, trail=ground.trail,
        files=attachments_of(settings),
        largest=chosen.attachment_bytes, keep_days=chosen.operation_days,
    )  # fmt: skip


class JointOperations:
    """What a conversation is made of: who takes, what the desk gets, what is done by the clock."""

    def __init__(self, ground: Ground, home: Home) -> None:
        self._pool, self._ways = ground.pool, ways_of(ground, home)
        self.takes = TakesOperations(self._ways)
        self.operations = PostgresOperations(ground.pool, self._ways)

    async def forget(self) -> None:
        """What was kept long enough."""
        while await forget_operations(self._pool, self._ways, datetime.now(UTC)):
            pass
