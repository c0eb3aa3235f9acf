"""How things stand on this node: what the papers and the controls take as evidence."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from morina.accountability.checkpoints import Checkpoint
from morina.accountability.months import counted_as
from morina.accountability.oversight import Checked
from morina.accountability.policy import Role
from morina.accountability.signing import SignatureError
from morina.desk.services import Services
from morina.records.retention import Retention
from morina.watch import Hotlist

LOOKS_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One moment. ``acts`` counts the trail of the last thirty days as the public counts do;
    ``engines`` is what the health page says; ``accounts`` counts open accounts by role."""

    at: datetime
    engines: Mapping[str, str]
    acts: Mapping[str, int]
    accounts: Mapping[Role, int]
    people: int
    cameras: int
    hotlists: tuple[Hotlist, ...]
    policies: Retention | None
    statements: int
    sealed: Checkpoint | None
    checked: Checked | None
    certificate: str
    cases_pinned: int

    def act(self, name: str) -> int:
        """How often in the last thirty days."""
        return self.acts.get(name, 0)


async def standing_of(services: Services) -> Standing:
    """Look at the node; ConnectionError where an engine does not answer."""
    now, oversight, kept = datetime.now(UTC), services.oversight, services.forgotten
    acts: Counter[str] = Counter()
    sealed, checked = None, None
    if oversight:
        for group in await oversight.overseeing.overseen.groups(now - LOOKS_BACK, None):
            acts[counted_as(group)] += group.entries
        checked = await oversight.chain.checked()
        try:
            sealed = await oversight.chain.sealed()
        except SignatureError:
            sealed = None
    accounts = [one for one in await services.users.all() if one.closed_at is None]
    engines = await services.health.engines()
    cases = await kept.pins.cases() if kept else []
    return Standing(
        at=now, engines=engines, acts=acts, people=len(accounts),
        accounts=Counter(role for one in accounts for role in one.user.roles),
        cameras=len(await services.cameras.cameras()),
        hotlists=tuple(await services.hotlists.hotlists()),
        policies=kept.policies if kept else None,
        statements=len(kept.statements.all()) if kept else 0,
        sealed=sealed, checked=checked, certificate=engines.get("certificate", ""),
        cases_pinned=len(cases),
    )  # fmt: skip
