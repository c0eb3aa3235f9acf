"""Commands of the directory: this node's keys, and what authorities sign together."""

from pathlib import Path
from typing import Annotated

import typer

from morina.cli.options import DEFAULT_SETTINGS, Home, SettingsFile, Why
from morina.cli.running import do, run_work, settings_of

keys = typer.Typer(
    help="Write this node's entry for the directory; renew its keys.", invoke_without_command=True
)
directory = typer.Typer(
    help="The directory: who the nodes are, signed by most authorities.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="A directory.")]
To = Annotated[Path, typer.Option(help="The file to write.")]
Days = Annotated[int, typer.Option(min=1, max=366, help="How many days it is good.")]


@keys.callback()
def exchange_keys(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="Whose node it is, as partners read it.")] = "",
    to: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    contact: Annotated[str, typer.Option(help="Where the liaison officer is reached.")] = "",
    tls_root: Annotated[
        Path | None, typer.Option(help="The root of its TLS certificate; else certs/ca.pem.")
    ] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Write this node's entry for the directory, and print its fingerprint."""
    if context.invoked_subcommand:
        return
    if not name or to is None:
        raise typer.BadParameter("name the node and the file to write: --name, --to")
    loaded, card = settings_of(settings, home), (name, contact, tls_root)
    from morina.wiring.exchange import directory_commands as commands

    do(lambda: commands.write_keys(loaded, to, commands.Card(*card)))


@keys.command("renew")
def exchange_keys_renew(
    to: To,
    reason: Why,
    signing: Annotated[bool, typer.Option("--signing", help="The signing key only.")] = False,
    sealing: Annotated[bool, typer.Option("--sealing", help="The sealing key only.")] = False,
    stolen: Annotated[
        bool, typer.Option("--stolen", help="What the old key signs from now on counts nowhere.")
    ] = False,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Make new keys beside those in use, and write the entry that names them.

    Both keys, where neither is named. The running node uses them when the directory names them."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import key_commands as commands

    both = signing == sealing
    wanted = commands.Renewal(signing or both, sealing or both, stolen, reason)
    run_work(commands.renew(loaded, to, wanted))


@directory.command("init")
def directory_init(
    entries: Annotated[list[Path], typer.Argument(help="Entries of all nodes.")],
    to: To,
    threshold: Annotated[int, typer.Option(help="How many must sign; a majority.")] = 3,
    days: Days = 30,
) -> None:
    """Write a first directory of these nodes, for their authorities to sign."""
    from morina.wiring.exchange import directory_commands as commands

    do(lambda: commands.found(to, entries, threshold, days))


@directory.command("add")
def directory_add(
    file: File,
    to: To,
    entry: Annotated[
        list[Path] | None, typer.Option(help="Entry of a node that is new or has other keys.")
    ] = None,
    agreement: Annotated[
        list[Path] | None, typer.Option(help="Agreement whose hash is listed (JSON).")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Node that leaves.")] = None,
    days: Days = 30,
) -> None:
    """Write the next version, for the authorities to sign; with nothing new, it lasts longer."""
    from morina.wiring.exchange import directory_commands as commands

    wanted = commands.Wanted(entry or (), agreement or (), remove or (), days)
    do(lambda: commands.add(file, to, wanted))


@directory.command("sign")
def directory_sign(
    file: File,
    key: Annotated[
        Path | None, typer.Option(help="The directory key; else secrets/directory of the home.")
    ] = None,
    other: Annotated[
        list[Path] | None, typer.Option(help="Copy of the file that others signed.")
    ] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Add this authority's signature to the file."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import directory_commands as commands

    do(lambda: commands.sign(loaded, file, key, other or ()))


@directory.command("fingerprint")
def directory_fingerprint(file: File) -> None:
    """Print what is compared on paper or over the telephone."""
    from morina.wiring.exchange import directory_commands as commands

    do(lambda: commands.fingerprint(file))


@directory.command("show")
def directory_show(
    file: Annotated[Path | None, typer.Argument(help="Else the one in force here.")] = None,
    home: Home = None,
    settings: SettingsFile = DEFAULT_SETTINGS,
) -> None:
    """Show a directory: nodes, keys, agreements, and until when it is good."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import directory_commands as commands

    run_work(commands.show(loaded, file))


@directory.command("take")
def directory_take(
    file: File, home: Home = None, settings: SettingsFile = DEFAULT_SETTINGS
) -> None:
    """Put a directory in force here, and tell the other nodes."""
    loaded = settings_of(settings, home)
    from morina.wiring.exchange import directory_commands as commands

    run_work(commands.take(loaded, file))
