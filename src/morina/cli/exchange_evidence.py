"""Commands of evidence: a conversation taken out, and checked anywhere."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from morina.cli.options import DEFAULT_SETTINGS, AsJson, Home, SettingsFile
from morina.cli.running import do, run_work, settings_of

evidence = typer.Typer()


@evidence.command("verify")
def exchange_verify(
    file: Annotated[Path, typer.Argument(help="Evidence of an exchange.")],
    root: Annotated[
        Path | None, typer.Option(help="The directory's first root, as you had it on paper.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check evidence of an exchange; needs no node, no network. Exit code 1: it does not hold."""
    from morina.wiring.exchange import verify_commands

    do(lambda: verify_commands.verify(file, root, as_json))


@evidence.command("evidence")
def exchange_evidence(
    conversation: Annotated[UUID, typer.Argument(help="Its id, as the desk shows it.")],
    to: Annotated[Path, typer.Option(help="A new file.")],
    case: Annotated[str, typer.Option(help="The case number it is taken out for.")],
    reason: Annotated[str, typer.Option(help="Why, and for whom, in a sentence.")],
    partner: Annotated[
        str, typer.Option("--partner", help="With whom, where several take part.")
    ] = "",
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Write the evidence of one conversation to a file. That it was given out is in the trail."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import evidence_commands

    why = {"case_number": case, "justification": reason}
    wanted = evidence_commands.Wanted(conversation, partner)
    run_work(evidence_commands.write_evidence(loaded, wanted, to, why))
