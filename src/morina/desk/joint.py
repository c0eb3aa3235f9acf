"""Joint operations as the desk reaches them."""

from morina.desk.problems import ProblemError
from morina.desk.services import Services
from morina.exchange.operations import Operations


def operations_of(services: Services) -> Operations:
    """The node's joint operations; ProblemError (404) where it exchanges with nobody."""
    found = services.exchange.operations if services.exchange else None
    if found is None:
        raise ProblemError(
            404, "this node shares no operations with partners", place="node",
            mend="set exchange.node_id (docs/exchange-operations.md)",
        )  # fmt: skip
    return found
