"""What every conversation with partners stands on: keys, directory, agreements, outbox, trail."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.signing import Signer
from morina.accountability.trail import Trail
from morina.engines import Home
from morina.exchange.adapters.postgres_judge import Judge
from morina.exchange.adapters.postgres_outbox import PostgresOutbox
from morina.exchange.adapters.tuf_directory import TufDirectory
from morina.exchange.agreement import Agreements
from morina.exchange.parties import Partners, node_name
from morina.exchange.pseudonyms import pseudonym
from morina.exchange.sealing import Keys
from morina.settings import Settings
from morina.wiring.exchange.own_keys import SEALING, SIGNING

PSEUDONYMS_SECRET = "pseudonyms"  # noqa: S105 - the name of one


Troubles = Callable[[datetime], Awaitable[Sequence[str]]]
"""What somebody should see to at a time, a sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """``pool`` is for transactions of messages; partners and agreements have one of their own, or
    transactions that hold a connection would wait for one another's second."""

    settings: Settings
    dsn: str = field(repr=False)
    pool: AsyncConnectionPool
    keys: Keys
    partners: Partners
    agreements: Agreements
    secret: str = field(repr=False)
    troubles: Troubles | None = None
    """Those of the directory."""

    trail: Trail[AsyncConnection] = field(default_factory=PostgresTrail)

    @property
    def node_id(self) -> str:
        """This node, as partners know it."""
        return self.keys.node_id

    @property
    def judge(self) -> Judge:
        """Asks the agreements."""
        return Judge(self.agreements)

    @property
    def outbox(self) -> PostgresOutbox:
        """Where messages go out."""
        chosen = self.settings.exchange
        return PostgresOutbox(
            self.keys, self.partners, self.judge, self.trail, chosen.log_days, chosen.message_bytes
        )

    def as_known(self, officer: str) -> str:
        """The pseudonym partners know a user of this node by."""
        return pseudonym(self.secret, self.node_id, officer)


def directory_of(settings: Settings, pool: AsyncConnectionPool) -> TufDirectory:
    """The directory this node goes by."""
    chosen = settings.exchange
    return TufDirectory(
        pool, chosen.directory, PostgresTrail(), timedelta(days=chosen.directory_grace_days)
    )


def keys_of(settings: Settings, home: Home) -> Keys:
    """This node's keys in the exchange; SignatureError, UnknownNodeError."""
    node_id = node_name(settings.exchange.node_id)

    def read() -> Keys:
        signing, sealing = SIGNING.held(home), SEALING.held(home)
        made = Keys.of(node_id, signing[-1], sealing[-1], tuple(sealing[:-1]))
        return replace(made, others=tuple(map(Signer.of, signing[:-1])), again=read)

    return read()
