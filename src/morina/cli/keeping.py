"""Commands of how long records are kept."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from morina.cli.asking import records
from morina.cli.options import (
    DEFAULT_SETTINGS,
    TIMES,
    Approval,
    Basis,
    Case,
    Code,
    Home,
    SettingsFile,
    Token,
    Why,
)
from morina.cli.running import do, run_work, settings_of


@records.command("pin")
def records_pin(
    plate: str,
    purpose: Code,
    case: Case,
    basis: Basis,
    reason: Why,
    since: Annotated[datetime, typer.Option(formats=TIMES, help="From when, UTC if not said.")],
    until: Annotated[datetime, typer.Option(formats=TIMES, help="Until when.")],
    read: Annotated[
        list[str] | None, typer.Option(help="Only the read of this id; may be repeated.")
    ] = None,
    review: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When somebody looks again.")
    ] = None,
    approval: Approval = "",
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Keep reads of a plate for a case, beyond their time, with their pictures."""
    loaded = settings_of(settings, home)
    from morina.wiring import retention_commands as commands

    wanted = commands.Pinning(
        plate=plate, since=since, until=until, read_ids=tuple(read or ()), review_at=review,
        approval_id=approval,
    )  # fmt: skip
    run_work(commands.pin(loaded, token, _purpose(purpose, case, basis, reason), wanted))


@records.command("unpin")
def records_unpin(
    purpose: Code,
    case: Case,
    basis: Basis,
    reason: Why,
    plate: Annotated[str, typer.Option(help="Only its reads.")] = "",
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Let the reads of a case go."""
    loaded = settings_of(settings, home)
    from morina.wiring import retention_commands as commands

    run_work(commands.unpin(loaded, token, _purpose(purpose, case, basis, reason), plate))


@records.command("pins")
def records_pins(
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only reviews due by then.")
    ] = None,
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Show the cases that keep reads, the next review first."""
    loaded = settings_of(settings, home)
    from morina.wiring import retention_commands as commands

    run_work(commands.show_pins(loaded, token, until))


@records.command("erase")
def records_erase(
    plate: str,
    purpose: Code,
    case: Case,
    basis: Basis,
    reason: Why,
    reference: Annotated[str, typer.Option(help="Of the request, without the plate.")],
    approval: Approval = "",
    token: Token = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Erase one plate on request, once another person approved; its look-alikes stay.

    Waits until the files are gone.
    """
    loaded = settings_of(settings, home)
    from morina.wiring import retention_commands as commands

    why = _purpose(purpose, case, basis, reason)
    sent: dict[str, object] = {"purpose": why, "plate": plate, "reference": reference}
    run_work(commands.erase(loaded, token, sent | ({"approval_id": approval} if approval else {})))


@records.command("statements")
def records_statements(
    verify: Annotated[bool, typer.Option("--verify", help="Check signatures and chain.")] = False,
    key: Annotated[str, typer.Option(help="The key you wrote down, 64 hex digits.")] = "",
    folder: Annotated[Path | None, typer.Option(help="A copy of the statements.")] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Show what was forgotten and when; needs no running node. Exit code 1: one does not hold."""
    loaded = settings_of(settings, home)
    from morina.wiring import retention_commands as commands

    do(lambda: commands.show_statements(loaded, folder, verify, key))


def _purpose(code: str, case: str, basis: str, why: str) -> dict[str, str]:
    return {"code": code, "case_number": case, "legal_basis": basis, "justification": why}
