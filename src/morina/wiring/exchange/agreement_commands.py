"""What ``morina exchange agreement`` does, as whoever sits at the node's console."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from rich.console import Console
from rich.table import Table

from morina.accountability.adapters.postgres_approvals import PostgresApprovals
from morina.accountability.approvals import NoSuchApprovalError, RefusedApprovalError
from morina.exchange import Agreement, Category, Signed
from morina.exchange.agreeing import NoSuchAgreementError, Signing
from morina.exchange.agreement_rules import in_force_of
from morina.settings import Settings
from morina.wiring.exchange.agreement_files import agreement_in
from morina.wiring.exchange.console import AtConsole, node_at_console
from morina.wiring.refused import RefusedError

_LISTINGS = "SELECT count(*) FROM listing WHERE withdrawn_revision IS NULL"


async def draft(settings: Settings, file: Path) -> None:
    """Keep the draft of a file, and say what it would let pass."""
    one = agreement_in(file)
    async with node_at_console(settings) as node:
        await node.agreeing.draft(one, node.officer, _now())
        await _print_preview(node, one)
    print(f"drafted: {one.agreement_id} version {one.version}; nothing was sent")


async def preview(settings: Settings, file: Path | None, agreement_id: UUID | None) -> None:
    """Say who would see what: of a file, or of an agreement here."""
    async with node_at_console(settings) as node:
        if file is not None:
            one = agreement_in(file)
        elif agreement_id is not None:
            one = await _text(node, agreement_id)
        else:
            raise RefusedError("name the id of an agreement, or a file with --file")
        await _print_preview(node, one)


async def sign(settings: Settings, agreement_id: UUID, reason: str, approval: str) -> None:
    """Ask for the approval; with it, sign and post."""
    async with node_at_console(settings) as node:
        one = await _text(node, agreement_id)
        approvals = PostgresApprovals(node.pool, settings.purpose.approval_hours)
        if not approval:
            request = await node.agreeing.to_approve(one, node.officer, reason)
            asked = await approvals.ask(request, _now())
            print("\n".join(await _words(node, one)))
            print(f"another person decides on it at the desk; then: --approval {asked.approval_id}")
            return
        signing = await _signing(approvals, node.officer, approval)
        try:
            signed = await node.agreeing.sign(one, signing)
        except RefusedApprovalError as error:
            raise RefusedError(str(error)) from None
        print(f"signed: {agreement_id} version {one.version}, and on its way to the partner")
        missing = {one.giver, one.receiver} - signed.signatures.keys()
        print(f"{', '.join(missing)} has to sign it" if missing else "both signed it")


async def end(settings: Settings, agreement_id: UUID, reason: str) -> None:
    """End an agreement at once."""
    async with node_at_console(settings) as node:
        signing = Signing(officer=node.officer, reason=reason, approval_id=None, at=_now())
        await node.agreeing.end(agreement_id, signing)
    print(f"ended: {agreement_id}; nothing passes under it from now on, and the partner is told")


async def show_all(settings: Settings) -> None:
    """Every agreement and draft in a table."""
    table = Table("Id", "Version", "From", "To", "About", "Until", "State")
    async with node_at_console(settings) as node:
        for one in await node.agreeing.drafts():
            _add(table, one, "draft")
        for signed in await node.agreeing.agreements.of_this_node():
            _add(table, signed.agreement, await _state(node, signed))
    Console().print(table)


async def show(settings: Settings, agreement_id: UUID, as_json: bool) -> None:
    """One in full; as JSON what is signed, for the directory."""
    async with node_at_console(settings) as node:
        one = await _text(node, agreement_id)
        if as_json:
            print(json.dumps(one.said(), indent=1, ensure_ascii=False))
            return
        for signed in await node.agreeing.agreements.versions(agreement_id):
            print(f"version {signed.agreement.version}: {await _state(node, signed)}")
            for name, officer in sorted(signed.officers.items()):
                print(f"  signed by {name}, officer {officer}")
        await _print_preview(node, one)
        print(f"legal basis: {one.legal_basis}")
        print(f"SHA-256 {one.digest}")


async def _text(node: AtConsole, agreement_id: UUID) -> Agreement:
    """The draft of that id, else the newest version; NoSuchAgreementError."""
    for one in await node.agreeing.drafts():
        if one.agreement_id == agreement_id:
            return one
    found = await node.agreeing.agreements.versions(agreement_id)
    if not found:
        raise NoSuchAgreementError("no agreement or draft has that id")
    return found[0].agreement


async def _signing(approvals: PostgresApprovals, officer: str, approval: str) -> Signing:
    """Under an approval, with the reason it was asked for."""
    try:
        approval_id = UUID(approval)
        reason = (await approvals.approval(approval_id)).request.why.get("reason", "")
    except (ValueError, NoSuchApprovalError):
        raise RefusedError("--approval: no approval has that id") from None
    return Signing(officer=officer, reason=reason, approval_id=approval_id, at=_now())


async def _state(node: AtConsole, newest: Signed) -> str:
    agreement = newest.agreement
    if agreement.ended:
        return "ended"
    agreements = node.agreeing.agreements
    versions = await agreements.versions(agreement.agreement_id)
    in_force = in_force_of(versions, await agreements.keys(), _now())
    if in_force is not None and in_force.version == agreement.version:
        return "in force"
    missing = {agreement.giver, agreement.receiver} - newest.signatures.keys()
    if missing:
        return f"{', '.join(sorted(missing))} has to sign"
    return "over" if agreement.valid_to <= _now() else "not yet, or followed by another"


def _add(table: Table, one: Agreement, state: str) -> None:
    table.add_row(
        str(one.agreement_id), str(one.version), one.giver, one.receiver, one.category,
        f"{one.valid_to:%Y-%m-%d}", state,
    )  # fmt: skip


async def _print_preview(node: AtConsole, one: Agreement) -> None:
    print("\n".join(await _words(node, one)))


async def _words(node: AtConsole, one: Agreement) -> list[str]:
    ours = one.giver == node.ground.node_id and one.category is Category.HOTLIST
    listings = await _listings(node.pool) if ours else None
    return (await node.agreeing.preview(one, listings)).words()


async def _listings(pool: AsyncConnectionPool) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute(_LISTINGS)).fetchone()
    return int(row[0]) if row else 0


def _now() -> datetime:
    return datetime.now(UTC)
