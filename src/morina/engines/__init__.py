"""The engines of a node: started, watched, restarted and stopped with it."""

from morina.engines.home import EngineError, Home
from morina.engines.nats import Hub, Leaf, LeafListener, NodeNats, nats_server, site_nats_server
from morina.engines.postgres import postgres_server
from morina.engines.supervisor import Engine, Supervisor, worker

__all__ = [
    "Engine",
    "EngineError",
    "Home",
    "Hub",
    "Leaf",
    "LeafListener",
    "NodeNats",
    "Supervisor",
    "nats_server",
    "postgres_server",
    "site_nats_server",
    "worker",
]
