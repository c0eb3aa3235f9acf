"""What the desk is given of a running exchange besides its roles."""

from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from morina.desk.exchange import Evidence
from morina.wiring.exchange.evidence_commands import Wanted, evidence_of
from morina.wiring.refused import RefusedError


def giving_evidence(pool: AsyncConnectionPool, node_id: str) -> Evidence:
    """Makes the file ``morina exchange evidence`` makes; the desk enters that it is given out."""

    async def evidence(conversation: UUID, partner: str) -> bytes:
        async with pool.connection() as connection:
            try:
                made, _ = await evidence_of(connection, node_id, Wanted(conversation, partner))
            except RefusedError as error:
                raise LookupError(str(error)) from None
        return made.text().encode()

    return evidence
