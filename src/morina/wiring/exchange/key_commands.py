"""What ``morina exchange keys renew`` does: new keys beside the old ones, and their entry."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from morina.accountability.adapters.postgres_trail import PostgresTrail
from morina.accountability.trail import Act, Deed, What
from morina.engines import Home
from morina.exchange.entries import LONGEST_OVERLAP, Entry, OldKey
from morina.exchange.sealing import Keys
from morina.settings import Settings
from morina.wiring.exchange.console import AtConsole, node_at_console
from morina.wiring.exchange.ground import keys_of
from morina.wiring.exchange.own_keys import SEALING, SIGNING
from morina.wiring.refused import RefusedError


class Renewal(NamedTuple):
    """Which keys, why, and whether somebody else may have the old ones."""

    signing: bool
    sealing: bool
    stolen: bool
    reason: str


async def renew(settings: Settings, to: Path, wanted: Renewal) -> None:
    """Make what is wanted and write the entry. Asked again before the directory names the new
    keys, it makes no others and writes the entry again."""
    home = Home(settings.home.resolve())
    async with node_at_console(settings) as node:
        listed = await _listed(node)
        fresh = _made(settings, home, listed, wanted)
        await _enter(node, fresh, wanted)
    entry = entry_with(listed, fresh, wanted.stolen, datetime.now(UTC))
    try:
        to.write_text(entry.text())
    except OSError as error:
        raise RefusedError(f"{to} cannot be written: {error.strerror}") from None
    print(f"{to}: have the next directory made with it; it holds no secret")
    print(f"keys {entry.party.fingerprint}, entry {entry.fingerprint}: read both to every partner")
    print("the old keys are used until that directory is in force here; nothing has to be stopped")


def entry_with(listed: Entry, fresh: Keys, is_stolen: bool, now: datetime) -> Entry:
    """The node's entry with its new keys. What the old one signs meanwhile counts, for the next
    directory takes days; not where it was stolen."""
    party = replace(listed.party, signing=fresh.signer.public, sealing=fresh.sealing)
    old = listed.old
    if party.signing != listed.party.signing:
        until = now if is_stolen else now + LONGEST_OVERLAP
        old = (OldKey(listed.party.signing, until), *old)
    return replace(listed, party=replace(party, old_keys=tuple(one.key for one in old)), old=old)


async def _listed(node: AtConsole) -> Entry:
    directory = await node.directory.directory()
    if directory is None or node.ground.node_id not in directory.entries:
        raise RefusedError(
            "no directory in force names this node; write its entry with: morina exchange keys"
        )
    return directory.entries[node.ground.node_id]


def _made(settings: Settings, home: Home, listed: Entry, wanted: Renewal) -> Keys:
    held = keys_of(settings, home)
    if wanted.signing and held.signer.public == listed.party.signing:
        SIGNING.add(home)
    if wanted.sealing and held.sealing == listed.party.sealing:
        SEALING.add(home)
    return keys_of(settings, home)


async def _enter(node: AtConsole, fresh: Keys, wanted: Renewal) -> None:
    named = (fresh.signer.public.text, fresh.sealing)
    why = {"reason": wanted.reason, "stolen": "yes" if wanted.stolen else "no"}
    deed = Deed(
        act=Act.CONFIGURATION, what=What("keys", named, "renewed"), who=node.officer, why=why,
        at=datetime.now(UTC),
    )  # fmt: skip
    async with node.pool.connection() as connection:
        await PostgresTrail().append(connection, deed)
