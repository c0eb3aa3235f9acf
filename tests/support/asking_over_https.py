"""Nodes over HTTPS that ask one another, as ``wiring`` builds their questions and follow-ups."""

from contextlib import AsyncExitStack

from exchanging import ExchangeNode
from guards import clearing_of, four_eyes_of, overseer_of
from morina.accountability import Role
from morina.exchange import Kind
from morina.wiring.database import Database
from morina.wiring.exchange.asking import Asking, asking_of
from morina.wiring.exchange.ground import Ground
from morina.wiring.guarding import Guard

MINE = frozenset(kind for kind in Kind if kind.value.partition(".")[0] == "follow_up") | {
    Kind.QUERY, Kind.ANSWER,
}  # fmt: skip
ROLES = {"ian": Role.INVESTIGATOR, "sup": Role.SUPERVISOR}


async def roles_of(name: str) -> frozenset[Role]:
    return frozenset({ROLES[name]}) if name in ROLES else frozenset()


async def began(node: ExchangeNode, stack: AsyncExitStack) -> Asking:
    """The node again, with questions and follow-ups as wiring builds them."""
    pool = Database(node.dsn, open=False, min_size=1, max_size=4)
    await stack.enter_async_context(pool)
    ground = Ground(
        settings=node.settings(), dsn=node.dsn, pool=pool, keys=node.keys, partners=node.known,
        agreements=node.agreed, secret="a secret of the tests",
    )  # fmt: skip
    guard = Guard(
        clearing_of(pool, roles_of=roles_of), four_eyes_of(pool, roles_of), overseer_of(pool)
    )
    made = asking_of(ground, guard)
    await node.stop()
    node.takes = (made.questions, made.answers, made.taken)
    node.took.kinds = [kind for kind in node.took.kinds if kind not in MINE]
    await node.start()
    return made
