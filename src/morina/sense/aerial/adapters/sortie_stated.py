"""What a person states of a sortie, in PostgreSQL; that they did stands in the trail."""

import hashlib
import json
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from morina.accountability.trail import Act, Deed, Trail, What
from morina.sense.aerial.adapters.sortie_steps import KIND
from morina.sense.aerial.sortie import RefusedSortieError, Sortie, SortieState
from morina.sense.aerial.stated import Stated

_PUT = "UPDATE sortie SET stated = %s WHERE sortie_id = %s"


async def put_down(
    trail: Trail[AsyncConnection], connection: AsyncConnection, sortie: Sortie, stated: Stated,
    by: tuple[str, datetime],
) -> None:  # fmt: skip
    """In the place of what was stated before, of a locked sortie; ``by`` whom and when.
    RefusedSortieError."""
    if sortie.state is SortieState.WORKING:
        raise RefusedSortieError("it is being worked through; wait until it is done")
    if sortie.state is SortieState.CANCELLED:
        raise RefusedSortieError("it is cancelled; plan another flight")
    said = stated.said()
    await connection.execute(_PUT, (Jsonb(said), sortie.sortie_id))
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    what = What(KIND, (str(sortie.sortie_id),), "stated", digest=digest)
    await trail.append(connection, Deed(act=Act.ALTERATION, what=what, who=by[0], at=by[1]))
